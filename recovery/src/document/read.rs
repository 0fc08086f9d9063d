//! From text to a document: syntax, then fields, then what only the whole can tell; all problems at once.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use aws::Region;

use super::arguments::exact_regions;
use super::fields::{self, Fields};
use super::json::{self, Node};
use super::problem::{Findings, Path, Place, Problem, Warning};
use super::steps::DraftStep;
use super::{Document, Objective, Probe, SCHEMA, check, places, steps};
use crate::kind::Kind;
use crate::message::Message;

/// The longest text that is read.
pub const LARGEST: usize = 1 << 20;
/// The most regions of a plan.
pub const MOST_REGIONS: usize = 16;
/// The most steps of a plan.
pub const MOST_STEPS: usize = 1_000;
/// So many steps run at once where the document says nothing.
pub const AT_ONCE: usize = 8;

const MOST_AT_ONCE: i64 = 100;
/// The most tiers, and the most probes.
const MOST_NAMED: usize = 100;

/// Which version was the first to read which schema.
const READERS: &[(u32, &str)] = &[(1, "0.1.0")];

const FIELDS: [&str; 12] = [
    "schema",
    "name",
    "description",
    "regions",
    "tiers",
    "authority",
    "stores",
    "accounts",
    "probes",
    "at_once",
    "require_rto",
    "steps",
];

/// A document while it is read: what was readable.
pub(super) struct Draft {
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) regions: Option<Vec<Region>>,
    /// Tiers whose objective was not readable are there by name.
    pub(super) tiers: BTreeMap<String, Option<Objective>>,
    pub(super) authority: Option<String>,
    pub(super) stores: Option<BTreeMap<Region, super::StorePlace>>,
    pub(super) accounts: Option<BTreeMap<Region, super::Account>>,
    pub(super) probes: BTreeMap<String, Option<Probe>>,
    pub(super) at_once: Option<usize>,
    pub(super) require_rto: Option<bool>,
    pub(super) steps: Vec<DraftStep>,
}

pub(super) fn read(
    text: &str,
    kinds: &[&'static dyn Kind],
) -> Result<(Document, Vec<Warning>), Vec<Problem>> {
    if text.len() > LARGEST {
        return Err(vec![problem(
            None,
            format!("{} bytes", text.len()),
            format!("at most {LARGEST} bytes"),
            "check that this is the failover plan; split a plan that is too large into child plans",
        )]);
    }
    let root = json::parse(text).map_err(|error| {
        vec![problem(
            Some(Place::of(text, error.at)),
            error.seen,
            error.expected.to_owned(),
            "correct the JSON there, then read it again",
        )]
    })?;
    let mut findings = Findings::default();
    let draft = draft(&root, kinds, &mut findings);
    let refused = findings.refused();
    let document = draft.and_then(Draft::finish);
    let (problems, warnings) = findings.told(text, &root);
    match document {
        Some(document) if !refused => Ok((document, warnings)),
        _ => Err(problems),
    }
}

fn problem(place: Option<Place>, seen: String, expected: String, next: &str) -> Problem {
    Problem {
        path: String::new(),
        place,
        message: Message::new(seen, expected, next),
    }
}

fn draft(root: &Node, kinds: &[&'static dyn Kind], findings: &mut Findings) -> Option<Draft> {
    let fields = Fields::open(root, &Path::default(), findings)?;
    // The fields of another format cannot be judged.
    if !schema(&fields, findings) {
        return None;
    }
    twice(root, &Path::default(), findings);
    fields.only(&FIELDS, findings);
    let regions = regions(&fields, findings);
    let draft = Draft {
        name: fields
            .need("name", "the plan's name, such as \"orders\"", findings)
            .and_then(|(node, path)| fields::name(node, &path, findings)),
        description: match fields.get("description") {
            None => Some(String::new()),
            Some((node, path)) => description(node, &path, findings),
        },
        tiers: tiers(&fields, findings),
        authority: fields
            .need(
                "authority",
                "the step whose answer says which region is active",
                findings,
            )
            .and_then(|(node, path)| fields::text(node, &path, findings)),
        stores: places::stores(&fields, regions.as_deref(), findings),
        accounts: places::accounts(&fields, regions.as_deref(), findings),
        probes: probes(&fields, regions.as_deref(), findings),
        at_once: match fields.get("at_once") {
            None => Some(AT_ONCE),
            Some((node, path)) => fields::whole(node, &path, (1, MOST_AT_ONCE), findings)
                .and_then(|number| usize::try_from(number).ok()),
        },
        require_rto: match fields.get("require_rto") {
            None => Some(false),
            Some((node, path)) => fields::flag(node, &path, findings),
        },
        steps: steps::steps(&fields, kinds, regions.as_deref(), findings),
        regions,
    };
    check::check(&draft, findings);
    Some(draft)
}

impl Draft {
    /// The document, when everything was readable.
    fn finish(self) -> Option<Document> {
        let names: Vec<Option<String>> = self.steps.iter().map(|step| step.name.clone()).collect();
        let steps: Option<Vec<_>> = self
            .steps
            .into_iter()
            .enumerate()
            .map(|(position, step)| step.finish(position, &names))
            .collect();
        Some(Document {
            name: self.name?,
            description: self.description?,
            regions: self.regions?,
            tiers: whole(self.tiers)?,
            authority: self.authority?,
            stores: self.stores?,
            accounts: self.accounts?,
            probes: whole(self.probes)?,
            at_once: self.at_once?,
            require_rto: self.require_rto?,
            steps: steps?,
        })
    }
}

/// All of them, when each was readable.
fn whole<T>(map: BTreeMap<String, Option<T>>) -> Option<BTreeMap<String, T>> {
    let pairs = map.into_iter();
    pairs.map(|(name, value)| Some((name, value?))).collect()
}

/// Whether the document is of the format that is read here; tells when not.
fn schema(fields: &Fields<'_>, findings: &mut Findings) -> bool {
    let what = format!("the format version, {SCHEMA}");
    let Some((node, path)) = fields.need("schema", &what, findings) else {
        return true;
    };
    let Some(schema) = fields::whole(node, &path, (1, i64::from(u32::MAX)), findings) else {
        return false;
    };
    if schema == i64::from(SCHEMA) {
        return true;
    }
    let ours = env!("CARGO_PKG_VERSION");
    let reader = READERS
        .iter()
        .find(|(known, _)| i64::from(*known) == schema);
    let next = match reader {
        Some((_, version)) => format!("use version {version}, which reads schema {schema}"),
        None => format!("use a version later than {ours} that reads schema {schema}"),
    };
    findings.refuse(
        &path,
        format!("schema {schema}"),
        format!("schema {SCHEMA}: this is version {ours}"),
        next,
    );
    false
}

/// Members that are written twice: readers of JSON differ in which one counts.
fn twice(node: &Node, path: &Path, findings: &mut Findings) {
    if let json::Json::List(list) = &node.value {
        for (index, element) in list.iter().enumerate() {
            twice(element, &path.index(index), findings);
        }
    }
    let mut seen = BTreeSet::new();
    for member in node.members().unwrap_or_default() {
        let path = path.key(&member.key);
        if !seen.insert(&member.key) {
            let message = Message::new(
                format!("{:?} a second time", json::clip(&member.key)),
                "each member once",
                "take one of the two out: they cannot both count",
            );
            findings.add(&path, Some(member.at), message);
        }
        twice(&member.node, &path, findings);
    }
}

fn description(node: &Node, path: &Path, findings: &mut Findings) -> Option<String> {
    match &node.value {
        json::Json::Text(text) => Some(text.clone()),
        other => {
            let seen = other.to_string();
            findings.refuse(path, seen, "a string", "write a sentence, or leave it out");
            None
        }
    }
}

fn regions(fields: &Fields<'_>, findings: &mut Findings) -> Option<Vec<Region>> {
    let what = "the plan's regions, the primary one first";
    let (node, path) = fields.need("regions", what, findings)?;
    let elements = fields::list(node, &path, findings)?;
    if !(2..=MOST_REGIONS).contains(&elements.len()) {
        findings.refuse(
            &path,
            format!("{} regions", elements.len()),
            format!("2 to {MOST_REGIONS}: there must be one to fail over to"),
            "list every region that can be active, the primary one first",
        );
        return None;
    }
    let mut regions = Vec::new();
    for (node, path) in &elements {
        let text = fields::text(node, path, findings);
        let region = text.and_then(|text| fields::region(&text, path, findings));
        match region {
            Some(region) if regions.contains(&region) => {
                let seen = format!("{region} a second time");
                findings.refuse(path, seen, "each region once", "take it out");
            }
            Some(region) => regions.push(region),
            None => {}
        }
    }
    (regions.len() == elements.len()).then_some(regions)
}

fn tiers(fields: &Fields<'_>, findings: &mut Findings) -> BTreeMap<String, Option<Objective>> {
    named(fields, "tiers", findings, |node, path, findings| {
        let fields = Fields::open(node, path, findings)?;
        fields.only(&["rto", "rpo"], findings);
        let mut time = |name, what, least| {
            let (node, path) = fields.need(name, what, findings)?;
            fields::time(node, &path, least, findings)
        };
        let second = Duration::from_secs(1);
        let rto = time(
            "rto",
            "the longest until it serves again, such as \"1h\"",
            second,
        );
        let rpo = time(
            "rpo",
            "the most data, in time, that may be lost, such as \"5m\"",
            Duration::ZERO,
        );
        Some(Objective {
            rto: rto?,
            rpo: rpo?,
        })
    })
}

fn probes(
    fields: &Fields<'_>,
    regions: Option<&[Region]>,
    findings: &mut Findings,
) -> BTreeMap<String, Option<Probe>> {
    named(fields, "probes", findings, |node, path, findings| {
        let fields = Fields::open(node, path, findings)?;
        fields.only(&["url", "status", "contains"], findings);
        let url = fields
            .need("url", "what is asked, by region", findings)
            .and_then(|(node, path)| urls(node, &path, regions, findings));
        let status = match fields.get("status") {
            None => Some(200),
            Some((node, path)) => fields::whole(node, &path, (100, 599), findings)
                .and_then(|status| u16::try_from(status).ok()),
        };
        let contains = match fields.get("contains") {
            None => Some(None),
            Some((node, path)) => fields::text(node, &path, findings).map(Some),
        };
        Some(Probe {
            url: url?,
            status: status?,
            contains: contains?,
        })
    })
}

fn urls(
    node: &Node,
    path: &Path,
    regions: Option<&[Region]>,
    findings: &mut Findings,
) -> Option<BTreeMap<Region, String>> {
    let fields = Fields::open(node, path, findings)?;
    let fits = exact_regions(&fields, regions, findings);
    let mut urls = BTreeMap::new();
    for member in fields.members() {
        let path = path.key(&member.key);
        let Some(url) = fields::text(&member.node, &path, findings) else {
            continue;
        };
        let host = url.strip_prefix("https://").or(url.strip_prefix("http://"));
        if host.is_none_or(|host| host.is_empty() || host.starts_with(['/', ':', '?', '#'])) {
            findings.refuse(
                &path,
                format!("{:?}", json::clip(&url)),
                "a URL with http or https and a host",
                "write it in full, such as \"https://orders.example.com/health\"",
            );
        } else if let Ok(region) = Region::new(member.key.as_str()) {
            urls.insert(region, url);
        }
    }
    (fits && urls.len() == fields.members().len()).then_some(urls)
}

/// The members of an object whose keys are names; an object that is missing is empty.
fn named<T>(
    fields: &Fields<'_>,
    field: &str,
    findings: &mut Findings,
    read: impl Fn(&Node, &Path, &mut Findings) -> Option<T>,
) -> BTreeMap<String, Option<T>> {
    let Some((node, path)) = fields.get(field) else {
        return BTreeMap::new();
    };
    let opened = Fields::open(node, &path, findings);
    let members = opened.map(|fields| fields.members()).unwrap_or_default();
    if members.len() > MOST_NAMED {
        let seen = format!("{} of them", members.len());
        let most = format!("at most {MOST_NAMED}");
        findings.refuse(&path, seen, most, "take out what no step uses");
        return BTreeMap::new();
    }
    let mut all = BTreeMap::new();
    for member in members {
        let path = path.key(&member.key);
        fields::check_name(&member.key, &path, findings);
        all.insert(member.key.clone(), read(&member.node, &path, findings));
    }
    all
}
