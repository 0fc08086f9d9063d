//! `mirror_availability_zone`: the zone at the same position in another region's list.

use terraform_framework::function::{Function, FunctionError, Texts};

/// The function as Terraform sees it.
pub(super) fn function() -> Function {
    Function::new(
        "mirror_availability_zone",
        "The zone at the same position in another region's list",
        "Finds the position of a zone in one list and returns the zone at that position in the other. Zone names say nothing across regions or accounts; the order of the two lists does. Null arguments give null.",
    )
    .parameter::<String>("zone", "The zone to mirror; it must be in `from_zones` once.")
    .parameter::<Texts>("from_zones", "Zones of the region that the zone is in, in order.")
    .parameter::<Texts>("to_zones", "Zones of the other region, in the same order.")
    .returns(|zone: String, from: Texts, to: Texts| mirror_availability_zone(&zone, &from.0, &to.0).map(Some))
}

/// Returns the zone of `to_zones` at the position that `zone` has in `from_zones`.
///
/// # Errors
/// Names the argument when the zone is not in the list, is there twice, or the other list is too short.
pub(crate) fn mirror_availability_zone(
    zone: &str,
    from_zones: &[String],
    to_zones: &[String],
) -> Result<String, FunctionError> {
    let mut places = from_zones
        .iter()
        .enumerate()
        .filter(|(_, candidate)| *candidate == zone);
    let Some((position, _)) = places.next() else {
        return Err(FunctionError::at(
            0,
            format!(
                "{zone:?} is not one of [{}]; pass a zone of the `from_zones` list",
                from_zones.join(", ")
            ),
        ));
    };
    if places.next().is_some() {
        return Err(FunctionError::at(
            1,
            format!("{zone:?} is listed twice, so its position is not clear; list each zone once"),
        ));
    }
    to_zones.get(position).cloned().ok_or_else(|| {
        FunctionError::at(2, format!("{zone:?} is number {} of its list but `to_zones` has {}; list as many zones on both sides", position + 1, to_zones.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::mirror_availability_zone;

    fn zones(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn goes_by_position() {
        let (from, to) = (
            zones(&["us-east-1a", "us-east-1c"]),
            zones(&["us-west-2b", "us-west-2d"]),
        );
        assert_eq!(
            mirror_availability_zone("us-east-1c", &from, &to).unwrap(),
            "us-west-2d"
        );
    }

    #[test]
    fn names_the_list_that_is_wrong() {
        let from = zones(&["a", "b", "b"]);
        assert_eq!(
            mirror_availability_zone("c", &from, &from)
                .unwrap_err()
                .argument,
            Some(0)
        );
        assert_eq!(
            mirror_availability_zone("b", &from, &from)
                .unwrap_err()
                .argument,
            Some(1)
        );
        assert_eq!(
            mirror_availability_zone("b", &zones(&["a", "b"]), &zones(&["x"]))
                .unwrap_err()
                .argument,
            Some(2)
        );
    }
}
