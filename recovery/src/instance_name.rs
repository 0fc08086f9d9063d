//! Names of RDS instances: identifiers inside one region, ARNs across regions.
//!
//! AWS shows the source of a replica as an identifier when both live in one region and as an ARN otherwise, and
//! people write either. They are compared here and nowhere else.

/// The parts of `arn:PARTITION:rds:REGION:ACCOUNT:db:IDENTIFIER`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstanceArn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: &'a str,
    /// The region that the instance lives in.
    pub region: &'a str,
    /// The owning account, twelve digits.
    pub account: &'a str,
    /// The identifier inside region and account.
    pub identifier: &'a str,
}

impl<'a> InstanceArn<'a> {
    /// The parts, or `None` when the text is not the ARN of an RDS instance.
    pub fn parse(text: &'a str) -> Option<Self> {
        let parts: Vec<&str> = text.split(':').collect();
        match parts[..] {
            ["arn", partition, "rds", region, account, "db", identifier]
                if !partition.is_empty()
                    && !region.is_empty()
                    && !account.is_empty()
                    && !identifier.is_empty() =>
            {
                Some(Self {
                    partition,
                    region,
                    account,
                    identifier,
                })
            }
            _ => None,
        }
    }

    fn same(&self, other: &InstanceArn<'_>) -> bool {
        self.partition == other.partition
            && self.region == other.region
            && self.account == other.account
            && self.identifier.eq_ignore_ascii_case(other.identifier)
    }
}

/// The ARN of the source that a replica shows, given the replica's own ARN: an identifier means the replica's own
/// region and account. The text itself where the replica's ARN cannot be read.
pub fn resolve_source(source: &str, replica_arn: &str) -> String {
    if InstanceArn::parse(source).is_some() {
        return source.to_owned();
    }
    match InstanceArn::parse(replica_arn) {
        Some(arn) => format!(
            "arn:{}:rds:{}:{}:db:{source}",
            arn.partition, arn.region, arn.account
        ),
        None => source.to_owned(),
    }
}

/// Whether the name that a person wrote means this source. An ARN has to agree in every part; a bare identifier
/// says nothing about the region, and means the source of that name in the same account.
pub fn names_source(written: &str, source: &str, replica_arn: &str) -> bool {
    let resolved = resolve_source(source, replica_arn);
    match (InstanceArn::parse(written), InstanceArn::parse(&resolved)) {
        (Some(written), Some(seen)) => written.same(&seen),
        (Some(_), None) => false,
        (None, Some(seen)) => {
            written.eq_ignore_ascii_case(seen.identifier)
                && InstanceArn::parse(replica_arn).is_none_or(|own| own.account == seen.account)
        }
        (None, None) => written.eq_ignore_ascii_case(&resolved),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPLICA: &str = "arn:aws:rds:us-west-2:123456789012:db:orders-replica";
    const SOURCE: &str = "arn:aws:rds:us-east-1:123456789012:db:orders";

    #[test]
    fn what_is_not_the_arn_of_an_instance_is_not_read_as_one() {
        for text in [
            "",
            "orders",
            "arn:aws:rds:us-east-1:123456789012:cluster:orders",
            "arn:aws:rds::123456789012:db:orders",
            "arn:aws:rds:us-east-1:123456789012:db:",
            "arn:aws:ec2:us-east-1:123456789012:db:orders",
            "arn:aws:rds:us-east-1:123456789012:db:orders:extra",
        ] {
            assert_eq!(InstanceArn::parse(text), None, "{text}");
        }
        assert_eq!(InstanceArn::parse(SOURCE).unwrap().identifier, "orders");
    }

    #[test]
    fn a_written_name_means_a_source_only_when_every_part_that_it_names_agrees() {
        for (written, seen, same) in [
            (SOURCE, SOURCE, true),
            ("orders", SOURCE, true),
            ("ORDERS", SOURCE, true),
            ("orders2", SOURCE, false),
            // The same identifier elsewhere is another database.
            (
                "arn:aws:rds:eu-west-1:123456789012:db:orders",
                SOURCE,
                false,
            ),
            (
                "arn:aws:rds:us-east-1:999999999999:db:orders",
                SOURCE,
                false,
            ),
            (
                "arn:aws-cn:rds:us-east-1:123456789012:db:orders",
                SOURCE,
                false,
            ),
            (
                "orders",
                "arn:aws:rds:us-east-1:999999999999:db:orders",
                false,
            ),
            // AWS shows a bare identifier: the replica's own region.
            ("orders", "orders", true),
            (
                "arn:aws:rds:us-west-2:123456789012:db:orders",
                "orders",
                true,
            ),
            (SOURCE, "orders", false),
        ] {
            assert_eq!(
                names_source(written, seen, REPLICA),
                same,
                "{written} / {seen}"
            );
        }
    }
}
