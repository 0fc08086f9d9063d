//! The gate "right source": the replica follows the instance that was named.

use super::{Gate, GateResult, Verdict};
use crate::instance_name::{names_source, resolve_source};
use crate::message::Message;

/// Compares the source that was named with the one that the replica shows.
///
/// `seen` is the source as AWS shows it: an identifier inside the replica's region, an ARN across regions. Where no
/// source was named the gate is passed and says that nothing was compared.
pub fn right_source(named: Option<&str>, seen: &str, replica_arn: &str) -> GateResult {
    let follows = resolve_source(seen, replica_arn);
    let (verdict, message) = match named {
        None => (
            Verdict::Passed,
            Message::new(
                format!("the replica follows {follows}; no source was named, so none was compared"),
                "any source",
                "",
            ),
        ),
        Some(named) if names_source(named, seen, replica_arn) => (
            Verdict::Passed,
            Message::new(format!("the replica follows {follows}"), named, ""),
        ),
        Some(named) => (
            Verdict::Refused { may_change: false },
            Message::new(
                format!("the replica follows {follows}"),
                format!("a replica of {named}"),
                format!(
                    "name the replica of {named}, or write source = \"{follows}\" if that database is the one you mean"
                ),
            ),
        ),
    };
    GateResult {
        gate: Gate::RightSource,
        verdict,
        message,
        at_risk: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPLICA: &str = "arn:aws:rds:us-west-2:123456789012:db:orders-replica";
    const SOURCE: &str = "arn:aws:rds:us-east-1:123456789012:db:orders";

    #[test]
    fn a_replica_of_another_database_is_never_promoted_and_waiting_does_not_help() {
        let answer = right_source(
            Some(SOURCE),
            "arn:aws:rds:us-east-1:123456789012:db:billing",
            REPLICA,
        );
        assert!(answer.is_refused_for_good());
        assert!(answer.message.seen.contains("db:billing"));
        assert!(
            answer.message.next.contains("db:billing\""),
            "{}",
            answer.message
        );
    }

    #[test]
    fn the_named_source_passes_by_arn_and_by_identifier() {
        for named in [Some(SOURCE), Some("orders"), None] {
            assert_eq!(
                right_source(named, SOURCE, REPLICA).verdict,
                Verdict::Passed,
                "{named:?}"
            );
        }
    }
}
