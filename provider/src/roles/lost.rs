//! Regions that are declared lost: what is typed so that one of them counts as answering again.

use std::collections::BTreeSet;

use aws::Region;

/// The line that declares the other regions lost, and no longer this one.
pub(crate) fn give_back(declared: &BTreeSet<Region>, region: &str) -> String {
    let others = declared.iter().map(Region::as_str);
    let others: Vec<&str> = others.filter(|it| *it != region).collect();
    if others.is_empty() {
        "unset DR_LOST_REGIONS".to_owned()
    } else {
        format!("export DR_LOST_REGIONS={}", others.join(","))
    }
}

/// The same as a next move.
pub(crate) fn if_it_answers(declared: &BTreeSet<Region>, region: &str) -> String {
    format!(
        "if {region} answers, do not declare it lost any more (nor in `lost_regions` of the provider block), and plan again:\n\n  {}\n",
        give_back(declared, region)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_others_stay_declared() {
        let region = |name: &str| Region::new(name).unwrap();
        let mut declared = BTreeSet::from([region("us-east-1")]);
        assert_eq!(give_back(&declared, "us-east-1"), "unset DR_LOST_REGIONS");
        declared.extend([region("eu-west-1"), region("us-west-2")]);
        assert_eq!(
            give_back(&declared, "us-east-1"),
            "export DR_LOST_REGIONS=eu-west-1,us-west-2"
        );
    }
}
