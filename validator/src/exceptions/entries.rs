//! Entries for `dr.hcl` from the findings of a report, written into its text with all formatting kept.

use std::collections::{BTreeMap, BTreeSet};

use hcl::edit::structure::{Block, Body, Structure};
use serde::Deserialize;

use crate::mirror::without_own_key;
use crate::settings::Accept;
use crate::world::quoted;

/// What is read of a report.
#[derive(Debug, Deserialize)]
pub(crate) struct SavedReport {
    pub(crate) format_version: Option<String>,
    #[serde(default)]
    pub(crate) findings: Vec<SavedFinding>,
}

/// What is read of a finding.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct SavedFinding {
    pub(crate) rule: String,
    #[serde(default)]
    pub(crate) family: String,
    pub(crate) fingerprint: String,
    #[serde(default)]
    pub(crate) primary: SavedSide,
    #[serde(default)]
    pub(crate) secondary: SavedSide,
    #[serde(default)]
    pub(crate) members: Vec<SavedMember>,
    #[serde(default)]
    pub(crate) accepted: Option<SavedAccepted>,
    #[serde(default)]
    pub(crate) consequences: Vec<SavedConsequence>,
}

/// Something that follows from a finding.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct SavedConsequence {
    pub(crate) rule: String,
    pub(crate) fingerprint: String,
}

/// Which entry accepts a finding already.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct SavedAccepted {
    pub(crate) by: String,
}

/// One of several findings that were joined.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct SavedMember {
    primary: SavedSide,
    secondary: SavedSide,
}

/// What is read of a side.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct SavedSide {
    #[serde(default)]
    address: Option<String>,
    #[serde(default)]
    path: String,
    #[serde(default)]
    value: Option<String>,
    #[serde(default)]
    digest: Option<String>,
    #[serde(default)]
    sealed: bool,
}

impl SavedSide {
    /// What an entry names of the value.
    fn bound(&self) -> Option<String> {
        self.digest
            .clone()
            .or_else(|| self.value.as_deref().map(unquoted))
    }
}

/// Text without the quotes that it is shown in, where nothing in it is escaped.
pub(super) fn unquoted(value: &str) -> String {
    value
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .filter(|text| !text.contains(['\\', '"']))
        .unwrap_or(value)
        .to_owned()
}

/// Who answers, why and until when.
#[derive(Clone, Debug)]
pub(crate) struct Decision {
    pub(crate) owner: String,
    pub(crate) reason: String,
    pub(crate) expires: String,
}

/// What instances must have in common to share an entry: attribute and values.
type Same = (String, (Option<String>, Option<String>));

/// Entries that accept a finding: one where all its instances have the same values, else one for each value.
///
/// # Errors
/// When it has a value that no entry can name.
pub(crate) fn entries(finding: &SavedFinding, decision: &Decision) -> Result<Vec<Accept>, String> {
    let mut sides = vec![(&finding.primary, &finding.secondary)];
    if !finding.members.is_empty() {
        sides = finding
            .members
            .iter()
            .map(|member| (&member.primary, &member.secondary))
            .collect();
    }
    if sides.iter().any(|(one, other)| one.sealed || other.sealed) {
        return Err(format!(
            "{}: the value is sensitive; make the report with --digest-key FILE, and keep the key",
            finding.rule
        ));
    }
    let mut made: BTreeMap<Same, Vec<Accept>> = BTreeMap::new();
    for (primary, secondary) in sides {
        let path = if primary.path.is_empty() {
            &secondary.path
        } else {
            &primary.path
        };
        let Some(pair) = primary.address.as_ref().or(secondary.address.as_ref()) else {
            return Err(format!("{}: the finding names no instance", finding.rule));
        };
        let values = (primary.bound(), secondary.bound());
        made.entry((path.clone(), values.clone()))
            .or_default()
            .push(Accept {
                name: "".into(),
                rule: finding.rule.as_str().into(),
                pair: pair.as_str().into(),
                attribute: (!path.is_empty()).then(|| path.as_str().into()),
                primary_value: values.0.map(Into::into),
                secondary_value: values.1.map(Into::into),
                owner: decision.owner.as_str().into(),
                reason: decision.reason.as_str().into(),
                expires: decision.expires.as_str().into(),
                place: None,
            });
    }
    let one = |mut alike: Vec<Accept>| {
        let several = alike.len() > 1;
        alike.truncate(1);
        for accept in alike.iter_mut().filter(|_| several) {
            accept.pair = without_own_key(&accept.pair).into();
        }
        alike
    };
    Ok(made.into_values().flat_map(one).collect())
}

/// Adds entries to the text of a `dr.hcl`. One for the same rule, pair and attribute takes the place of an old one, unless
/// that is in use: it accepts a finding with other values.
///
/// # Errors
/// When the text cannot be read.
pub(crate) fn add(
    text: &str,
    accepts: &[Accept],
    in_use: &BTreeSet<String>,
) -> Result<(String, Vec<String>), String> {
    let mut in_use = in_use.clone();
    let (mark, text) = match text.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest),
        None => ("", text),
    };
    let mut whole = text.to_owned();
    if !whole.is_empty() && !whole.ends_with('\n') {
        whole.push('\n');
    }
    let mut body: Body = whole.parse().map_err(told)?;
    let mut names: BTreeSet<String> = body.get_blocks("accept").filter_map(label).collect();
    let mut written = Vec::new();
    for accept in accepts {
        let old = body.iter().position(|structure| {
            structure.as_block().is_some_and(|block| {
                let free = label(block).is_none_or(|name| !in_use.contains(&name));
                free && is_about(block, accept)
            })
        });
        let name = match old.and_then(|at| body.get(at)?.as_block().and_then(label)) {
            Some(name) => name,
            None => free_name(accept, &names),
        };
        names.insert(name.clone());
        in_use.insert(name.clone());
        let shown = block_text(&name, accept);
        let apart = if old.is_some() || body.is_empty() {
            ""
        } else {
            "\n"
        };
        let parsed: Body = format!("{apart}{shown}").parse().map_err(told)?;
        for structure in parsed {
            match old {
                Some(at) => put(&mut body, at, structure),
                None => body.push(structure),
            }
        }
        written.push(shown);
    }
    Ok((format!("{mark}{body}"), written))
}

fn told(error: hcl::edit::parser::Error) -> String {
    let at = error.location();
    format!("{}:{}: {}", at.line(), at.column(), error.message())
}

/// Puts a block in the place of another one, with the comments before it.
fn put(body: &mut Body, at: usize, mut structure: Structure) {
    use hcl::edit::Decorate as _;
    let old = body.remove(at);
    let prefix = old.decor().prefix().cloned();
    if let Some(prefix) = prefix {
        structure.decor_mut().set_prefix(prefix);
    }
    body.insert(at, structure);
}

fn label(block: &Block) -> Option<String> {
    block.labels.first().map(|label| label.as_str().to_owned())
}

/// Whether a block is an entry for the same rule, pair and attribute.
fn is_about(block: &Block, accept: &Accept) -> bool {
    let text = |name: &str| {
        let attribute = block.body.get_attribute(name)?;
        attribute.value.as_str().map(str::to_owned)
    };
    block.has_ident("accept")
        && text("rule").as_deref() == Some(&*accept.rule)
        && text("pair").as_deref() == Some(&*accept.pair)
        && text("attribute").as_deref() == accept.attribute.as_deref()
}

/// A name of the rule and the instance that no other entry has.
fn free_name(accept: &Accept, taken: &BTreeSet<String>) -> String {
    let last = accept.pair.rsplit('.').next().unwrap_or(&accept.pair);
    let base: String = format!("{}-{last}", accept.rule)
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let base = base.trim_end_matches('-').to_owned();
    if !taken.contains(&base) {
        return base;
    }
    let mut number = 2_u64;
    loop {
        let name = format!("{base}-{number}");
        if !taken.contains(&name) {
            return name;
        }
        number += 1;
    }
}

fn block_text(name: &str, accept: &Accept) -> String {
    let fields = [
        ("rule", Some(&accept.rule)),
        ("pair", Some(&accept.pair)),
        ("attribute", accept.attribute.as_ref()),
        ("primary_value", accept.primary_value.as_ref()),
        ("secondary_value", accept.secondary_value.as_ref()),
        ("owner", Some(&accept.owner)),
        ("reason", Some(&accept.reason)),
        ("expires", Some(&accept.expires)),
    ];
    let present: Vec<(&str, &str)> = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name, &**value?)))
        .collect();
    let width = present
        .iter()
        .map(|(name, _)| name.len())
        .max()
        .unwrap_or(0);
    let lines: Vec<String> = present
        .iter()
        .map(|(name, value)| format!("  {name:<width$} = {}", quoted(value)))
        .collect();
    format!("accept {} {{\n{}\n}}\n", quoted(name), lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(value: &str) -> Accept {
        Accept {
            rule: "class-cannot-carry".into(),
            pair: "aws_db_instance.main[\"a.b\"]".into(),
            attribute: Some("instance_class".into()),
            secondary_value: Some(value.into()),
            owner: "data team".into(),
            reason: "a ${b} \"c\"".into(),
            expires: "2027-03-31".into(),
            ..Accept::default()
        }
    }

    #[test]
    fn an_entry_is_added_once_and_all_else_is_kept() {
        let text = "# why\nestate   \"main\" {\n  primary = \"us-east-1\" // odd\n}";
        let (first, _) = add(text, &[accept("db.r6g.large")], &BTreeSet::new()).expect("written");
        assert!(first.starts_with(&format!("{text}\n\naccept ")), "{first}");
        let settings = crate::settings::read("dr.hcl", first.clone().into()).expect("readable");
        assert_eq!(&*settings.accepts[0].pair, "aws_db_instance.main[\"a.b\"]");
        assert_eq!(&*settings.accepts[0].reason, "a ${b} \"c\"");
        let (second, _) =
            add(&first, &[accept("db.r6g.xlarge")], &BTreeSet::new()).expect("written");
        assert_eq!(second, first.replace("db.r6g.large", "db.r6g.xlarge"));
    }

    #[test]
    fn two_findings_about_one_attribute_have_an_entry_each() {
        let both = [accept("a"), accept("b")];
        let (text, written) = add("", &both, &BTreeSet::new()).expect("written");
        assert!(text.starts_with("accept \"class-cannot-carry-"), "{text}");
        assert_eq!(written.len(), 2);
        let settings = crate::settings::read("dr.hcl", text.clone().into()).expect("readable");
        assert_ne!(settings.accepts[0].name, settings.accepts[1].name);
        let kept = BTreeSet::from([settings.accepts[0].name.to_string()]);
        let (again, _) = add(&text, &[accept("c")], &kept).expect("written");
        let settings = crate::settings::read("dr.hcl", again.into()).expect("readable");
        let values: Vec<_> = settings
            .accepts
            .iter()
            .filter_map(|accept| accept.secondary_value.as_deref())
            .collect();
        assert_eq!(values, ["a", "c"]);
    }
}
