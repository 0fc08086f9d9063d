//! Certificates that must lie in the secondary region, and the names they cover.

use crate::mirror::{End, InstanceId, Key, Meaning, Mirror, Pair, Part, Standing};
use crate::rules::{Check, Rule, missing};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};
use crate::views::certificates;

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

/// What serves names, and the argument that names the certificate.
const USERS: [(&str, &str); 5] = [
    ("aws_lb_listener", "certificate_arn"),
    ("aws_alb_listener", "certificate_arn"),
    ("aws_lb_listener_certificate", "certificate_arn"),
    ("aws_api_gateway_domain_name", "regional_certificate_arn"),
    (
        "aws_apigatewayv2_domain_name",
        "domain_name_configuration[0].certificate_arn",
    ),
];

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    // One for CloudFront serves no region, and one certificate may cover the names of several.
    let counts = |id: InstanceId| {
        !certificates::is_covered(mirror, id)
            && !mirror
                .graph
                .referring(id)
                .any(|(from, _)| &*mirror.instance(from).ty == "aws_cloudfront_distribution")
    };
    missing::counterparts(mirror, sink, RULE.name, &["aws_acm_certificate"], &counts);
    for (pair, secondary) in mirror.pairs_of("aws_acm_certificate") {
        covered(mirror, pair, secondary, sink);
    }
    for (ty, path) in USERS {
        for id in mirror.of_type(ty) {
            if let Standing::Secondary(at) = mirror.standing(*id) {
                used(mirror, *id, at, path, sink);
            }
        }
    }
}

/// Whether the counterpart of a certificate covers its names.
fn covered(mirror: &Mirror<'_>, pair: &Pair, secondary: InstanceId, sink: &mut Sink) {
    let path = "subject_alternative_names";
    let asked = Asked::new(
        RULE.name,
        Spot::of(pair.primary, path),
        Spot::of(secondary, path),
    );
    let name = &mirror.instance(secondary).address;
    let one = certificates::names(mirror, pair.primary, End::Primary);
    let other = certificates::names(mirror, secondary, mirror.end(pair.id));
    match (one, other) {
        (Ok(one), Ok(other)) => {
            let lacking = certificates::uncovered(&one, &other).join(", ");
            if lacking.is_empty() {
                return sink.holds();
            }
            sink.broken(
                asked
                    .broken(format!("{name} does not cover {lacking}"))
                    .covers([Spot::of(secondary, "domain_name")]),
            );
        }
        (Err(because), _) | (_, Err(because)) => {
            let alike = |path| mirror.same(pair, secondary, path);
            // The same imported certificate, or the same expression.
            if ["domain_name", path, "certificate_body"]
                .into_iter()
                .all(alike)
            {
                return sink.holds();
            }
            sink.unsure(asked.unsure(
                format!("whether {name} covers the names of the primary's is not known"),
                because,
            ));
        }
    }
}

/// Whether something of the secondary region names a certificate of its own region.
fn used(mirror: &Mirror<'_>, id: InstanceId, at: usize, path: &str, sink: &mut Sink) {
    let instance = mirror.instance(id);
    let end = End::Secondary(at);
    let meaning = mirror.meaning(mirror.value(id, path), end, instance.root.as_ref());
    let primary = mirror
        .counterpart(id)
        .map_or_else(Spot::missing, |twin| Spot::of(twin, path));
    let asked = Asked::new(RULE.name, primary, Spot::of(id, path));
    let wrong = match &meaning {
        Meaning::Text(parts) => match parts.as_slice() {
            [Part::Reference(Key::Foreign(id), _)] => Some(Some(*id)),
            [Part::Reference(Key::Other(pair), _)] => {
                Some(Some(mirror.pairing.pairs[pair.index()].primary))
            }
            [Part::Letters(text)] if text.contains(":{peer}:") => Some(None),
            _ => None,
        },
        Meaning::Unknown(because) => {
            let message = format!("which certificate {} names is not known", instance.address);
            return sink.unsure(asked.unsure(message, because.clone()));
        }
        // A listener without TLS.
        Meaning::Absent | Meaning::Aws => return,
        _ => None,
    };
    let Some(wrong) = wrong else {
        return sink.holds();
    };
    let follows = wrong.filter(|wrong| mirror.counterpart(*wrong).is_none());
    sink.broken(
        asked
            .broken(format!(
                "{} names a certificate of the primary region",
                instance.address
            ))
            .follows(follows),
    );
}
