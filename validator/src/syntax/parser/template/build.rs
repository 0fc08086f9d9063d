//! The parts of a template into a tree; what `<<-` takes away.

use super::super::{Parsed, Parser, offset};
use super::Part;
use crate::source::Span;
use crate::syntax::ast::{ExprId, ExprKind, Text};
use crate::syntax::literal::{Literal, Wrong};

/// Directives inside of directives.
const DEEPEST: u32 = 200;

impl Parser<'_> {
    /// Turns the parts into a tree.
    pub(super) fn build(&mut self, parts: Vec<Part>, span: Span) -> Parsed<ExprId> {
        if let [Part::Hole(inner)] = parts.as_slice() {
            return Ok(self.push(ExprKind::Wrap(*inner), span));
        }
        let mut parts = parts.into_iter().peekable();
        match self.sequence(&mut parts, span, 0) {
            Ok(built) => match parts.next() {
                None => Ok(built),
                Some(part) => self.wrong(stray(&part)),
            },
            Err(wrong) => self.wrong(wrong),
        }
    }

    /// Parts up to one that ends a directive.
    fn sequence(&mut self, parts: &mut Parts, span: Span, depth: u32) -> Result<ExprId, Wrong> {
        if depth > DEEPEST {
            let message = format!("directives nested deeper than {DEEPEST} levels");
            return Err((span.start as usize, message));
        }
        let mark = self.pending.len();
        while let Some(part) = parts.next_if(|part| !part.ends_something()) {
            let id = match part {
                Part::Text(first) => self.text(first, parts),
                Part::Hole(inner) => inner,
                Part::If(condition, at) => self.condition((condition, at), parts, span, depth)?,
                Part::For(key, value, collection, began) => {
                    let body = self.sequence(parts, span, depth + 1)?;
                    ends(parts.next(), "endfor", ("for", began))?;
                    let at = offset(self.ast.extra.len());
                    self.ast.extra.extend([
                        key.start,
                        key.end,
                        value.start,
                        value.end,
                        collection.0,
                        body.0,
                    ]);
                    self.push(ExprKind::TemplateFor(at), span)
                }
                Part::Else(_) | Part::EndIf(_) | Part::EndFor(_) => return Err(stray(&part)),
            };
            self.pending.push(id.0);
        }
        Ok(self.joined(mark, span, depth))
    }

    /// What is pending since `mark`, as one template.
    fn joined(&mut self, mark: usize, span: Span, depth: u32) -> ExprId {
        match self.pending[mark..] {
            [] => self.push(ExprKind::String(Text::default()), span),
            [only]
                if matches!(self.ast.expr(ExprId(only)).kind, ExprKind::String(_))
                    && self.is_own_text(only) =>
            {
                self.pending.truncate(mark);
                if depth == 0 {
                    self.ast.exprs[only as usize].span = span;
                }
                ExprId(only)
            }
            _ => {
                let list = self.list_since(mark);
                self.push(ExprKind::Template(list), span)
            }
        }
    }

    /// Whether a string is text of this template, which was pushed last, not a string inside of a hole.
    fn is_own_text(&self, id: u32) -> bool {
        id as usize + 1 == self.ast.exprs.len()
    }

    fn condition(
        &mut self,
        (condition, began): (ExprId, usize),
        parts: &mut Parts,
        span: Span,
        depth: u32,
    ) -> Result<ExprId, Wrong> {
        let then = self.sequence(parts, span, depth + 1)?;
        let mut otherwise = None;
        if parts
            .next_if(|part| matches!(part, Part::Else(_)))
            .is_some()
        {
            otherwise = Some(self.sequence(parts, span, depth + 1)?);
        }
        ends(parts.next(), "endif", ("if", began))?;
        let kind = ExprKind::TemplateIf {
            condition,
            then,
            otherwise,
        };
        Ok(self.push(kind, span))
    }

    /// Neighbouring runs of text as one string, which stays a slice of the source where nothing was decoded or cut.
    fn text(&mut self, first: Literal, parts: &mut Parts) -> ExprId {
        let source = self.source;
        let (start, mut end) = (first.start, first.end);
        let mut owned = first.decoded;
        while let Some(Part::Text(next)) = parts.next_if(|part| matches!(part, Part::Text(_))) {
            if owned.is_none() && (next.decoded.is_some() || next.start != end) {
                let bytes = source.get(start..end).unwrap_or_default();
                owned = Some(String::from_utf8_lossy(bytes).into_owned());
            }
            if let Some(text) = &mut owned {
                text.push_str(next.text(source));
            }
            end = next.end;
        }
        let text = match owned {
            Some(text) => self.own(&text),
            None => Self::borrowed(start, end),
        };
        self.push(ExprKind::String(text), Self::between(start, end))
    }
}

type Parts = std::iter::Peekable<std::vec::IntoIter<Part>>;

/// The part that has to end a directive, which began with a word at some place.
fn ends(part: Option<Part>, wanted: &str, (word, began): (&str, usize)) -> Result<(), Wrong> {
    match part {
        Some(part) if part.word() == wanted => Ok(()),
        Some(part) => {
            let message = format!(
                "expected `%{{ {wanted} }}` to end the `{word}` before it, found `{}`",
                part.word()
            );
            Err((part.at().unwrap_or(began), message))
        }
        None => Err((began, format!("`%{{ {word} }}` without `%{{ {wanted} }}`"))),
    }
}

fn stray(part: &Part) -> Wrong {
    let message = format!("`{}` without the directive that it belongs to", part.word());
    (part.at().unwrap_or_default(), message)
}

impl Part {
    fn ends_something(&self) -> bool {
        matches!(self, Part::Else(_) | Part::EndIf(_) | Part::EndFor(_))
    }

    fn word(&self) -> &'static str {
        match self {
            Part::Else(_) => "else",
            Part::EndIf(_) => "endif",
            Part::EndFor(_) => "endfor",
            Part::Text(_) | Part::Hole(_) | Part::If(..) | Part::For(..) => "",
        }
    }

    /// Where a directive begins.
    fn at(&self) -> Option<usize> {
        match self {
            Part::If(_, at)
            | Part::Else(at)
            | Part::EndIf(at)
            | Part::For(.., at)
            | Part::EndFor(at) => Some(*at),
            Part::Text(_) | Part::Hole(_) => None,
        }
    }
}

/// `<<-`: takes the smallest indentation away, after `~` has trimmed. So an indentation that was trimmed counts as none, a
/// line whose break was trimmed begins no line, and lines of white space only are neither counted nor changed.
pub(super) fn dedent(source: &[u8], parts: &mut [Part]) {
    let mut least: Option<usize> = None;
    let mut at_line_start = true;
    let mut begins = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let Part::Text(literal) = part else {
            if at_line_start {
                least = Some(0);
            }
            at_line_start = false;
            continue;
        };
        let text = literal.text(source);
        let blank = text.ends_with('\n') && text.trim().is_empty();
        if at_line_start && !blank {
            let indentation = text.chars().take_while(|c| c.is_whitespace()).count();
            least = Some(least.map_or(indentation, |least| least.min(indentation)));
            begins.push(at);
        }
        at_line_start = text.ends_with('\n');
    }
    let Some(characters) = least.filter(|least| *least > 0) else {
        return;
    };
    for at in begins {
        if let Part::Text(literal) = &mut parts[at] {
            literal.dedent(source, characters);
        }
    }
}
