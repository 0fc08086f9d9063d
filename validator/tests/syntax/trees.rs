//! The same trees as another parser of the language gives, where that one is right.

use std::path::PathBuf;

use drcheck::syntax::{parse, parse_expression};
use hcl::edit::expr::{Expression, ForExpr, ObjectKey, Traversal, TraversalOperator};
use hcl::edit::structure::{BlockLabel, Body};
use hcl::edit::template::{Element, HeredocTemplate, StringTemplate, Template};

use crate::{shown, snippets};

const WHOLE: &str = include_str!("../data/syntax/whole.tf");

#[test]
fn a_whole_file_gives_the_same_tree() {
    compare("whole.tf", WHOLE);
}

#[test]
fn every_committed_file_gives_the_same_tree() {
    let mut directories = vec![
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data"),
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../examples"),
    ];
    let mut files = 0;
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(&directory).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|ending| ending == "tf") {
                let text = std::fs::read_to_string(&path).expect("text");
                compare(&path.display().to_string(), &text);
                files += 1;
            }
        }
    }
    assert!(files > 80, "only {files} files");
}

/// Both parsers take a file, and see the same in it.
fn compare(name: &str, text: &str) {
    let theirs: Body = text
        .parse()
        .unwrap_or_else(|error| panic!("{name}: the other parser says {error}"));
    let ast = parse(text.as_bytes());
    assert_eq!(ast.errors, [], "{name}");
    let (ours, theirs) = (shown::body(&ast, ast.root), body(&theirs));
    assert_eq!(ours.lines().count(), theirs.lines().count(), "{name}");
    for (ours, theirs) in ours.lines().zip(theirs.lines()) {
        // Where text ends and directives begin is decided by each in its own way.
        if !theirs.contains("DIRECTIVE") {
            assert_eq!(ours, theirs, "{name}");
        }
    }
}

/// Snippets of which the other parser makes something else than Terraform does.
const OTHERS_MISTAKES: &[&str] = &["a = 1.e3", "a = { null = 1, true = 2 }"];

#[test]
fn snippets_that_both_take_give_the_same_tree() {
    let mut compared = 0;
    let mut different = Vec::new();
    for snippet in snippets() {
        let Ok(text) = std::str::from_utf8(&snippet.bytes) else {
            continue;
        };
        let (ast, Ok(theirs)) = (parse(text.as_bytes()), text.parse::<Body>()) else {
            continue;
        };
        let theirs = body(&theirs);
        let wrong = OTHERS_MISTAKES.contains(&snippet.shown.as_str());
        if wrong || !ast.errors.is_empty() || theirs.contains("DIRECTIVE") || text.contains("<<") {
            continue;
        }
        compared += 1;
        let ours = shown::body(&ast, ast.root);
        if ours.split_once("T[").map_or(&*ours, |(before, _)| before) != cut(&theirs, &ours) {
            different.push(format!("{}: {ours:?} {theirs:?}", snippet.shown));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(compared > 150, "only {compared} compared");
}

/// Up to where a template of ours begins, whose text is cut into pieces elsewhere.
fn cut<'a>(theirs: &'a str, ours: &str) -> &'a str {
    match ours.find("T[") {
        Some(at) => theirs.get(..at).unwrap_or(theirs),
        None => theirs,
    }
}

/// A random expression without line breaks.
fn random(chance: &mut fastrand::Rng, depth: u32) -> String {
    let mut inner = || random(chance, depth + 1);
    if depth > 4 {
        return ["1", "x", "\"s\"", "null", "2.5"][usize::try_from(depth).expect("small") % 5]
            .into();
    }
    let (a, b, c) = (inner(), inner(), inner());
    match chance.u8(..20) {
        0 => format!("({a})"),
        1 => format!("[{a}, {b}]"),
        2 => format!("{{ k = {a}, \"l\" = {b} }}"),
        3 => format!("f({a}, {b}...)"),
        4 => format!("x[{a}].y"),
        5 => format!("({a} ? {b} : {c})"),
        6 => format!("{a} == {b}"),
        7 => format!("({a}) + {b} * {c}"),
        8 => format!("!({a})"),
        9 => format!("[for k, v in {a} : {b} if {c}]"),
        10 => format!("{{for v in {a} : {b} => {c}...}}"),
        11 => format!("\"${{{a}}}\""),
        12 => "x.y.z[0]".into(),
        13 => "x[*].y.z".into(),
        14 => "x.*.y".into(),
        15 => "a::b(1)".into(),
        16 => format!("{a} && {b} || {c}"),
        17 => format!("{a} - {b} - {c}"),
        18 => format!("({a} < {b}) != ({c} >= 1)"),
        _ => "\"t\\n$${u}\"".into(),
    }
}

#[test]
fn random_expressions_give_the_same_tree() {
    let mut chance = fastrand::Rng::with_seed(99);
    for _ in 0..400 {
        let text = random(&mut chance, 2);
        let theirs: Expression = text
            .parse()
            .unwrap_or_else(|error| panic!("{text}: {error}"));
        let ast = parse_expression(text.as_bytes());
        assert_eq!(ast.errors, [], "{text}");
        let ours = shown::expr(&ast, ast.template.expect("an expression"));
        assert_eq!(ours, expr(&theirs), "{text}");
    }
}

fn body(of: &Body) -> String {
    let attributes = of
        .attributes()
        .map(|attribute| format!("{}={}\n", attribute.key.as_str(), expr(&attribute.value)));
    let blocks = of.blocks().map(|block| {
        let labels: Vec<&str> = block.labels.iter().map(label).collect();
        let inner = body(&block.body);
        format!(
            "{}<{}>{{\n{inner}}}\n",
            block.ident.as_str(),
            labels.join("|")
        )
    });
    attributes.chain(blocks).collect()
}

fn label(of: &BlockLabel) -> &str {
    match of {
        BlockLabel::Ident(name) => name.as_str(),
        BlockLabel::String(text) => text.value().as_str(),
    }
}

fn expr(of: &Expression) -> String {
    match of {
        Expression::Null(_) => "null".into(),
        Expression::Bool(value) => value.value().to_string(),
        Expression::Number(value) => shown::number(&value.value().to_string()),
        Expression::String(text) => format!("{:?}", text.value()),
        Expression::StringTemplate(template) => string_template(template),
        Expression::HeredocTemplate(heredoc) => heredoc_template(heredoc),
        Expression::Array(items) => {
            format!("[{}]", items.iter().map(expr).collect::<Vec<_>>().join(","))
        }
        Expression::Object(object) => {
            let pairs: Vec<String> = object
                .iter()
                .map(|(key, value)| format!("{}:{}", self::key(key), expr(value.expr())))
                .collect();
            format!("{{{}}}", pairs.join(","))
        }
        Expression::Parenthesis(inner) => format!("({})", expr(inner.inner())),
        Expression::Variable(name) => name.as_str().into(),
        Expression::Conditional(c) => format!(
            "({}?{}:{})",
            expr(&c.cond_expr),
            expr(&c.true_expr),
            expr(&c.false_expr)
        ),
        Expression::FuncCall(call) => {
            let names = call.name.namespace.iter().chain([&call.name.name]);
            let names: Vec<&str> = names.map(|name| name.as_str()).collect();
            let arguments: Vec<String> = call.args.iter().map(expr).collect();
            let expand = if call.args.expand_final() { "..." } else { "" };
            format!("{}({}{expand})", names.join("::"), arguments.join(","))
        }
        Expression::Traversal(traversal) => self::traversal(traversal),
        Expression::UnaryOp(op) => format!("{}{}", op.operator.value().as_str(), expr(&op.expr)),
        Expression::BinaryOp(op) => format!(
            "({}{}{})",
            expr(&op.lhs_expr),
            op.operator.value().as_str(),
            expr(&op.rhs_expr)
        ),
        Expression::ForExpr(of) => for_expr(of),
    }
}

fn key(of: &ObjectKey) -> String {
    match of {
        ObjectKey::Ident(name) | ObjectKey::Expression(Expression::Variable(name)) => {
            format!("{:?}", name.as_str())
        }
        ObjectKey::Expression(key) => expr(key),
    }
}

fn for_expr(of: &ForExpr) -> String {
    let name = of
        .intro
        .key_var
        .as_ref()
        .map_or(String::new(), |name| format!("{},", name.as_str()));
    let key = of
        .key_expr
        .as_ref()
        .map_or(String::new(), |key| format!("{}=>", expr(key)));
    let group = if of.grouping { "..." } else { "" };
    let condition = of
        .cond
        .as_ref()
        .map_or(String::new(), |cond| format!(" if {}", expr(&cond.expr)));
    let (value, collection) = (expr(&of.value_expr), expr(&of.intro.collection_expr));
    format!(
        "for[{name}{} {collection} {key}{value}{group}{condition}]",
        of.intro.value_var.as_str()
    )
}

fn traversal(of: &Traversal) -> String {
    let mut out = vec![expr(&of.expr)];
    for operator in &of.operators {
        out.push(match operator.value() {
            TraversalOperator::AttrSplat(_) => ".*".into(),
            TraversalOperator::FullSplat(_) => "[*]".into(),
            TraversalOperator::GetAttr(name) => format!(".{}", name.as_str()),
            TraversalOperator::Index(key) => format!("[{}]", expr(key)),
            TraversalOperator::LegacyIndex(index) => format!(".{}", index.value()),
        });
    }
    out.concat()
}

fn string_template(of: &StringTemplate) -> String {
    let elements: Vec<&Element> = of.iter().collect();
    match elements.as_slice() {
        [Element::Interpolation(only)] => format!("W[{}]", expr(&only.expr)),
        [Element::Literal(only)] => format!("{:?}", only.as_str()),
        [] => "\"\"".into(),
        many => joined(many),
    }
}

fn heredoc_template(of: &HeredocTemplate) -> String {
    let template: &Template = &of.template;
    match template.iter().collect::<Vec<_>>().as_slice() {
        [Element::Literal(only)] => format!("{:?}", only.as_str()),
        many => joined(many),
    }
}

fn joined(elements: &[&Element]) -> String {
    let parts: Vec<String> = elements
        .iter()
        .map(|element| match element {
            Element::Literal(text) => format!("{:?}", text.as_str()),
            Element::Interpolation(hole) => expr(&hole.expr),
            Element::Directive(_) => "DIRECTIVE".into(),
        })
        .collect();
    format!("T[{}]", parts.join(" "))
}
