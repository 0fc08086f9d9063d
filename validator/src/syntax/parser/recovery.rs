//! Getting past what is broken, so that the rest of the file is still read.

use super::Parser;
use crate::syntax::lexer::{self, Token, TokenKind, at_line_start, begins_block};
use crate::syntax::literal;

/// Heredocs without an end that are looked for.
const MOST_OPEN_HEREDOCS: u32 = 16;

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
                // Behind where an inner body has looked already there is no end for this one either.
                _ if token.start >= self.hopeless => return self.give_up(from, top),
                TokenKind::End => return self.give_up(from, top),
                TokenKind::Unknown if lexer::at_comment(source, token.start) => {
                    let Some(block) = lexer::next_block(source, token.start) else {
                        return self.give_up(from, top);
                    };
                    self.jump(block);
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
                TokenKind::Heredoc => at = self.past_heredoc(token),
                _ => {}
            }
        }
    }

    /// Goes to the end of the file: there is nothing to hold on to.
    fn give_up(&mut self, from: usize, top: bool) -> bool {
        self.hopeless = self.hopeless.min(from);
        self.jump(self.source.len());
        !top
    }

    /// Behind a heredoc, or behind its opening where it is never closed. Each of those costs a look at all of the rest, so
    /// after a few of them no more are looked for.
    fn past_heredoc(&mut self, open: Token) -> usize {
        if self.open_heredocs >= MOST_OPEN_HEREDOCS {
            return open.end;
        }
        literal::past_heredoc(self.source, open.start, open.end).unwrap_or_else(|| {
            self.open_heredocs += 1;
            open.end
        })
    }
}
