//! Trees as text, in a form that the other parser's trees have too.

use drcheck::syntax::ast::{Ast, BinaryOp, Body, ExprId, ExprKind, For};

/// A body: arguments, then blocks.
pub(crate) fn body(ast: &Ast, of: Body) -> String {
    let attributes = ast.attributes(of).iter().map(|attribute| {
        let value = expr(ast, attribute.value);
        format!("{}={value}\n", ast.slice(attribute.name))
    });
    let blocks = ast.blocks(of).iter().map(|block| {
        let labels = ast.label_texts(block).join("|");
        format!(
            "{}<{labels}>{{\n{}}}\n",
            ast.slice(block.name),
            body(ast, block.body)
        )
    });
    attributes.chain(blocks).collect()
}

/// An expression, with parentheses around everything.
pub(crate) fn expr(ast: &Ast, id: ExprId) -> String {
    let e = ast.expr(id);
    let of = |id| expr(ast, id);
    match e.kind {
        ExprKind::Bad => "BAD".into(),
        ExprKind::Null => "null".into(),
        ExprKind::True => "true".into(),
        ExprKind::False => "false".into(),
        ExprKind::Number => number(ast.slice(e.span)),
        ExprKind::String(text) => format!("{:?}", ast.text(text)),
        ExprKind::Template(parts) => format!(
            "T[{}]",
            ast.items(parts).map(of).collect::<Vec<_>>().join(" ")
        ),
        ExprKind::Wrap(inner) => format!("W[{}]", of(inner)),
        ExprKind::TemplateIf {
            condition,
            then,
            otherwise,
        } => format!(
            "IF[{} {} {}]",
            of(condition),
            of(then),
            otherwise.map_or("-".into(), of)
        ),
        ExprKind::TemplateFor(at) => {
            let parts = ast.template_for(at);
            format!(
                "FOR[{} {} {}]",
                names(ast, &parts),
                of(parts.collection),
                of(parts.value)
            )
        }
        ExprKind::Variable => ast.slice(e.span).into(),
        ExprKind::Attribute { of: inner, name } => format!("{}.{}", of(inner), ast.slice(name)),
        ExprKind::Index { of: inner, key } => format!("{}[{}]", of(inner), of(key)),
        ExprKind::LegacyIndex { of: inner, number } => {
            format!("{}.{}", of(inner), ast.slice(number))
        }
        ExprKind::AttributeSplat { of: inner, each } => format!("{}.*{}", of(inner), of(each)),
        ExprKind::FullSplat { of: inner, each } => format!("{}[*]{}", of(inner), of(each)),
        ExprKind::SplatItem => String::new(),
        ExprKind::Call(at) => {
            let call = ast.call(at);
            let arguments: Vec<String> = call.arguments.iter().map(|id| of(ExprId(*id))).collect();
            let expand = if call.expand { "..." } else { "" };
            format!(
                "{}({}{expand})",
                ast.slice(call.name).replace(' ', ""),
                arguments.join(",")
            )
        }
        ExprKind::Tuple(items) => format!(
            "[{}]",
            ast.items(items).map(of).collect::<Vec<_>>().join(",")
        ),
        ExprKind::Object(pairs) => {
            let pairs: Vec<String> = ast
                .pairs(pairs)
                .map(|(key, value)| format!("{}:{}", of(key), of(value)))
                .collect();
            format!("{{{}}}", pairs.join(","))
        }
        ExprKind::For(at) => {
            let parts = ast.for_expr(at);
            let key = parts
                .key
                .map_or(String::new(), |key| format!("{}=>", of(key)));
            let group = if parts.group { "..." } else { "" };
            let condition = parts
                .condition
                .map_or(String::new(), |condition| format!(" if {}", of(condition)));
            format!(
                "for[{} {} {key}{}{group}{condition}]",
                names(ast, &parts),
                of(parts.collection),
                of(parts.value)
            )
        }
        ExprKind::Conditional {
            condition,
            then,
            otherwise,
        } => format!("({}?{}:{})", of(condition), of(then), of(otherwise)),
        ExprKind::Binary { op, left, right } => {
            format!("({}{}{})", of(left), operator(op), of(right))
        }
        ExprKind::Negate(inner) => format!("-{}", of(inner)),
        ExprKind::Not(inner) => format!("!{}", of(inner)),
        ExprKind::Parentheses(inner) => format!("({})", of(inner)),
    }
}

/// Numbers by value, where both parsers keep it.
pub(crate) fn number(text: &str) -> String {
    text.parse::<f64>()
        .map_or_else(|_| text.to_owned(), |value| value.to_string())
}

fn names(ast: &Ast, parts: &For) -> String {
    let key = parts
        .key_name
        .map_or(String::new(), |key| format!("{},", ast.slice(key)));
    format!("{key}{}", ast.slice(parts.value_name))
}

fn operator(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => "||",
        BinaryOp::And => "&&",
        BinaryOp::Equal => "==",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Less => "<",
        BinaryOp::LessEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterEqual => ">=",
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Modulo => "%",
    }
}
