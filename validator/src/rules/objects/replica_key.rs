//! Whether copies of encrypted objects have a key in their own region.

use super::replication::{at, other, replicated, what};
use crate::inventory::Node;
use crate::mirror::{Maybe, Mirror, Standing, decided_by_aws};
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Strategies};
use crate::views::buckets;

pub(super) const RULE: Rule = Rule {
    name: "replica-key-missing",
    family: Family::Objects,
    severity: Severity::Breaks,
    on: Strategies::ALL,
    title: "A replication rule selects objects of KMS and names no key for their copies, or one of the primary region.",
    impact: "The objects cannot be encrypted in the destination, and do not arrive.",
    doc: "\
## What it asks
A rule that replicates objects encrypted by KMS must name a `replica_kms_key_id` that lies in the destination's region.

## How to fix it
Name the counterpart of the source's key.

Source: Amazon S3 user guide, replicating encrypted objects.
",
    check: Check::Code(replica_key),
};

fn replica_key(mirror: &Mirror<'_>, sink: &mut Sink) {
    let select = "source_selection_criteria[0].sse_kms_encrypted_objects[0].status";
    let key = "destination[0].encryption_configuration[0].replica_kms_key_id";
    for (bucket, replication) in replicated(mirror) {
        for rule in replication
            .rules
            .iter()
            .filter(|rule| rule.enabled == Maybe::Known(true))
        {
            let selects =
                crate::mirror::text(buckets::inside(mirror, rule.holder, &rule.path, select));
            let asked = Asked::new(RULE.name, at(rule, key), other(mirror, bucket))
                .keyed(format!("rule {} key", what(rule)));
            let name = &mirror.instance(bucket).address;
            match selects {
                Maybe::Known(status) if status == "Enabled" => {}
                Maybe::Unknown(because) if !decided_by_aws(&because) => {
                    let message = format!(
                        "whether the rule of {name} for {} selects objects of KMS is not known",
                        what(rule)
                    );
                    sink.unsure(asked.unsure(message, because));
                    continue;
                }
                _ => continue,
            }
            let place = at(rule, key).path;
            let leads = mirror
                .graph
                .out(rule.holder)
                .iter()
                .any(|edge| edge.path.starts_with(&place));
            let wrong = mirror.graph.out(rule.holder).iter().any(|edge| {
                (edge.path.starts_with(&place) || place.starts_with(&edge.path))
                    && &*mirror.instance(edge.to).ty != "aws_s3_bucket"
                    && crate::mirror::schema_path(&edge.path).contains("kms")
                    && mirror.standing(edge.to) == Standing::Primary
            });
            match buckets::inside(mirror, rule.holder, &rule.path, key) {
                None | Some(Node::Null) => sink.broken(asked.broken(format!(
                    "the rule of {name} for {} names no key for the copies",
                    what(rule)
                ))),
                Some(_) if wrong => sink.broken(asked.broken(format!(
                    "the rule of {name} for {} names a key of the primary region",
                    what(rule)
                ))),
                Some(Node::String(text))
                    if text.contains(&format!(":{}:", mirror.roles.primary)) =>
                {
                    sink.broken(asked.broken(format!(
                        "the rule of {name} for {} names a key of the primary region",
                        what(rule)
                    )));
                }
                Some(Node::Unknown(unknown)) if !leads && !decided_by_aws(&unknown.because) => {
                    let message = format!(
                        "of which region the key is that the rule of {name} for {} names is not known",
                        what(rule)
                    );
                    sink.unsure(asked.unsure(message, unknown.because.clone()));
                }
                Some(_) => sink.holds(),
            }
        }
    }
}
