//! Certificates that must lie in the secondary region, and the names they cover.

use crate::mirror::{InstanceId, Mirror, Standing};
use crate::rules::{Check, Rule, missing};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::elements;

pub(super) const RULE: Rule = Rule {
    name: "certificate-missing",
    family: Family::Access,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A certificate is missing in the secondary region, or does not cover the same names.",
    impact: "The listener cannot be made, or browsers refuse the connection.",
    doc: "\
## What it asks
Certificates are regional. Every certificate of the primary region needs a counterpart that covers at least the same names,
and listeners of the secondary region must name one of that region.

## How to fix it
Declare the certificate in the secondary region too; the validation record is the same for both.

Source: AWS Certificate Manager user guide, regions.
",
    check: Check::Code(check),
};

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    // One for CloudFront serves no region.
    let regional = |id: InstanceId| {
        !mirror
            .graph
            .referring(id)
            .any(|(from, _)| &*mirror.instance(from).ty == "aws_cloudfront_distribution")
    };
    missing::counterparts(mirror, sink, RULE.name, &["aws_acm_certificate"], &regional);
    for (pair, secondary) in mirror.pairs_of("aws_acm_certificate") {
        let names = |id| {
            let mut names: Vec<String> = crate::mirror::text(mirror.value(id, "domain_name"))
                .known()
                .into_iter()
                .collect();
            if let Ok(nodes) = elements::of(mirror.value(id, "subject_alternative_names")) {
                names.extend(
                    nodes
                        .iter()
                        .filter_map(|node| node.as_str().map(str::to_owned)),
                );
            }
            names
        };
        let (one, other) = (names(pair.primary), names(secondary));
        let covers = |name: &String| {
            let wild = name.split_once('.').map(|(_, rest)| format!("*.{rest}"));
            other.contains(name) || wild.is_some_and(|wild| other.contains(&wild))
        };
        let lacking: Vec<&String> = one.iter().filter(|name| !covers(name)).collect();
        if lacking.is_empty() {
            sink.holds();
        } else {
            let asked = Asked::new(
                RULE.name,
                Spot::of(pair.primary, "subject_alternative_names"),
                Spot::of(secondary, "subject_alternative_names"),
            );
            let lacking: Vec<&str> = lacking.into_iter().map(String::as_str).collect();
            sink.broken(
                asked
                    .broken(format!(
                        "{} does not cover {}",
                        mirror.instance(secondary).address,
                        lacking.join(", ")
                    ))
                    .covers([Spot::of(secondary, "domain_name")]),
            );
        }
    }
    for (ty, path) in [
        ("aws_lb_listener", "certificate_arn"),
        ("aws_lb_listener_certificate", "certificate_arn"),
    ] {
        for id in mirror.of_type(ty) {
            if !matches!(mirror.standing(*id), Standing::Secondary(_)) {
                continue;
            }
            let Some(wrong) = mirror
                .targets(*id, path)
                .into_iter()
                .find(|target| mirror.standing(*target) == Standing::Primary)
            else {
                continue;
            };
            let primary = mirror
                .counterpart(*id)
                .map_or_else(Spot::missing, |twin| Spot::of(twin, path));
            let asked = Asked::new(RULE.name, primary, Spot::of(*id, path));
            let follows = mirror.counterpart(wrong).is_none().then_some(wrong);
            sink.broken(
                asked
                    .broken(format!(
                        "{} names a certificate of the primary region",
                        mirror.instance(*id).address
                    ))
                    .follows(follows),
            );
        }
    }
}
