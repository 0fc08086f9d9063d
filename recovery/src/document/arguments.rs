//! Reading a step's arguments by their declarations.

use aws::Region;
use serde_json::{Map, Value};

use super::fields::{self, Fields};
use super::json::{self, Node};
use super::problem::{Findings, Path};
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::duration;
use crate::nearest::did_you_mean;

/// Reads arguments. `regions` are the plan's; `None` where the document has no readable ones: then it is not asked
/// whether each has its value.
pub(super) fn arguments(
    declared: &[Argument],
    node: &Node,
    path: &Path,
    regions: Option<&[Region]>,
    findings: &mut Findings,
) -> Option<Arguments> {
    Reader { regions, findings }
        .object(declared, node, path)
        .map(Arguments::new)
}

struct Reader<'a> {
    regions: Option<&'a [Region]>,
    findings: &'a mut Findings,
}

impl Reader<'_> {
    fn object(
        &mut self,
        declared: &[Argument],
        node: &Node,
        path: &Path,
    ) -> Option<Map<String, Value>> {
        let fields = Fields::open(node, path, self.findings)?;
        let names: Vec<&str> = declared.iter().map(|argument| argument.name).collect();
        let known = fields.unknown(&names).next().is_none();
        fields.only(&names, self.findings);
        let mut members = Map::new();
        let mut whole = known;
        for argument in declared {
            match self.member(argument, &fields) {
                Read::Value(value) => {
                    members.insert(argument.name.to_owned(), value);
                }
                Read::Absent => {}
                Read::Wrong => whole = false,
            }
        }
        whole.then_some(members)
    }

    fn member(&mut self, argument: &Argument, fields: &Fields<'_>) -> Read {
        if let Some((node, path)) = fields.get(argument.name) {
            return self.value(&argument.of, node, &path).into();
        }
        if argument.required {
            fields.need(argument.name, argument.doc, self.findings);
            return Read::Wrong;
        }
        let Some(default) = argument.default else {
            return Read::Absent;
        };
        let path = fields.path().key(argument.name);
        if let Ok(node) = json::parse(default) {
            return self.value(&argument.of, &node, &path).into();
        }
        self.findings.refuse(
            &path,
            format!("the declared default {default}"),
            "JSON",
            "report this as a defect, and write the argument out until it is mended",
        );
        Read::Wrong
    }

    fn value(&mut self, of: &ArgumentType, node: &Node, path: &Path) -> Option<Value> {
        let findings = &mut *self.findings;
        Some(match of {
            ArgumentType::Text => Value::String(fields::text(node, path, findings)?),
            ArgumentType::Integer { min, max } => {
                Value::from(fields::whole(node, path, (*min, *max), findings)?)
            }
            ArgumentType::Flag => Value::Bool(fields::flag(node, path, findings)?),
            ArgumentType::Duration => {
                let read = fields::time(node, path, std::time::Duration::ZERO, findings)?;
                Value::String(duration::text(read))
            }
            ArgumentType::Choice(words) => {
                Value::String(fields::choice(node, path, words, findings)?)
            }
            ArgumentType::TextList => Value::from(fields::texts(node, path, findings)?),
            ArgumentType::TextMap => Value::Object(self.text_map(node, path)?),
            ArgumentType::ByRegion(of) => Value::Object(self.by_region(of, node, path)?),
            ArgumentType::Object(declared) => Value::Object(self.object(declared, node, path)?),
            ArgumentType::ObjectList(declared) => {
                let elements = fields::list(node, path, findings)?;
                let read: Vec<_> = elements
                    .iter()
                    .map(|(node, path)| self.object(declared, node, path).map(Value::Object))
                    .collect();
                Value::Array(read.into_iter().collect::<Option<_>>()?)
            }
        })
    }

    fn text_map(&mut self, node: &Node, path: &Path) -> Option<Map<String, Value>> {
        let fields = Fields::open(node, path, self.findings)?;
        let read: Vec<_> = fields
            .members()
            .iter()
            .map(|member| {
                let path = path.key(&member.key);
                let text = fields::text(&member.node, &path, self.findings)?;
                Some((member.key.clone(), Value::String(text)))
            })
            .collect();
        read.into_iter().collect()
    }

    fn by_region(
        &mut self,
        of: &ArgumentType,
        node: &Node,
        path: &Path,
    ) -> Option<Map<String, Value>> {
        let fields = Fields::open(node, path, self.findings)?;
        let regions_fit = exact_regions(&fields, self.regions, self.findings);
        let read: Vec<_> = fields
            .members()
            .iter()
            .map(|member| {
                let value = self.value(of, &member.node, &path.key(&member.key))?;
                Some((member.key.clone(), value))
            })
            .collect();
        let members = read.into_iter().collect::<Option<_>>()?;
        regions_fit.then_some(members)
    }
}

enum Read {
    Value(Value),
    Absent,
    Wrong,
}

impl From<Option<Value>> for Read {
    fn from(value: Option<Value>) -> Self {
        value.map_or(Read::Wrong, Read::Value)
    }
}

/// Whether an object has a member for each of the plan's regions and for no other; tells what is amiss.
pub(super) fn exact_regions(
    fields: &Fields<'_>,
    regions: Option<&[Region]>,
    findings: &mut Findings,
) -> bool {
    let Some(regions) = regions else {
        return true;
    };
    let fits = only_regions(fields, regions, findings);
    let has = |region: &Region| {
        fields
            .members()
            .iter()
            .any(|member| member.key == region.as_str())
    };
    let missing: Vec<&str> = regions
        .iter()
        .filter(|region| !has(region))
        .map(Region::as_str)
        .collect();
    if missing.is_empty() {
        return fits;
    }
    findings.refuse(
        fields.path(),
        format!("nothing for {}", missing.join(", ")),
        format!(
            "a value for every region of the plan: {}",
            list_text(regions)
        ),
        "add what is missing; every region of the plan can become the active one",
    );
    false
}

/// Whether an object has members for regions of the plan only; tells what is amiss.
pub(super) fn only_regions(
    fields: &Fields<'_>,
    regions: &[Region],
    findings: &mut Findings,
) -> bool {
    let names: Vec<&str> = regions.iter().map(Region::as_str).collect();
    let mut fits = true;
    for member in fields.unknown(&names) {
        fits = false;
        findings.refuse(
            &fields.path().key(&member.key),
            format!("{:?}", json::clip(&member.key)),
            format!("a region of the plan: {}", list_text(regions)),
            did_you_mean(
                &member.key,
                names.iter().copied(),
                "take it out, or add the region to the plan's regions",
            ),
        );
    }
    fits
}

fn list_text(regions: &[Region]) -> String {
    let names: Vec<&str> = regions.iter().map(Region::as_str).collect();
    names.join(", ")
}
