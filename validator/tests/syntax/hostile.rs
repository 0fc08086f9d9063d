//! Input that means harm, or is simply damaged: no panic, no long wait, no wrong tree.

use std::time::{Duration, Instant};

use drcheck::source::Span;
use drcheck::syntax::ast::{Ast, Body, ExprId, ExprKind};
use drcheck::syntax::{
    MAX_NESTING, parse, parse_expression, parse_json, parse_json_values, parse_template,
};

use crate::snippets;

#[test]
fn nesting_past_the_limit_is_one_clean_error_on_an_ordinary_thread() {
    let deep = 100_000;
    let shapes = [
        ("[", "]"),
        ("(", ")"),
        ("{a=", "}"),
        ("f(", ")"),
        ("x[", "]"),
        ("\"${", "}\""),
        ("!", ""),
        ("-", ""),
        ("[for v in ", " : v]"),
        ("a ? b : ", ""),
        ("x[*].y", ""),
        ("{for k in ", " : k => k}"),
        ("a ? ", " : b"),
        ("\"%{ if x }", "%{ endif }\""),
        ("[{a=(", ")}]"),
        ("f(\"${", "}\")"),
        ("- !", ""),
    ];
    for (open, close) in shapes {
        let began = Instant::now();
        let text = format!("a = {}1{}\n", open.repeat(deep), close.repeat(deep));
        let ast = parse(text.into_bytes());
        assert!(
            !ast.errors.is_empty() || open == "x[*].y",
            "{open} nested {deep} times is taken"
        );
        assert!(
            began.elapsed() < Duration::from_secs(5),
            "{open} takes {:?}",
            began.elapsed()
        );
    }
}

#[test]
fn one_level_too_many_is_an_error_that_names_the_limit_and_costs_one_argument() {
    let deep = MAX_NESTING as usize + 1;
    for (open, close) in [
        ("[", "]"),
        ("(", ")"),
        ("{a=", "}"),
        ("f(", ")"),
        ("\"${", "}\""),
    ] {
        let text = format!(
            "x = 1\na = {}1{}\nresource \"t\" \"n\" {{\n}}\n",
            open.repeat(deep),
            close.repeat(deep)
        );
        let ast = parse(text.into_bytes());
        let [error] = ast.errors.as_slice() else {
            panic!("{open}: {:?}", ast.errors);
        };
        assert!(error.message.contains("512"), "{open}: {}", error.message);
        let names: Vec<&str> = ast
            .attributes(ast.root)
            .iter()
            .map(|attribute| ast.slice(attribute.name))
            .collect();
        assert_eq!(names, ["x", "a"], "{open}");
        assert!(!ast.blocks(ast.root)[0].damaged, "{open}");
    }
}

#[test]
fn nesting_up_to_the_limit_is_read() {
    let deep = MAX_NESTING as usize - 4;
    for (open, close) in [("[", "]"), ("(", ")"), ("{a=", "}"), ("f(", ")"), ("!", "")] {
        let text = format!("a = {}1{}\n", open.repeat(deep), close.repeat(deep));
        assert_eq!(parse(text.into_bytes()).errors, [], "{open}");
    }
    let blocks = format!("{}{}", "a {\n".repeat(deep), "}\n".repeat(deep));
    assert_eq!(parse(blocks.into_bytes()).errors, []);
    let json = format!("{{\"a\":{}{}}}", "[".repeat(deep), "]".repeat(deep));
    assert_eq!(parse_json(json.clone().into_bytes()).errors, []);
    assert_eq!(parse_json_values(json.into_bytes()).errors, []);
}

#[test]
fn chains_need_no_depth() {
    for link in ["+ 1", ".b", "[0]", "&& x", ".*.c", "== 2"] {
        let text = format!("a = x{}\n", format!(" {link}").repeat(50_000));
        let ast = parse(text.replace(" .", ".").replace(" [", "[").into_bytes());
        let taken = ast.errors.is_empty();
        assert!(taken || link == ".*.c", "{link}: {:?}", ast.errors);
    }
}

#[test]
fn open_ends_do_not_make_the_work_grow_with_the_square() {
    let pieces = [
        "a = <<E\n",
        "a = /*\n",
        "a = \"${\n",
        "a = [\n",
        "a {\n",
        "}\n",
        "a = \"%{ if x }\n",
        "a = (\n",
        "\"",
        "a = {\n",
        "a b c\n",
        "<<A\n",
        "${<<A\n",
        "/*\n",
        "data /*\n",
        "a = [ c d\n",
        "b { c {\n",
    ];
    let heads = ["", "a = [ c d\n", "a = [\n"];
    for (head, piece) in heads
        .iter()
        .flat_map(|head| pieces.map(|piece| (head, piece)))
    {
        let text = format!("{head}{}", piece.repeat(20_000));
        let began = Instant::now();
        let ast = parse(text.clone().into_bytes());
        parse_json(text.clone().into_bytes());
        parse_template(text.into_bytes());
        assert!(ast.errors.len() <= 50, "{} errors", ast.errors.len());
        assert!(
            began.elapsed() < Duration::from_secs(5),
            "{head:?} {piece:?} takes {:?}",
            began.elapsed()
        );
    }
    let strings: Vec<String> = (0..20_000)
        .map(|n| format!("\"a{n}\":\"${{\\n\""))
        .collect();
    let strings = format!("{{\"locals\":{{{}}}}}", strings.join(","));
    let began = Instant::now();
    assert_eq!(parse_json(strings.into_bytes()).errors.len(), 50);
    assert!(began.elapsed() < Duration::from_secs(5));
}

/// Every span lies in the file, children inside of their parents, and starts and ends between characters.
fn check_spans(ast: &Ast) {
    let text = ast.source.clone();
    let inside = |span: Span| span.start <= span.end && span.end as usize <= text.len();
    for id in 0..ast.expr_count() {
        let id = ExprId(u32::try_from(id).expect("few"));
        let e = ast.expr(id);
        assert!(inside(e.span), "{e:?}");
        let _ = ast.slice(e.span);
        let within = |child: ExprId| {
            assert!(child < id, "{child:?} stands behind its parent {id:?}");
            let span = ast.expr(child).span;
            let fits = span.start >= e.span.start && span.end <= e.span.end;
            assert!(fits, "{:?} sticks out of {e:?}", ast.expr(child));
        };
        match e.kind {
            ExprKind::Template(list) | ExprKind::Tuple(list) => ast.items(list).for_each(within),
            ExprKind::Object(list) => ast.pairs(list).for_each(|(key, value)| {
                within(key);
                within(value);
            }),
            ExprKind::Wrap(of)
            | ExprKind::Negate(of)
            | ExprKind::Not(of)
            | ExprKind::Parentheses(of)
            | ExprKind::Attribute { of, .. }
            | ExprKind::LegacyIndex { of, .. } => within(of),
            ExprKind::Index { of, key } => {
                within(of);
                within(key);
            }
            ExprKind::Binary { left, right, .. } => {
                within(left);
                within(right);
            }
            ExprKind::Conditional {
                condition,
                then,
                otherwise,
            } => [condition, then, otherwise].into_iter().for_each(within),
            ExprKind::String(text) => drop(ast.text(text).to_owned()),
            _ => {}
        }
    }
    check_body(ast, ast.root);
}

fn check_body(ast: &Ast, body: Body) {
    for attribute in ast.attributes(body) {
        assert!(
            !ast.slice(attribute.name).contains('\u{fffd}'),
            "a name of damaged text"
        );
        let _ = ast.expr(attribute.value);
    }
    for block in ast.blocks(body) {
        assert!(block.span.start <= block.span.end);
        assert!(block.body.span.start >= block.span.start && block.body.span.end <= block.span.end);
        check_body(ast, block.body);
    }
}

const WHOLE: &str = include_str!("../data/syntax/whole.tf");

#[test]
fn spans_of_a_healthy_file_nest() {
    let ast = parse(WHOLE.as_bytes());
    assert_eq!(ast.errors, []);
    check_spans(&ast);
    for snippet in snippets() {
        check_spans(&parse(snippet.bytes));
    }
}

#[test]
fn damaged_files_never_panic_and_are_never_lost_as_a_whole() {
    let mut chance = fastrand::Rng::with_seed(31);
    let blocks = parse(WHOLE.as_bytes())
        .blocks(parse(WHOLE.as_bytes()).root)
        .len();
    let mut kept = 0;
    let rounds = 1_500;
    for _ in 0..rounds {
        let mut bytes = WHOLE.as_bytes().to_vec();
        for _ in 0..chance.usize(1..4) {
            let at = chance.usize(..bytes.len());
            match chance.u8(..3) {
                0 => bytes[at] = chance.u8(..),
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(
                    at,
                    *chance
                        .choice(b"\"{}()[]$%<\n\\/*#,=~\xff\x00")
                        .expect("not empty"),
                ),
            }
        }
        let ast = parse(bytes.clone());
        check_spans(&ast);
        kept += ast.blocks(ast.root).len();
        check_spans(&parse_template(bytes.clone()));
        check_spans(&parse_expression(bytes));
    }
    assert!(
        kept * 100 >= rounds * blocks * 85,
        "only {kept} of {} blocks are left",
        rounds * blocks
    );
}

#[test]
fn random_bytes_never_panic() {
    let mut chance = fastrand::Rng::with_seed(7);
    let alphabet =
        "ab1 \n\r\t\"\\{}[]()$%<>-=:,.?!&|+*/#~é\u{301}👨\u{200d}for in if <<A\nA\n".as_bytes();
    for _ in 0..4_000 {
        let length = chance.usize(..80);
        let raw = chance.bool();
        let bytes: Vec<u8> = (0..length)
            .map(|_| {
                if raw {
                    chance.u8(..)
                } else {
                    *chance.choice(alphabet).expect("not empty")
                }
            })
            .collect();
        for ast in [
            parse(bytes.clone()),
            parse_template(bytes.clone()),
            parse_expression(bytes.clone()),
        ] {
            check_spans(&ast);
        }
        parse_json(bytes.clone());
        parse_json_values(bytes);
    }
}
