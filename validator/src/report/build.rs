//! The report of a check.

use super::{
    AcceptedShown, ConsequenceShown, DiagnosticShown, FORMAT_VERSION, FindingShown, GapShown,
    MemberShown, PairShown, PlaceShown, Report, RolesShown, RuleShown, SideShown, SourceShown,
    StrayShown, Summary,
};
use crate::check::Outcome;
use crate::diagnostic::Severity as DiagnosticSeverity;
use crate::inventory::{Link, Mode, Name, SourceKind, node};
use crate::mirror::{Counterpart, Evidence, Mirror, Pair};
use crate::rules;
use crate::source::Location;
use crate::verdict::{Bound, Finding, Gap, Severity, Side};

/// What a report is made of.
#[derive(Debug)]
pub struct Input<'a> {
    /// Both regions.
    pub mirror: &'a Mirror<'a>,
    /// What rules said, with exceptions applied.
    pub outcome: &'a Outcome,
}

/// Makes the report.
pub fn build(input: &Input<'_>) -> Report {
    let mirror = input.mirror;
    let settings = mirror.settings;
    Report {
        format_version: FORMAT_VERSION,
        tool_version: env!("CARGO_PKG_VERSION"),
        roles: RolesShown {
            estate: settings.estate.as_deref().map(str::to_owned),
            primary: mirror.roles.primary.to_string(),
            secondary: mirror
                .roles
                .secondary
                .iter()
                .map(ToString::to_string)
                .collect(),
            inferred: (!mirror.roles.inferred.is_empty()).then(|| mirror.roles.inferred.clone()),
            strategy: settings.strategy().word(),
            cidr: mirror.cidr.word(),
        },
        sources: sources(mirror),
        summary: summary(input),
        rules: asked(input.outcome),
        findings: input.outcome.findings.iter().map(finding).collect(),
        gaps: input.outcome.gaps.iter().map(gap).collect(),
        pairs: managed(mirror)
            .map(|pair| self::pair(mirror, pair))
            .collect(),
        strays: mirror
            .pairing
            .strays
            .iter()
            .map(|stray| self::stray(mirror, stray))
            .collect(),
        diagnostics: diagnostics(mirror),
        asked: Vec::new(),
    }
}

fn managed<'m>(mirror: &'m Mirror<'_>) -> impl Iterator<Item = &'m Pair> {
    mirror
        .pairs()
        .iter()
        .filter(|pair| mirror.instance(pair.primary).mode == Mode::Managed)
}

fn sources(mirror: &Mirror<'_>) -> Vec<SourceShown> {
    let kind = |kind| match kind {
        SourceKind::Configuration => "configuration",
        SourceKind::Plan => "plan",
        SourceKind::State => "state",
        SourceKind::Inventory => "inventory",
    };
    mirror
        .inventory
        .sources
        .iter()
        .map(|source| SourceShown {
            kind: kind(source.kind),
            path: source.path.to_string(),
            root: source.root.as_deref().map(str::to_owned),
            complete: source.complete,
            files: source.files,
            broken_files: source.broken_files,
        })
        .collect()
}

/// What each rule asked.
fn asked(outcome: &Outcome) -> Vec<RuleShown> {
    let length = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
    rules::all()
        .map(|rule| {
            let found = outcome.findings.iter().filter(|f| *f.rule == *rule.name);
            let open = outcome.gaps.iter().filter(|gap| *gap.rule == *rule.name);
            RuleShown {
                rule: rule.name,
                hold: outcome.held.get(rule.name).copied().unwrap_or_default(),
                broken: length(found.count()),
                undecided: length(open.count()),
            }
        })
        .filter(|shown| shown.hold + shown.broken + shown.undecided > 0)
        .collect()
}

fn summary(input: &Input<'_>) -> Summary {
    let outcome = input.outcome;
    let count = |fits: &dyn Fn(&Finding) -> bool| {
        u64::try_from(
            outcome
                .findings
                .iter()
                .filter(|finding| fits(finding))
                .count(),
        )
        .unwrap_or(u64::MAX)
    };
    let counting = |severity: Severity| {
        count(&move |finding| {
            finding.severity == severity && finding.accepted.is_none() && !finding.in_baseline
        })
    };
    let length = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
    let (hold, broken, undecided) = (
        outcome.tally.holds,
        count(&|_| true),
        length(outcome.gaps.len()),
    );
    Summary {
        relations: hold + broken + undecided,
        decided: hold + broken,
        hold,
        broken,
        accepted: count(&|finding| finding.accepted.is_some()),
        in_baseline: count(&|finding| finding.in_baseline && finding.accepted.is_none()),
        undecided,
        files_not_parsed: input
            .mirror
            .inventory
            .sources
            .iter()
            .map(|source| source.broken_files)
            .sum(),
        modules_not_read: length(
            outcome
                .gaps
                .iter()
                .filter(|gap| *gap.rule == *rules::NOT_READ)
                .count(),
        ),
        pairs: length(managed(input.mirror).count()),
        strays: length(input.mirror.pairing.strays.len()),
        breaks: counting(Severity::Breaks),
        degrades: counting(Severity::Degrades),
        drifts: counting(Severity::Drifts),
    }
}

fn place(location: &Location) -> PlaceShown {
    PlaceShown {
        file: location.file.to_string(),
        line: location.line,
        column: location.column,
        what: None,
    }
}

fn link(link: &Link) -> PlaceShown {
    PlaceShown {
        what: Some(link.what.to_string()),
        ..place(&link.location)
    }
}

fn owned(name: Option<&Name>) -> Option<String> {
    name.map(ToString::to_string)
}

fn side(side: &Side) -> SideShown {
    SideShown {
        address: owned(side.address.as_ref()),
        region: owned(side.region.as_ref()),
        path: node::path_text(&side.path),
        value: side.value.clone(),
        digest: match &side.bound {
            Bound::Digest(digest) => Some(digest.to_string()),
            Bound::Text | Bound::Sealed => None,
        },
        sealed: side.bound == Bound::Sealed,
        place: side.place.as_ref().map(place),
        chain: side.chain.iter().map(link).collect(),
    }
}

fn finding(finding: &Finding) -> FindingShown {
    FindingShown {
        rule: finding.rule.to_string(),
        sub: owned(finding.sub.as_ref()),
        family: finding.family.word(),
        severity: finding.severity.word(),
        tier: owned(finding.tier.as_ref()),
        module: finding.module.to_string(),
        primary: side(&finding.primary),
        secondary: side(&finding.secondary),
        message: finding.message.clone(),
        impact: finding.impact.clone(),
        fix: finding.fix.as_ref().map(|fix| fix.text.clone()),
        fixable: finding.fix.as_ref().is_some_and(|fix| fix.edit.is_some()),
        instances: finding.instances.iter().map(ToString::to_string).collect(),
        members: finding
            .members
            .iter()
            .map(|member| MemberShown {
                primary: side(&member.primary),
                secondary: side(&member.secondary),
                fingerprint: member.fingerprint.to_string(),
            })
            .collect(),
        consequences: finding
            .consequences
            .iter()
            .map(|consequence| ConsequenceShown {
                rule: consequence.rule.to_string(),
                address: consequence.address.to_string(),
                message: consequence.message.clone(),
                fingerprint: consequence.fingerprint.to_string(),
            })
            .collect(),
        fingerprint: finding.fingerprint.to_string(),
        accepted: finding.accepted.as_ref().map(|accepted| AcceptedShown {
            by: accepted.by.to_string(),
            owner: accepted.owner.to_string(),
            reason: accepted.reason.to_string(),
            expires: accepted.expires.to_string(),
        }),
        in_baseline: finding.in_baseline,
    }
}

fn gap(gap: &Gap) -> GapShown {
    GapShown {
        rule: gap.rule.to_string(),
        sub: owned(gap.sub.as_ref()),
        family: gap.family.word(),
        severity: gap.severity.word(),
        tier: owned(gap.tier.as_ref()),
        primary: side(&gap.primary),
        secondary: side(&gap.secondary),
        message: gap.message.clone(),
        because: gap.because.iter().map(ToString::to_string).collect(),
        settle: gap.settle.clone(),
        fingerprint: gap.fingerprint.to_string(),
    }
}

/// Evidence in words.
pub(crate) fn evidence(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Told => "named in dr.hcl".into(),
        Evidence::Twin => "the same resource in twin modules".into(),
        Evidence::Address => "the same address but for words of roles or regions".into(),
        Evidence::Question => "data sources that ask the same".into(),
        Evidence::Arrow(argument) => format!("replication by {argument}"),
        Evidence::Embedded => "the copy is an argument of the primary".into(),
        Evidence::Neighbours => "the same place among paired neighbours".into(),
        Evidence::OnlyOfKind => "the only ones of their kind".into(),
    }
}

fn pair(mirror: &Mirror<'_>, pair: &Pair) -> PairShown {
    let primary = mirror.instance(pair.primary);
    PairShown {
        primary: primary.address.to_string(),
        secondary: mirror.instance(pair.holder()).address.to_string(),
        path: match &pair.counterpart {
            Counterpart::Embedded { path, .. } => Some(node::path_text(path)),
            Counterpart::Instance(_) => None,
        },
        region: mirror.roles.secondary[pair.secondary].to_string(),
        ty: primary.ty.to_string(),
        evidence: pair.evidence.iter().map(evidence).collect(),
    }
}

fn stray(mirror: &Mirror<'_>, stray: &crate::mirror::Stray) -> StrayShown {
    let instance = mirror.instance(stray.instance);
    StrayShown {
        address: instance.address.to_string(),
        ty: instance.ty.to_string(),
        region: mirror.roles.secondary[stray.secondary].to_string(),
        single: owned(stray.single.as_ref()),
        open: stray.open.iter().map(ToString::to_string).collect(),
    }
}

fn diagnostics(mirror: &Mirror<'_>) -> Vec<DiagnosticShown> {
    let severity = |severity| match severity {
        DiagnosticSeverity::Error => "error",
        DiagnosticSeverity::Warning => "warning",
        DiagnosticSeverity::Note => "note",
    };
    mirror
        .inventory
        .diagnostics
        .iter()
        .map(|diagnostic| DiagnosticShown {
            severity: severity(diagnostic.severity),
            summary: diagnostic.summary.clone(),
            detail: diagnostic.detail.clone(),
            place: diagnostic.location.as_ref().map(place),
        })
        .collect()
}
