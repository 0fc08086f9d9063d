//! Ways into a tree: text, lists, and the parts of what keeps more than an expression has room for.

use super::{
    Ast, Attribute, Block, Body, Call, EXPAND, Expr, ExprId, ExprKind, FOR_GROUP, For, Label, List,
    NONE, OWNED, Text,
};
use crate::source::Span;

impl Ast {
    /// The file's own bytes.
    pub fn own_text(&self) -> &[u8] {
        self.source
            .get(..self.file_length as usize)
            .unwrap_or(&self.source)
    }

    /// The offset in the file that an offset of a span stands for.
    pub fn real_offset(&self, offset: u32) -> u32 {
        if offset < self.file_length {
            return offset;
        }
        match self.appended.partition_point(|(start, _)| *start <= offset) {
            0 => offset.min(self.file_length),
            next => {
                let (start, real) = self.appended[next - 1];
                (real + (offset - start)).min(self.file_length)
            }
        }
    }

    /// An expression.
    pub fn expr(&self, id: ExprId) -> Expr {
        self.exprs[id.0 as usize]
    }

    /// How many expressions there are.
    pub fn expr_count(&self) -> usize {
        self.exprs.len()
    }

    /// Text as it stands in the source.
    pub fn slice(&self, span: Span) -> &str {
        let bytes = self
            .source
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or("\u{fffd}")
    }

    /// Decoded text.
    pub fn text(&self, text: Text) -> &str {
        let start = (text.at & !OWNED) as usize;
        let end = start + text.len as usize;
        if text.at & OWNED != 0 {
            self.strings.get(start..end).unwrap_or_default()
        } else {
            std::str::from_utf8(self.source.get(start..end).unwrap_or_default())
                .unwrap_or("\u{fffd}")
        }
    }

    /// The ids of a list: of expressions.
    pub fn items(
        &self,
        list: List,
    ) -> impl ExactSizeIterator<Item = ExprId> + DoubleEndedIterator + '_ {
        self.extra[list.at as usize..(list.at + list.len) as usize]
            .iter()
            .map(|id| ExprId(*id))
    }

    /// The keys and values of an object.
    pub fn pairs(&self, list: List) -> impl Iterator<Item = (ExprId, ExprId)> + '_ {
        self.extra[list.at as usize..(list.at + list.len) as usize]
            .chunks_exact(2)
            .map(|pair| (ExprId(pair[0]), ExprId(pair[1])))
    }

    /// A function call.
    pub fn call(&self, at: u32) -> Call<'_> {
        let at = at as usize;
        let count = self.extra[at + 2];
        let arguments = (count & !EXPAND) as usize;
        Call {
            name: Span {
                start: self.extra[at],
                end: self.extra[at + 1],
            },
            arguments: &self.extra[at + 3..at + 3 + arguments],
            expand: count & EXPAND != 0,
        }
    }

    /// The value that an object has for a name, of keys that are plain text; of equal ones the last counts.
    pub fn entry(&self, object: List, name: &str) -> Option<ExprId> {
        let found = self
            .pairs(object)
            .filter(|(key, _)| self.plain_key(*key) == Some(name));
        found.last().map(|(_, value)| value)
    }

    /// The argument of a call of `merge` that an element of its result comes from, where the text alone can tell.
    pub fn merged(&self, call: u32, name: &str) -> Option<ExprId> {
        let call = self.call(call);
        if self.slice(call.name) != "merge" || call.expand {
            return None;
        }
        for (at, id) in call.arguments.iter().enumerate().rev() {
            let mut id = ExprId(*id);
            while let ExprKind::Parentheses(inner) = self.expr(id).kind {
                id = inner;
            }
            match self.expr(id).kind {
                ExprKind::Object(object) if self.entry(object, name).is_some() => return Some(id),
                // It has other elements only.
                ExprKind::Object(object)
                    if self
                        .pairs(object)
                        .all(|(key, _)| self.plain_key(key).is_some()) => {}
                // What may or may not have the element is the source of it when nothing stands before.
                _ => return (at == 0).then_some(id),
            }
        }
        None
    }

    fn plain_key(&self, key: ExprId) -> Option<&str> {
        match self.expr(key).kind {
            ExprKind::String(text) => Some(self.text(text)),
            _ => None,
        }
    }

    /// A `for` expression.
    pub fn for_expr(&self, at: u32) -> For {
        let e = &self.extra[at as usize..at as usize + 9];
        For {
            condition: (e[7] != NONE).then_some(ExprId(e[7])),
            key: (e[5] != NONE).then_some(ExprId(e[5])),
            value: ExprId(e[6]),
            group: e[8] & FOR_GROUP != 0,
            ..self.for_head(at)
        }
    }

    /// A template's `for`; `value` is its body.
    pub fn template_for(&self, at: u32) -> For {
        For {
            value: ExprId(self.extra[at as usize + 5]),
            ..self.for_head(at)
        }
    }

    fn for_head(&self, at: u32) -> For {
        let e = &self.extra[at as usize..at as usize + 5];
        For {
            key_name: (e[0] != NONE).then_some(Span {
                start: e[0],
                end: e[1],
            }),
            value_name: Span {
                start: e[2],
                end: e[3],
            },
            collection: ExprId(e[4]),
            key: None,
            value: ExprId(e[4]),
            condition: None,
            group: false,
        }
    }

    /// The arguments of a body, in order.
    pub fn attributes(&self, body: Body) -> &[Attribute] {
        let List { at, len } = body.attributes;
        &self.attributes[at as usize..(at + len) as usize]
    }

    /// The blocks of a body, in order.
    pub fn blocks(&self, body: Body) -> &[Block] {
        let List { at, len } = body.blocks;
        &self.blocks[at as usize..(at + len) as usize]
    }

    /// The labels of a block, in order.
    pub fn labels(&self, block: &Block) -> &[Label] {
        let List { at, len } = block.labels;
        &self.labels[at as usize..(at + len) as usize]
    }

    /// The decoded texts of a block's labels.
    pub fn label_texts(&self, block: &Block) -> Vec<&str> {
        self.labels(block)
            .iter()
            .map(|label| self.text(label.text))
            .collect()
    }
}
