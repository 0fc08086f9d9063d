//! `drctl bundle`: a directory with all that a failover needs when nothing else is at hand, and its check.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use jiff::Timestamp;
use recovery::document::Document;
use recovery::message::Message;
use recovery::prove::permissions;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::args::Bundle;
use crate::children::named;
use crate::show::{Exit, Show, Stop};
use crate::world::document;

/// The file of hashes, as sha256sum reads and writes it.
const SUMS: &str = "SHA256SUMS";
/// What the bundle says about itself.
pub(crate) const ABOUT: &str = "bundle.json";

pub(crate) fn bundle(command: &Bundle, show: Show) -> Result<Exit, Stop> {
    if let Some(directory) = &command.check {
        return check(directory, show);
    }
    let (Some(file), Some(out)) = (&command.file, &command.out) else {
        return Err(Stop::usage(Message::new(
            "no plan or no directory",
            "--plan FILE and --out DIR",
            "",
        )));
    };
    let plan = document(file, show)?;
    let children = command.children.iter().map(|file| document(file, show));
    let children = children.collect::<Result<Vec<_>, _>>()?;
    let given: BTreeSet<&str> = children.iter().map(|child| child.name.as_str()).collect();
    let wanted = std::iter::once(&plan).chain(&children).flat_map(named);
    if let Some(missing) = wanted
        .into_iter()
        .find(|name| !given.contains(name.as_str()))
    {
        return Err(Stop::usage(Message::new(
            format!("the plan {missing}, which a step runs, is not at hand"),
            "the document of every plan that a plan runs",
            "give it with --child FILE",
        )));
    }
    let binary = std::env::current_exe().and_then(std::fs::read);
    let binary = binary.map_err(|error| unwritten(out, &error))?;
    let files = files(&plan, &children, &binary)?;
    write(out, &files).map_err(|error| unwritten(out, &error))?;
    let about: Value = serde_json::from_slice(&files[ABOUT]).unwrap_or_default();
    show.line(format!(
        "written: {} files in {}; needs glibc {} or later and nothing else",
        files.len() + 1,
        out.display(),
        about["glibc"].as_str().unwrap_or("of an unknown version")
    ));
    show.line("keep it where it is reached without the lost region, and make it anew when the plan changes");
    show.value(&about);
    Ok(Exit::Done)
}

fn unwritten(out: &Path, error: &io::Error) -> Stop {
    Stop::usage(Message::new(
        format!("{}: {error}", out.display()),
        "a directory that is not there yet, on a disk with space",
        "name another one with --out",
    ))
}

/// Everything in it by its name, but for the hashes.
fn files(
    plan: &Document,
    children: &[Document],
    binary: &[u8],
) -> Result<BTreeMap<String, Vec<u8>>, Stop> {
    let wrong = |error: &dyn std::fmt::Display| {
        Stop::usage(Message::new(error.to_string(), "whole numbers", ""))
    };
    let canonical = |plan: &Document| plan.canonical().map_err(|error| wrong(&error));
    let about = json!({
        "format": 1, "plan": plan.name, "digest": plan.digest().map_err(|error| wrong(&error))?,
        "children": children.iter().map(|child| child.name.as_str()).collect::<Vec<_>>(),
        "drctl": env!("CARGO_PKG_VERSION"), "glibc": glibc(binary), "made_at": Timestamp::now().to_string(),
    });
    let mut files = BTreeMap::from([
        ("drctl".to_owned(), binary.to_vec()),
        ("plan.json".to_owned(), canonical(plan)?.into_bytes()),
        (ABOUT.to_owned(), format!("{about:#}\n").into_bytes()),
        (
            "endpoints.txt".to_owned(),
            endpoints(plan, children).into_bytes(),
        ),
        ("README.md".to_owned(), readme(plan, children).into_bytes()),
    ]);
    for child in children {
        files.insert(
            format!("children/{}.json", child.name),
            canonical(child)?.into_bytes(),
        );
    }
    Ok(files)
}

/// The hosts that the plans call, by region: what a firewall has to let through, and nothing global that could be avoided.
fn endpoints(plan: &Document, children: &[Document]) -> String {
    let mut hosts = BTreeSet::new();
    for plan in std::iter::once(plan).chain(children) {
        for (region, actions) in permissions(plan) {
            hosts.insert(format!("{region} sts.{region}.amazonaws.com"));
            for action in actions.keys() {
                hosts.insert(format!("{region} {}", host(region.as_str(), action)));
            }
        }
    }
    let lines: Vec<String> = hosts.into_iter().collect();
    format!("{}\n", lines.join("\n"))
}

/// The host that an action's calls go to. Most endpoints are named as the prefix of their actions (AWS General Reference,
/// "Service endpoints"); these are not.
fn host(region: &str, action: &str) -> String {
    match action.split_once(':') {
        Some(("route53", _)) => "route53.amazonaws.com".to_owned(),
        Some(("route53-recovery-cluster", _)) => {
            "the endpoints of the cluster, which the plan names".to_owned()
        }
        Some(("cloudwatch", _)) => format!("monitoring.{region}.amazonaws.com"),
        Some(("s3", operation)) if operation.contains("MultiRegionAccessPoint") => {
            format!("*.s3-control.{region}.amazonaws.com")
        }
        Some(("s3", _)) => format!("*.s3.{region}.amazonaws.com"),
        Some((service, _)) => format!("{service}.{region}.amazonaws.com"),
        None => action.to_owned(),
    }
}

/// What to type at three in the morning.
fn readme(plan: &Document, children: &[Document]) -> String {
    let mut run = String::from("--plan plan.json");
    for child in children {
        let _infallible = write!(run, " --child children/{}.json", child.name);
    }
    let (primary, other) = (&plan.regions[0], &plan.regions[1]);
    format!(
        "# Failover of {name}\n\n\
         Regions: {regions}. Nothing else is needed: no Terraform, no state, no registry. Type in this directory, with\n\
         `{primary}` lost and `{other}` to become active; swap them where it is the other way round.\n\n\
         1. Is it whole? `sha256sum -c {SUMS}`\n\
         2. Credentials that live without {primary}: `export AWS_PROFILE=...` (`./drctl login --help` shows how to make them), \
         `export AWS_STS_REGIONAL_ENDPOINTS=regional AWS_REGION={other}`\n\
         3. Should we? `./drctl assess {run} --lost {primary}`\n\
         4. Do it: `./drctl run {run} --to {other} --mode failover --lost {primary}`\n\
         5. A gate refused (exit code 3)? Read what it saw. To go on all the same: \
         `./drctl resume {run} --lost {primary} --accept RISK --reason \"...\"`\n\
         6. Interrupted (exit code 4)? `./drctl resume {run} --lost {primary}`: it looks first, nothing is done twice.\n\
         7. Watch from elsewhere: `./drctl watch {run} --lost {primary}`\n\
         8. Done but unfenced (exit code 5)? When {primary} is back: `./drctl fence {run}`\n\
         9. Evidence: `./drctl report {run} --lost {primary} --output html=evidence.html`\n\n\
         `endpoints.txt` lists the hosts that are called.\n",
        name = plan.name,
        regions = plan
            .regions
            .iter()
            .map(aws::Region::as_str)
            .collect::<Vec<_>>()
            .join(", "),
    )
}

/// The newest version of glibc that the binary's symbols ask for.
fn glibc(binary: &[u8]) -> Option<String> {
    const MARK: &[u8] = b"GLIBC_";
    let marks = binary.windows(MARK.len()).enumerate();
    let marks = marks.filter(|(_, bytes)| *bytes == MARK);
    let versions = marks.filter_map(|(at, _)| {
        let rest = &binary[at + MARK.len()..];
        let length = rest.iter().take(12).position(|byte| *byte == 0)?;
        let text = std::str::from_utf8(&rest[..length]).ok()?;
        let parts = text.split('.').map(|part| part.parse::<u32>().ok());
        Some((parts.collect::<Option<Vec<u32>>>()?, text.to_owned()))
    });
    versions.max().map(|(_, text)| text)
}

fn hash(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        let _infallible = write!(text, "{byte:02x}");
    }
    text
}

fn write(out: &Path, files: &BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    std::fs::create_dir(out)?;
    let mut sums = String::new();
    for (name, bytes) in files {
        let path = out.join(name);
        if let Some(directory) = path.parent() {
            std::fs::create_dir_all(directory)?;
        }
        std::fs::write(&path, bytes)?;
        let mode = if name == "drctl" { 0o755 } else { 0o644 };
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode))?;
        let _infallible = writeln!(sums, "{}  {name}", hash(bytes));
    }
    std::fs::write(out.join(SUMS), sums)
}

/// Compares a directory with its hashes: how many files it should have, and what is wrong with them.
pub(crate) fn problems(directory: &Path) -> Result<(usize, Vec<String>), Message> {
    let sums = std::fs::read_to_string(directory.join(SUMS)).map_err(|error| {
        Message::new(
            format!("{}: {error}", directory.join(SUMS).display()),
            "a directory that drctl bundle wrote",
            "drctl bundle --plan FILE --out DIR writes one",
        )
    })?;
    let mut wrong = Vec::new();
    let mut known = BTreeSet::from([SUMS]);
    for line in sums.lines() {
        let Some((sum, name)) = line.split_once("  ") else {
            wrong.push(format!("{SUMS} has a line that is none: {line}"));
            continue;
        };
        known.insert(name);
        match std::fs::read(directory.join(name)) {
            Ok(bytes) if hash(&bytes) == sum => {}
            Ok(_) => wrong.push(format!("{name} was changed")),
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    if !known.contains("drctl") || !known.contains("plan.json") {
        wrong.push(format!("{SUMS} leaves out drctl or plan.json"));
    }
    Ok((known.len(), wrong))
}

fn check(directory: &Path, show: Show) -> Result<Exit, Stop> {
    let (files, wrong) = problems(directory).map_err(Stop::usage)?;
    for problem in &wrong {
        show.line(format!("{}: {problem}", show.state("broken")));
    }
    if wrong.is_empty() {
        show.line(format!("{}: {files} files", show.state("ok")));
    }
    show.value(&json!({ "files": files, "problems": wrong }));
    Ok(if wrong.is_empty() {
        Exit::Done
    } else {
        Exit::Failed
    })
}
