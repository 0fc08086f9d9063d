//! Lists and objects, and what stands between their items.

use super::{Json, Kind, Member, Name, Reader, between};

impl Reader<'_> {
    pub(super) fn array(&mut self) -> Kind {
        let open = self.at;
        self.at += 1;
        let mut items = Vec::new();
        self.blanks();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Kind::Array(items);
        }
        loop {
            items.push(self.value());
            if self.stopped || !self.another(open, b']', "list") {
                return Kind::Array(items);
            }
        }
    }

    pub(super) fn object(&mut self) -> Kind {
        let open = self.at;
        self.at += 1;
        let mut members = Vec::new();
        self.blanks();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Kind::Object(members);
        }
        loop {
            let Some(name) = self.name(open) else {
                return Kind::Object(members);
            };
            let value = if self.stopped {
                Json {
                    kind: Kind::Bad,
                    span: name.span,
                }
            } else {
                self.value()
            };
            members.push(Member { name, value });
            if self.stopped || !self.another(open, b'}', "object") {
                return Kind::Object(members);
            }
        }
    }

    /// The name of a property and the colon behind it.
    fn name(&mut self, open: usize) -> Option<Name> {
        self.blanks();
        if self.stopped {
            return None;
        }
        let start = self.at;
        match self.peek() {
            Some(b'"') => {}
            None => {
                self.not_closed(open, "object");
                return None;
            }
            _ => {
                let message = format!(
                    "expected the name of a property in double quotes, found {}",
                    self.found()
                );
                self.stop(message);
                return None;
            }
        }
        let text = self.string()?;
        let span = between(start, self.at);
        self.blanks();
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(b'=') => {
                self.note(
                    self.at,
                    self.at + 1,
                    "expected `:` behind the name of this property, found `=`",
                );
                self.at += 1;
            }
            _ => {
                let message = format!(
                    "expected `:` behind the name of this property, found {}",
                    self.found()
                );
                self.stop(message);
            }
        }
        Some(Name { span, text })
    }

    fn not_closed(&mut self, open: usize, what: &str) {
        self.note(
            open,
            open + 1,
            format!("this {what} is not closed before the end of the file"),
        );
        self.stopped = true;
    }

    /// Behind an item: whether another one follows. Too many and too few commas are errors that can be passed over.
    fn another(&mut self, open: usize, closing: u8, what: &str) -> bool {
        self.blanks();
        match self.peek() {
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                self.blanks();
                if self.peek() != Some(closing) {
                    return !self.stopped;
                }
                self.note(
                    comma,
                    comma + 1,
                    format!("a comma cannot stand behind the last item of this {what}"),
                );
                self.at += 1;
                false
            }
            Some(byte) if byte == closing => {
                self.at += 1;
                false
            }
            None => {
                self.not_closed(open, what);
                false
            }
            Some(byte) => {
                let (line, closing) = (self.line(open), char::from(closing));
                let found = self.found();
                // The usual cause is a string that ended too early.
                let hint = if self.source.get(self.at - 1) == Some(&b'"') {
                    " (a quote inside of a string is written `\\\"`)"
                } else {
                    ""
                };
                let message = format!(
                    "expected `,` or `{closing}` in this {what}, opened on line {line}, found {found}{hint}"
                );
                self.note(self.at, self.at + 1, message);
                self.stopped |=
                    !(byte == b'"' || what == "list" && matches!(byte, b'{' | b'[' | b'0'..=b'9'));
                !self.stopped
            }
        }
    }
}
