//! Comments `# drcheck:accept RULE owner=… expires=… value=… reason="…"`: read, and refused with the complete line where a
//! field is missing.

use std::collections::BTreeMap;

use super::fit::{Entry, Fit, Line, value_side};
use crate::inventory::{Comment, Name};
use crate::rules;
use crate::settings::{Accept, Problem, nearest};
use crate::verdict::{Bound, Finding};

/// Fields of a comment, in the order in which they are written.
const FIELDS: [&str; 4] = ["owner", "expires", "value", "reason"];

/// A comment as it was written.
struct Written {
    rule: String,
    fields: BTreeMap<String, String>,
}

/// All comments as entries, or what is wrong with them. The findings give the values that a complete line needs.
pub(super) fn read(comments: &[Comment], findings: &[Finding]) -> Result<Vec<Entry>, Vec<Problem>> {
    let mut entries = Vec::new();
    let mut problems = Vec::new();
    for comment in comments {
        match entry(comment, findings) {
            Ok(entry) => entries.push(entry),
            Err(message) => problems.push(Problem {
                location: comment.place.clone(),
                message,
            }),
        }
    }
    if problems.is_empty() {
        Ok(entries)
    } else {
        Err(problems)
    }
}

fn entry(comment: &Comment, findings: &[Finding]) -> Result<Entry, String> {
    let written = parse(&comment.text)?;
    if rules::find(&written.rule).is_none() {
        let hint = nearest(&written.rule, rules::all().map(|rule| rule.name))
            .map(|near| format!("; did you mean {near}?"))
            .unwrap_or_default();
        return Err(format!("there is no rule {:?}{hint}", written.rule));
    }
    let field = |name: &str| Name::from(written.fields.get(name).map_or("", String::as_str));
    let entry = Entry {
        accept: Accept {
            name: format!("{}:{}", comment.place.file, comment.place.line).into(),
            rule: written.rule.as_str().into(),
            owner: field("owner"),
            reason: field("reason"),
            expires: field("expires"),
            place: Some(comment.place.clone()),
            ..Accept::default()
        },
        line: Some(Line {
            file: comment.place.file.clone(),
            number: comment.line,
            modules: comment.modules.clone(),
            value: written
                .fields
                .get("value")
                .map(|value| value.as_str().into()),
        }),
    };
    let about = findings
        .iter()
        .find(|finding| !matches!(entry.fit(finding), Fit::No));
    let needs_value = about.is_some_and(|finding| value_side(finding).value.is_some());
    let missing: Vec<&str> = FIELDS
        .into_iter()
        .filter(|name| !written.fields.contains_key(*name) && (*name != "value" || needs_value))
        .collect();
    if !missing.is_empty() {
        let complete = complete(&written, about);
        return Err(format!(
            "{} {} missing; the complete line: {complete}",
            missing.join(", "),
            if missing.len() == 1 { "is" } else { "are" }
        ));
    }
    if entry.accept.expires.parse::<jiff::civil::Date>().is_err() {
        return Err(format!(
            "expires is {:?}; expected a day such as 2027-03-31",
            entry.accept.expires
        ));
    }
    Ok(entry)
}

/// The comment with every field; what was not written is filled in where it is known.
fn complete(written: &Written, about: Option<&Finding>) -> String {
    let mut line = format!("# drcheck:accept {}", written.rule);
    for name in FIELDS {
        let value = match (written.fields.get(name), name) {
            (Some(value), _) => value.clone(),
            (None, "owner") => "TEAM".into(),
            (None, "expires") => "YYYY-MM-DD".into(),
            (None, "reason") => "WHY".into(),
            (None, _) => match about.map(value_side) {
                Some(side) => match (&side.bound, &side.value) {
                    (Bound::Digest(digest), _) => digest.to_string(),
                    (Bound::Sealed, _) => "DIGEST (shown with --digest-key FILE)".into(),
                    (Bound::Text, Some(value)) => super::entries::unquoted(value),
                    (Bound::Text, None) => continue,
                },
                None => "VALUE".into(),
            },
        };
        line.push(' ');
        line.push_str(name);
        line.push('=');
        line.push_str(&word(&value));
    }
    line
}

/// A value as it is written in a comment: in quotes where it needs them.
fn word(value: &str) -> String {
    let plain = !value.is_empty()
        && value
            .chars()
            .all(|c| !c.is_whitespace() && !matches!(c, '"' | '\\'));
    if plain {
        value.to_owned()
    } else {
        format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

fn parse(text: &str) -> Result<Written, String> {
    let mut words = words(text)?.into_iter();
    let rule = words.next().unwrap_or_default();
    let mut fields = BTreeMap::new();
    for word in words {
        let Some((name, value)) = word.split_once('=') else {
            return Err(format!(
                "{word:?} is no field; expected NAME=VALUE, with values that hold blanks in quotes"
            ));
        };
        if !FIELDS.contains(&name) {
            let hint = nearest(name, FIELDS.into_iter())
                .map(|near| format!("; did you mean {near}?"))
                .unwrap_or_default();
            return Err(format!(
                "{name:?} is no field{hint} There are: {}.",
                FIELDS.join(", ")
            ));
        }
        if !value.is_empty() && fields.insert(name.to_owned(), value.to_owned()).is_some() {
            return Err(format!("{name} stands there twice"));
        }
    }
    Ok(Written { rule, fields })
}

/// Words between blanks; quotes hold blanks together, and a backslash keeps the next character.
fn words(text: &str) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            '\\' if quoted => word.get_or_insert_default().extend(chars.next()),
            c if c.is_whitespace() && !quoted => found.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    if quoted {
        return Err("a quote has no end".into());
    }
    found.extend(word);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_may_hold_blanks_and_quotes() {
        let written = parse(r#"dns-ttl-too-long owner="data team" value="a \"b\"" reason=x=y"#);
        let written = written.expect("a comment");
        assert_eq!(written.rule, "dns-ttl-too-long");
        assert_eq!(written.fields["owner"], "data team");
        assert_eq!(written.fields["value"], "a \"b\"");
        assert_eq!(written.fields["reason"], "x=y");
        assert_eq!(word(&written.fields["value"]), r#""a \"b\"""#);
    }

    #[test]
    fn what_is_no_field_is_refused() {
        for (text, expected) in [
            ("r expire=2027-01-01", "did you mean expires?"),
            ("r owner", "is no field"),
            ("r reason=\"open", "no end"),
            ("r owner=a owner=b", "twice"),
        ] {
            let message = parse(text).err().unwrap_or_default();
            assert!(message.contains(expected), "{text}: {message}");
        }
    }
}
