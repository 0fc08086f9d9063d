//! `region_short_name`: the abbreviation that AWS itself uses in zone IDs (`use1` in `use1-az4`).

use terraform_framework::function::{Function, FunctionError};

/// The function as Terraform sees it.
pub(super) fn function() -> Function {
    Function::new(
        "region_short_name",
        "The abbreviation of a region, as in zone IDs",
        "Returns the abbreviation that AWS itself uses in zone IDs: `use1` for `us-east-1`, `apse2` for `ap-southeast-2`. Useful in names that are short of room. A null argument gives null.",
    )
    .parameter::<String>("region", "The region, such as `us-west-2`.")
    .returns(|region: String| region_short_name(&region).map(Some))
}

/// Returns the short name of a region: `use1` for `us-east-1`, `apse2` for `ap-southeast-2`, `usgw1` for `us-gov-west-1`.
///
/// # Errors
/// When the text does not have the shape of a region name.
pub(crate) fn region_short_name(region: &str) -> Result<String, FunctionError> {
    let region = super::region(0, region)?;
    let mut short = String::new();
    for (position, word) in region.split('-').enumerate() {
        if position == 0 {
            short.push_str(word);
        } else {
            short.push_str(&abbreviation(word));
        }
    }
    Ok(short)
}

fn abbreviation(word: &str) -> String {
    match word {
        "northeast" => "ne".to_owned(),
        "northwest" => "nw".to_owned(),
        "southeast" => "se".to_owned(),
        "southwest" => "sw".to_owned(),
        _ if word.starts_with("iso") => word.replacen("iso", "i", 1),
        _ if word.chars().all(|c| c.is_ascii_digit()) => word.to_owned(),
        _ => word.chars().take(1).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::region_short_name;

    #[test]
    fn follows_the_zone_ids() {
        for (region, short) in [
            ("us-east-1", "use1"),
            ("us-west-2", "usw2"),
            ("eu-central-1", "euc1"),
            ("eu-north-1", "eun1"),
            ("ap-southeast-2", "apse2"),
            ("ap-northeast-1", "apne1"),
            ("sa-east-1", "sae1"),
            ("us-gov-west-1", "usgw1"),
            ("mx-central-1", "mxc1"),
        ] {
            assert_eq!(region_short_name(region).unwrap(), short);
        }
    }

    #[test]
    fn refuses_what_is_no_region() {
        for text in ["", "us_east_1", "US-EAST-1", "us-east", "us-east-1a"] {
            assert!(region_short_name(text).is_err(), "{text}");
        }
    }
}
