//! Getting past what is broken, so that the rest of the file is still read.

use super::Parser;
use crate::syntax::lexer::{self, TokenKind, at_line_start, begins_block};
use crate::syntax::literal;

impl Parser<'_> {
    /// Skips from the start of a broken item to the next line break outside of brackets, strings and heredocs. A top-level
    /// block that begins in column 1 always ends the damage. True: the body around it ends here as well.
    pub(super) fn recover(&mut self, from: usize, top: bool) -> bool {
        let source = self.source;
        let reached = self.at.max(from);
        if top && self.at > from && at_line_start(source, self.at) && begins_block(source, self.at)
        {
            return false;
        }
        let mut depth = 0_u32;
        // From the start of the item again, so that the brackets that it opened count.
        let mut at = from;
        loop {
            let token = lexer::next(source, at, true);
            at = token.end;
            match token.kind {
                TokenKind::End => {
                    self.jump(token.start);
                    return !top;
                }
                TokenKind::OpenBrace | TokenKind::OpenBracket | TokenKind::OpenParen => depth += 1,
                TokenKind::CloseBrace if depth == 0 && !top => {
                    self.jump(token.start);
                    return false;
                }
                TokenKind::CloseBrace | TokenKind::CloseBracket | TokenKind::CloseParen => {
                    depth = depth.saturating_sub(1);
                }
                TokenKind::Newline => {
                    if begins_block(source, token.end) {
                        self.jump(token.end);
                        return !top;
                    }
                    if depth == 0 && token.end > reached {
                        self.jump(token.end);
                        return false;
                    }
                }
                TokenKind::Quote => at = literal::past_quoted(source, token.end),
                TokenKind::Heredoc => at = literal::past_heredoc(source, token.start, token.end),
                _ => {}
            }
        }
    }
}
