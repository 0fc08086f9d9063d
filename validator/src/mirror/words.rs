//! Words in names that say a region or a role: what is left of a name without them is the same in both regions.

/// Pairs of words for the two roles.
const ROLES: [(&str, &str); 9] = [
    ("primary", "secondary"),
    ("primary", "replica"),
    ("main", "dr"),
    ("prod", "dr"),
    ("active", "standby"),
    ("active", "passive"),
    ("source", "target"),
    ("source", "destination"),
    ("live", "dr"),
];

/// Words that say nothing but a role.
const ALONE: [&str; 14] = [
    "primary",
    "secondary",
    "replica",
    "dr",
    "standby",
    "main",
    "passive",
    "recovery",
    "failover",
    "source",
    "destination",
    "target",
    "this",
    "peer",
];

/// The words of an estate's regions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words {
    /// Longer ones first, so that no word is torn out of another.
    forms: Vec<String>,
}

impl Words {
    /// Of these regions.
    pub(crate) fn new(regions: &[&str]) -> Self {
        let mut forms: Vec<String> = regions.iter().flat_map(|region| forms(region)).collect();
        forms.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        forms.dedup();
        Words { forms }
    }

    /// A name without words for regions and roles; lower case, words joined by one dash. Empty where nothing else was in
    /// it.
    pub(crate) fn bare(&self, name: &str) -> String {
        let mut text = name.to_ascii_lowercase();
        for form in &self.forms {
            if text.contains(form.as_str()) {
                text = replace_word(&text, form);
            }
        }
        let words = text
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty() && !ALONE.contains(word));
        words.collect::<Vec<_>>().join("-")
    }

    /// Whether two names are the same but for words of roles or regions.
    #[cfg(test)]
    fn twins(&self, primary: &str, secondary: &str) -> bool {
        primary == secondary || self.bare(primary) == self.bare(secondary)
    }
}

/// Whether one name says the primary role where the other says the secondary one.
pub(crate) fn swapped(primary: &str, secondary: &str) -> bool {
    ROLES.iter().any(|(one, other)| {
        primary != secondary
            && (primary.replace(one, other) == secondary
                || secondary.replace(other, one) == primary)
    })
}

/// How a region is written in names: `us-east-1`, `us_east_1`, `useast1`, `use1`, `east`, `east1`, `virginia`.
pub(crate) fn forms(region: &str) -> Vec<String> {
    let parts: Vec<&str> = region.split('-').collect();
    let mut forms = vec![
        region.to_owned(),
        region.replace('-', "_"),
        region.replace('-', ""),
    ];
    if let [area, direction, number] = parts[..] {
        let short = |length: usize| direction.get(..length).unwrap_or(direction);
        forms.push(format!("{area}{}{number}", short(1)));
        forms.push(format!("{area}-{}-{number}", short(1)));
        forms.push(format!("{direction}-{number}"));
        forms.push(format!("{direction}_{number}"));
        forms.push(format!("{direction}{number}"));
        forms.push(format!("{area}-{direction}"));
        forms.push(format!("{area}_{direction}"));
        forms.push(direction.to_owned());
    }
    let city = match region {
        "us-east-1" => "virginia",
        "us-east-2" => "ohio",
        "us-west-1" => "california",
        "us-west-2" => "oregon",
        "eu-west-1" => "ireland",
        "eu-west-2" => "london",
        "eu-west-3" => "paris",
        "eu-central-1" => "frankfurt",
        "eu-north-1" => "stockholm",
        "ap-southeast-1" => "singapore",
        "ap-southeast-2" => "sydney",
        "ap-northeast-1" => "tokyo",
        _ => "",
    };
    if !city.is_empty() {
        forms.push(city.to_owned());
    }
    forms
}

/// Drops a word where it stands between others, not inside of a longer one.
fn replace_word(text: &str, word: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let before = rest.get(..at).unwrap_or_default();
        let after = rest.get(at + word.len()..).unwrap_or_default();
        let inside = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        out.push_str(before);
        if inside(
            before
                .chars()
                .next_back()
                .or_else(|| out.chars().next_back()),
        ) || inside(after.chars().next())
        {
            out.push_str(word);
        } else {
            out.push('-');
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_the_same_in_both_regions() {
        let words = Words::new(&["us-east-1", "us-west-2"]);
        for (a, b) in [
            ("module.network_primary", "module.network_secondary"),
            ("orders-us-east-1", "orders-us-west-2"),
            ("use1_orders", "usw2_orders"),
            ("orders_east", "orders_west"),
            ("app-primary-db", "app-replica-db"),
        ] {
            assert!(words.twins(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("orders", "invoices"),
            ("northeastern", "north"),
            ("db-a", "db-b"),
        ] {
            assert!(!words.twins(a, b), "{a} {b}");
        }
        assert!(swapped("db_primary", "db_replica"));
        assert!(!swapped("db", "db"));
    }
}
