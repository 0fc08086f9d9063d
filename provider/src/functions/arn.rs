//! `arn_region` and `arn_in_region`: where an ARN points, and the same ARN in another region.

use terraform_framework::function::{Function, FunctionError};

/// `arn_region` as Terraform sees it.
pub(super) fn arn_region_function() -> Function {
    Function::new(
        "arn_region",
        "The region that an ARN points to",
        "Returns the region of an ARN, or null for an ARN that has none, such as that of a role, a bucket or a hosted zone. A null argument gives null.",
    )
    .parameter::<String>("arn", "The ARN.")
    .returns(|arn: String| arn_region(&arn))
}

/// `arn_in_region` as Terraform sees it.
pub(super) fn arn_in_region_function() -> Function {
    Function::new(
        "arn_in_region",
        "The same ARN in another region",
        "Replaces the region of an ARN. An ARN without a region comes back as it is. A region of another partition (`aws`, `aws-cn`, `aws-us-gov`) is an error: nothing is shared between partitions. Null arguments give null.",
    )
    .parameter::<String>("arn", "The ARN.")
    .parameter::<String>("region", "The region to put in, such as `us-west-2`.")
    .returns(|arn: String, region: String| arn_in_region(&arn, &region).map(Some))
}

/// Returns the region of an ARN, or `None` for an ARN that has none (IAM, S3 buckets, Route 53).
///
/// # Errors
/// When the text is not an ARN.
pub(crate) fn arn_region(arn: &str) -> Result<Option<String>, FunctionError> {
    let parts = split(arn)?;
    Ok((!parts[3].is_empty()).then(|| parts[3].to_owned()))
}

/// Returns the ARN with its region replaced; an ARN without a region is the same everywhere and comes back as it is.
///
/// # Errors
/// When the text is not an ARN, the region is none, or it lies in another partition (`aws`, `aws-cn`, `aws-us-gov`).
pub(crate) fn arn_in_region(arn: &str, region: &str) -> Result<String, FunctionError> {
    let mut parts = split(arn)?;
    let region = super::region(1, region)?;
    if parts[3].is_empty() {
        return Ok(arn.to_owned());
    }
    let partition = partition(&region);
    if parts[1] != partition {
        return Err(FunctionError::at(
            1,
            format!(
                "{region} is in partition {partition} but the ARN is in {}; nothing is shared between partitions",
                parts[1]
            ),
        ));
    }
    parts[3] = &region;
    Ok(parts.join(":"))
}

fn split(arn: &str) -> Result<[&str; 6], FunctionError> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    match <[&str; 6]>::try_from(parts) {
        Ok(parts)
            if parts[0] == "arn"
                && !parts[1].is_empty()
                && !parts[2].is_empty()
                && !parts[5].is_empty() =>
        {
            Ok(parts)
        }
        _ => Err(FunctionError::at(
            0,
            format!(
                "{arn:?} is not an ARN; expected arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE, for example arn:aws:rds:us-east-1:123456789012:db:orders"
            ),
        )),
    }
}

/// The partition of a region, by its prefix (AWS General Reference, "ARN format").
fn partition(region: &str) -> &'static str {
    const PREFIXES: [(&str, &str); 7] = [
        ("cn-", "aws-cn"),
        ("us-gov-", "aws-us-gov"),
        ("us-isob-", "aws-iso-b"),
        ("us-isof-", "aws-iso-f"),
        ("eu-isoe-", "aws-iso-e"),
        ("us-iso-", "aws-iso"),
        ("eusc-", "aws-eusc"),
    ];
    PREFIXES
        .iter()
        .find(|(prefix, _)| region.starts_with(prefix))
        .map_or("aws", |(_, partition)| partition)
}

#[cfg(test)]
mod tests {
    use super::{arn_in_region, arn_region};

    const DB: &str = "arn:aws:rds:us-east-1:123456789012:db:orders";

    #[test]
    fn reads_and_replaces_the_region() {
        assert_eq!(arn_region(DB).unwrap().as_deref(), Some("us-east-1"));
        assert_eq!(
            arn_in_region(DB, "us-west-2").unwrap(),
            "arn:aws:rds:us-west-2:123456789012:db:orders"
        );
    }

    #[test]
    fn an_arn_without_a_region_has_none_and_stays() {
        let role = "arn:aws:iam::123456789012:role/app";
        assert_eq!(arn_region(role).unwrap(), None);
        assert_eq!(arn_in_region(role, "us-west-2").unwrap(), role);
    }

    #[test]
    fn names_what_is_wrong() {
        assert_eq!(arn_region("orders").unwrap_err().argument, Some(0));
        assert_eq!(
            arn_region("arn:aws:rds:us-east-1:1").unwrap_err().argument,
            Some(0)
        );
        assert_eq!(arn_in_region(DB, "mars").unwrap_err().argument, Some(1));
        assert_eq!(
            arn_in_region(DB, "cn-north-1").unwrap_err().argument,
            Some(1)
        );
    }
}
