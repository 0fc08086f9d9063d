//! Broken files: the first error stands where the mistake is, everything else is still there, and what may lack something
//! says so.

use drcheck::syntax::ast::ExprKind;
use drcheck::syntax::parse;

use crate::errors;

/// Four blocks; the second one is where things go wrong.
fn file(broken: &str) -> String {
    format!(
        "resource \"a\" \"one\" {{\n  x = 1\n}}\n\n{broken}\n\nresource \"a\" \"three\" {{\n  x = 3\n}}\n\noutput \"four\" {{\n  value = 4\n}}\n"
    )
}

struct Case {
    /// What is wrong, in the second block; it begins on line 5.
    broken: &'static str,
    /// Line and column of the first error.
    at: (u32, u32),
    /// A part of what it says.
    says: &'static str,
    /// Arguments of the second block that are known, with a value.
    known: &'static [&'static str],
    /// Arguments that are named but have no value that can be trusted.
    bad: &'static [&'static str],
}

const CASES: &[Case] = &[
    case(
        "data \"b\" \"two\" {\n  x = 1\n  y = \"abc\n  z = 2\n}",
        (7, 7),
        "not closed on its line",
        &["x", "z"],
        &["y"],
    ),
    case(
        "data \"b\" \"two\" {\n  x = 1\n  y = [1, 2\n}",
        (8, 1),
        "`]` in this list",
        &["x"],
        &["y"],
    ),
    case(
        "data \"b\" \"two\" {\n  x = 1\n  y = (1 + 2\n}",
        (8, 1),
        "opened on line 7",
        &["x"],
        &["y"],
    ),
    case(
        "data \"b\" \"two\" {\n  x = 1\n  y = {\n    k = 1\n}",
        (5, 16),
        "this block is not closed before",
        &["x"],
        &[],
    ),
    case(
        "data \"b\" \"two\" {\n  x = 1\n  y = 2\n",
        (5, 16),
        "not closed",
        &["x", "y"],
        &[],
    ),
    case(
        "data \"b\" \"two\" {\n  x = <<EOT\n  abc\n}",
        (6, 7),
        "no closing line",
        &[],
        &["x"],
    ),
    case(
        "data \"b\" \"two\" {\n  x = \"${y\"\n  z = 1\n}",
        (6, 11),
        "",
        &["z"],
        &["x"],
    ),
    case(
        "data \"b\" \"two\" {\n  x = \"%{ if y }z\"\n  z = 1\n}",
        (6, 8),
        "without `%{ endif }`",
        &["z"],
        &["x"],
    ),
    case(
        "data \"b\" \"two\" {\n  x 1\n  z = 1\n}",
        (6, 5),
        "`=` or `{` after the name",
        &["z"],
        &[],
    ),
    case(
        "data \"b\" \"two\" {\n  x =\n  z = 1\n}",
        (6, 6),
        "expected a value, found the end of the line",
        &["z"],
        &["x"],
    ),
    case(
        "data \"b\" \"two\" {\n  x = [1 2]\n  z = 1\n}",
        (6, 10),
        "`,` or `]`",
        &["z"],
        &["x"],
    ),
    case(
        "data \"b\" \"two\" {\n  x = a ? b\n  z = 1\n}",
        (6, 12),
        "`:`",
        &["z"],
        &["x"],
    ),
    case(
        "data \"b\" \"two\" {\n  x = 1 }\n",
        (6, 9),
        "line break",
        &["x"],
        &[],
    ),
    case(
        "data \"b\" \"two\" { x = 1, z = 2 }",
        (5, 23),
        "single argument",
        &["x", "z"],
        &[],
    ),
    case(
        "data \"b\" \"two\" {\n  x = 1; z = 2\n  w = 3\n}",
        (6, 8),
        "`;`",
        &["x", "w"],
        &[],
    ),
    case(
        "data \"b\" \"two\" {\n  x = 'abc'\n  z = 2\n}",
        (6, 7),
        "double quotes",
        &["z"],
        &["x"],
    ),
    case(
        "data \"b\" \"two\" {\n<<<<<<< HEAD\n  x = 1\n=======\n  x = 2\n>>>>>>> other\n  z = 3\n}",
        (6, 1),
        "argument or a block",
        &["x", "z"],
        &[],
    ),
    case(
        "data \"b\" \"two\" {\n  x = 1\n  x = 2\n  z = 3\n}",
        (7, 3),
        "already set",
        &["x", "z"],
        &[],
    ),
    case(
        "data \"b\" \"two\" {\n  \"x\" = 1\n  z = 3\n}",
        (6, 3),
        "without quotes",
        &["z"],
        &[],
    ),
    case(
        "data \"b\" \"two\" {\n  x = f(1, 2\n  z = 3\n}",
        (7, 3),
        "function call",
        &[],
        &["x"],
    ),
    case(
        "data \"b\" \"two\" {\n  x = 10.0.0.0/16\n  z = 3\n}",
        (6, 7),
        "not a number",
        &["z"],
        &["x"],
    ),
    case(
        "data \"b\" \"two\" {\n  x = \"a\" \"b\"\n  z = 3\n}",
        (6, 11),
        "line break",
        &["z"],
        &["x"],
    ),
    case(
        "data \"b\" \"two\" {\n  x = \"a\\q\"\n  z = 3\n}",
        (6, 9),
        "unknown escape",
        &["z"],
        &["x"],
    ),
    case(
        "data \"b\" \"two\" {\n  x = var..y\n  z = 3\n}",
        (6, 11),
        "attribute name",
        &["z"],
        &["x"],
    ),
];

const fn case(
    broken: &'static str,
    at: (u32, u32),
    says: &'static str,
    known: &'static [&'static str],
    bad: &'static [&'static str],
) -> Case {
    Case {
        broken,
        at,
        says,
        known,
        bad,
    }
}

#[test]
fn the_first_error_stands_where_the_mistake_is() {
    for case in CASES {
        let found = errors(parse(file(case.broken).into_bytes()));
        let (at, message) = found
            .first()
            .unwrap_or_else(|| panic!("no error in:\n{}", case.broken));
        assert_eq!((at.line, at.column), case.at, "{message}\n{}", case.broken);
        assert!(
            message.contains(case.says),
            "{message:?} does not say {:?}",
            case.says
        );
    }
}

#[test]
fn all_other_blocks_are_still_there_and_healthy() {
    for case in CASES {
        let ast = parse(file(case.broken).into_bytes());
        let blocks: Vec<(String, bool)> = ast
            .blocks(ast.root)
            .iter()
            .map(|block| {
                (
                    ast.label_texts(block)
                        .last()
                        .copied()
                        .unwrap_or_default()
                        .to_owned(),
                    block.damaged,
                )
            })
            .collect();
        let names: Vec<&str> = blocks.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["one", "two", "three", "four"], "{}", case.broken);
        let others = blocks.iter().filter(|(name, _)| name != "two");
        assert!(
            others.into_iter().all(|(_, damaged)| !damaged),
            "{blocks:?}\n{}",
            case.broken
        );
        assert!(
            blocks[1].1,
            "the broken block does not say so:\n{}",
            case.broken
        );
    }
}

#[test]
fn a_broken_argument_is_unknown_and_never_absent() {
    for case in CASES {
        let ast = parse(file(case.broken).into_bytes());
        let block = ast.blocks(ast.root)[1];
        let value = |wanted: &str| {
            let found = ast
                .attributes(block.body)
                .iter()
                .find(|attribute| ast.slice(attribute.name) == wanted);
            let attribute =
                found.unwrap_or_else(|| panic!("{wanted} is lost in:\n{}", case.broken));
            ast.expr(attribute.value).kind
        };
        for name in case.known {
            assert_ne!(value(name), ExprKind::Bad, "{name} in:\n{}", case.broken);
        }
        for name in case.bad {
            assert_eq!(value(name), ExprKind::Bad, "{name} in:\n{}", case.broken);
        }
    }
}

#[test]
fn a_stray_brace_damages_the_blocks_before_it_and_none_behind_it() {
    let ast = parse("a \"x\" {\n}\nresource \"b\" \"y\" {\n  n {\n  }\n  }\n  z = 1\n}\nresource \"c\" \"z\" {\n}\n".as_bytes());
    let damaged: Vec<bool> = ast
        .blocks(ast.root)
        .iter()
        .map(|block| block.damaged)
        .collect();
    assert_eq!(damaged, [false, true, false]);
}

#[test]
fn a_file_gives_at_most_fifty_errors() {
    let ast = parse("a = ]\n".repeat(200).into_bytes());
    assert_eq!(ast.errors.len(), 50);
}
