//! Every recorded snippet gets Terraform's verdict, and its errors stand where Terraform's stand.

use std::collections::BTreeMap;

use drcheck::syntax::parse;

use crate::{errors, snippets};

/// Terraform lets this encoding of half a character pass and stores something else; drcheck says that it is not UTF-8.
const ONLY_TERRAFORM_TAKES: &str = "a = \"‹ED›‹A0›‹80›\"";

#[test]
fn each_snippet_is_taken_or_rejected_as_terraform_does() {
    let mut wrong = Vec::new();
    for snippet in snippets() {
        let rejected = !parse(snippet.bytes).errors.is_empty();
        if rejected != snippet.rejected.is_some() && snippet.shown != ONLY_TERRAFORM_TAKES {
            wrong.push(format!("trap {}: {}", snippet.trap, snippet.shown));
        }
    }
    assert!(
        wrong.is_empty(),
        "another verdict than Terraform:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_known_trap_has_several_snippets() {
    let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
    for snippet in snippets() {
        *counts
            .entry(snippet.trap.parse().expect("a number"))
            .or_default() += 1;
    }
    assert_eq!(
        counts.keys().copied().collect::<Vec<_>>(),
        (1..=31).collect::<Vec<_>>()
    );
    assert!(counts.values().all(|count| *count >= 2), "{counts:?}");
    assert!(counts.values().sum::<u32>() >= 450, "snippets are missing");
}

#[test]
fn the_first_error_stands_on_terraforms_line() {
    for snippet in snippets() {
        let Some((line, _)) = snippet.rejected else {
            continue;
        };
        // Of an open heredoc Terraform names the last line of the file; where it was opened helps more. Each of them has
        // its first error on line 1, or in the open directive inside.
        if snippet.shown.contains("<<A") {
            continue;
        }
        let found = errors(parse(snippet.bytes));
        let first = found
            .first()
            .unwrap_or_else(|| panic!("no error in {}", snippet.shown));
        assert_eq!(first.0.line, line, "{}: {}", snippet.shown, first.1);
    }
}

#[test]
fn most_first_errors_stand_in_terraforms_column() {
    let (mut same, mut all) = (0, 0);
    for snippet in snippets() {
        let Some(place) = snippet.rejected else {
            continue;
        };
        let found = errors(parse(snippet.bytes));
        let Some((at, _)) = found.first() else {
            continue;
        };
        all += 1;
        same += u32::from((at.line, at.column) == place);
    }
    // Elsewhere Terraform names the start of the argument, and drcheck the token that does not fit.
    assert!(same * 100 >= all * 83, "only {same} of {all}");
}

#[test]
fn columns_count_what_people_see_as_characters() {
    let column = |text: &str| errors(parse(text.as_bytes()))[0].0.column;
    assert_eq!(column("a = \"👨‍👩‍👧\" b"), 9);
    assert_eq!(column("a = \"e\u{301}\" ]"), 9);
    assert_eq!(
        column("\u{feff}a = ]"),
        5,
        "a byte-order mark takes no column"
    );
    let crlf = errors(parse("a = 1\r\nb = ]\r\n".as_bytes()));
    assert_eq!((crlf[0].0.line, crlf[0].0.column), (2, 5));
}
