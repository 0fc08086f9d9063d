//! An inventory as a tree: region, module, instance, and what is unknown with its reason.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::inventory::node::path_text;
use crate::inventory::{Instance, Inventory, Name, Node, Path, Unknown};
use crate::printable::{line, short_line};
use crate::symbol::{self, PathStep};

/// Unknown values of one instance that are shown before the rest is counted.
const MOST_SHOWN: usize = 8;

/// A root and a module in it.
type Place<'i> = (&'i Option<Name>, &'i Name);

/// Writes the tree.
pub(crate) fn write(inventory: &Inventory, values: bool, out: &mut impl Write) -> io::Result<()> {
    let mut regions: BTreeMap<(u8, String), BTreeMap<Place<'_>, Vec<&Instance>>> = BTreeMap::new();
    for instance in &inventory.instances {
        let modules = regions.entry(region(instance)).or_default();
        modules
            .entry((&instance.root, &instance.module))
            .or_default()
            .push(instance);
    }
    for ((_, region), modules) in &regions {
        let count: usize = modules.values().map(Vec::len).sum();
        writeln!(
            out,
            "{}  ({})",
            short_line(region),
            counted(count, "instance")
        )?;
        for ((root, module), instances) in modules {
            let module = if module.is_empty() {
                "root module"
            } else {
                module
            };
            let module = short_line(module);
            match root {
                Some(root) => writeln!(out, "  {module} of {}", short_line(root))?,
                None => writeln!(out, "  {module}")?,
            }
            for instance in instances {
                self::instance(instance, values, out)?;
            }
        }
        writeln!(out)?;
    }
    summary(inventory, out)
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Where an instance is listed: known regions first, then what is global, then what is not known.
fn region(instance: &Instance) -> (u8, String) {
    let account = instance
        .account
        .value
        .as_ref()
        .map(|account| format!(" in account {account}"))
        .unwrap_or_default();
    match (&instance.region.value, instance.scope) {
        _ if !instance.ty.starts_with("aws_") => (3, "not of AWS".into()),
        (_, crate::inventory::Scope::Global) => (1, format!("global{account}")),
        (Some(region), _) => (0, format!("{region}{account}")),
        (None, _) => (
            2,
            format!("region not known: {}", instance.region.because.join("; ")),
        ),
    }
}

fn instance(instance: &Instance, values: bool, out: &mut impl Write) -> io::Result<()> {
    let local = instance
        .address
        .strip_prefix(&*instance.module)
        .map_or(&*instance.address, |rest| rest.trim_start_matches('.'));
    write!(out, "    {}", short_line(local))?;
    if !instance.expansion_known {
        write!(out, "  (how many is not known)")?;
    }
    if instance.damaged {
        write!(out, "  (syntax error: incomplete)")?;
    }
    writeln!(out)?;
    let mut lines = Vec::new();
    let mut aws = 0;
    for (name, node) in &instance.values {
        walk(
            node,
            &mut vec![PathStep::Name(name.clone())],
            values,
            &mut lines,
            &mut aws,
        );
    }
    let shown = if values { lines.len() } else { MOST_SHOWN };
    for text in lines.iter().take(shown) {
        // With all values asked for, none is cut.
        let line = if values { line(text) } else { short_line(text) };
        writeln!(out, "      {line}")?;
    }
    if lines.len() > shown {
        writeln!(
            out,
            "      and {} more that are unknown",
            lines.len() - shown
        )?;
    }
    if values && aws > 0 {
        writeln!(out, "      {} decided by AWS", counted(aws, "value"))?;
    }
    Ok(())
}

fn walk(node: &Node, path: &mut Path, values: bool, lines: &mut Vec<String>, aws: &mut usize) {
    match node {
        Node::Unknown(unknown) if is_aws(unknown) => *aws += 1,
        Node::Unknown(unknown) => {
            lines.push(format!("{} is unknown: {}", path_text(path), why(unknown)));
        }
        Node::Sensitive(sealed) if sealed.digest.is_none() => {
            lines.push(format!(
                "{} is sensitive and unknown: {}",
                path_text(path),
                sealed.because.join(", ")
            ));
        }
        Node::Sensitive(_) if values => {
            lines.push(format!("{} = (sensitive)", path_text(path)));
        }
        Node::List(nodes) | Node::Set(nodes) if !node.is_empty() => {
            for (at, node) in nodes.iter().enumerate() {
                path.push(PathStep::Index(u64::try_from(at).unwrap_or(u64::MAX)));
                walk(node, path, values, lines, aws);
                path.pop();
            }
        }
        Node::Map(nodes) | Node::Object(nodes) if !node.is_empty() => {
            for (name, node) in nodes.iter() {
                path.push(PathStep::Name(name.clone()));
                walk(node, path, values, lines, aws);
                path.pop();
            }
        }
        known if values => lines.push(format!("{} = {}", path_text(path), leaf(known))),
        _ => {}
    }
}

fn is_aws(unknown: &Unknown) -> bool {
    unknown.because.len() == 1 && &*unknown.because[0] == "aws"
}

fn why(unknown: &Unknown) -> String {
    let because = unknown.because.join(", ");
    match unknown.symbol.as_deref().map(symbol::text) {
        Some(text) if text != because => format!("{text}, because of {because}"),
        _ => because,
    }
}

fn leaf(node: &Node) -> String {
    match node {
        Node::Null => "null".into(),
        Node::Bool(truth) => truth.to_string(),
        Node::Number(number) => number.to_string(),
        Node::String(text) => super::show::quoted(text),
        Node::List(_) | Node::Set(_) => "[]".into(),
        _ => "{}".into(),
    }
}

fn summary(inventory: &Inventory, out: &mut impl Write) -> io::Result<()> {
    let known = inventory
        .instances
        .iter()
        .filter(|instance| instance.region.value.is_some())
        .count();
    let broken: u64 = inventory
        .sources
        .iter()
        .map(|source| source.broken_files)
        .sum();
    let of_aws = inventory
        .instances
        .iter()
        .filter(|instance| instance.ty.starts_with("aws_"))
        .count();
    let mut line = format!(
        "{}, {} of AWS; the region of {known} is known",
        counted(inventory.instances.len(), "instance"),
        of_aws
    );
    if broken > 0 {
        let files = counted(usize::try_from(broken).unwrap_or(usize::MAX), "file");
        line = format!("{line}; {files} not parsed");
    }
    writeln!(out, "{line}")
}
