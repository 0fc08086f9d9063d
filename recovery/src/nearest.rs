//! The word that somebody probably meant.

/// The known word nearest to a misspelt one, if one is near enough to be meant.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const LONGEST: usize = 40;
    if word.len() > LONGEST {
        return None;
    }
    let folded = |text: &str| text.to_ascii_lowercase().replace('-', "_");
    let (word, farthest) = (folded(word), (word.len() / 3).clamp(1, 4));
    known
        .into_iter()
        .filter(|other| other.len() <= LONGEST && other.len().abs_diff(word.len()) <= farthest)
        .map(|other| (distance(&word, &folded(other)), other))
        .filter(|(distance, other)| *distance <= farthest && *distance < other.len())
        .min()
        .map(|(_, other)| other)
}

/// `did you mean "x"?`, or another sentence where no known word is near.
pub(crate) fn did_you_mean<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
    otherwise: &str,
) -> String {
    match nearest(word, known) {
        Some(other) => format!("did you mean {other:?}?"),
        None => otherwise.to_owned(),
    }
}

/// How many characters are changed, added, taken away or swapped with the next one between two words.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut least = (last[j] + usize::from(x != y))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant_and_guesses_nothing_wild() {
        let known = ["after", "on_failure", "run_in", "tier", "timeout"];
        for (word, meant) in [
            ("aftre", Some("after")),
            ("on-failure", Some("on_failure")),
            ("Timeout", Some("timeout")),
            ("tiers", Some("tier")),
            ("region", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, known), meant, "{word}");
        }
        assert_eq!(nearest(&"x".repeat(41), known), None);
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }
}
