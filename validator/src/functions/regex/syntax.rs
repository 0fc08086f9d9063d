//! Translates a pattern of Go for the library that runs it here: what Go has not is refused, what it reads otherwise is
//! written out.

/// Repetitions that Go allows, those of repeated groups multiplied.
const MOST_REPETITIONS: u64 = 1000;

/// A pattern for the library, and the names of its groups in the order of their brackets.
pub(super) struct Translated {
    pub(super) pattern: String,
    pub(super) names: Vec<Option<String>>,
}

/// Rewrites a pattern.
pub(super) fn translate(pattern: &str) -> Result<Translated, String> {
    let mut translator = Translator {
        rest: pattern,
        out: String::with_capacity(pattern.len() + 8),
        names: Vec::new(),
        repeated: false,
        weights: vec![1],
        weight: 1,
    };
    while let Some(c) = translator.next() {
        translator.step(c)?;
    }
    Ok(Translated {
        pattern: translator.out,
        names: translator.names,
    })
}

struct Translator<'a> {
    rest: &'a str,
    out: String,
    names: Vec<Option<String>>,
    /// What was read last is a repetition, which must not be repeated itself.
    repeated: bool,
    /// For each open group, how often something in it is repeated at most.
    weights: Vec<u64>,
    /// The same for what was read last.
    weight: u64,
}

impl Translator<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn take(&mut self, wanted: &str) -> bool {
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn step(&mut self, c: char) -> Result<(), String> {
        match c {
            '*' | '+' | '?' => return self.repetition(c.to_string()),
            '{' => {
                if let Some((text, low, high)) = counted(self.rest) {
                    self.rest = &self.rest[text.len()..];
                    self.check(low, high)?;
                    return self.repetition(format!("{{{text}"));
                }
                self.item();
                self.out.push_str("\\{");
            }
            '(' => self.open()?,
            ')' => {
                self.out.push(')');
                self.item();
                self.weight = self.weights.pop().unwrap_or(1);
                self.raise();
            }
            '[' => {
                self.item();
                self.class()?;
            }
            '\\' => {
                self.item();
                self.escape()?;
            }
            other => {
                self.item();
                self.out.push(other);
            }
        }
        Ok(())
    }

    /// Something that can be repeated begins.
    fn item(&mut self) {
        self.repeated = false;
        self.weight = 1;
    }

    fn raise(&mut self) {
        let weight = self.weight;
        match self.weights.last_mut() {
            Some(last) => *last = weight.max(*last),
            None => self.weights.push(weight),
        }
    }

    /// Bounds the repetitions of what was read last.
    fn check(&mut self, low: u64, high: Option<u64>) -> Result<(), String> {
        let most = high.unwrap_or(low);
        if low > most {
            return Err("a repetition whose bounds are the wrong way round".into());
        }
        self.weight = self.weight.saturating_mul(most.max(1));
        if most > MOST_REPETITIONS || most >= 2 && self.weight > MOST_REPETITIONS {
            return Err(format!("more than {MOST_REPETITIONS} repetitions"));
        }
        self.raise();
        Ok(())
    }

    fn repetition(&mut self, operator: String) -> Result<(), String> {
        if self.repeated {
            return Err("a repetition of a repetition".into());
        }
        self.repeated = true;
        self.out.push_str(&operator);
        if self.take("?") {
            self.out.push('?');
        }
        Ok(())
    }

    fn open(&mut self) -> Result<(), String> {
        self.item();
        if !self.rest.starts_with('?') {
            self.names.push(None);
            self.weights.push(1);
            self.out.push('(');
        } else if self.take("?P<") || self.take("?<") {
            let name = self.rest.split_once('>').map(|(name, _)| name);
            let fits = |name: &&str| {
                let mut chars = name.chars();
                !name.is_empty() && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
            };
            let name = name
                .filter(fits)
                .ok_or("the name of a group has letters and digits, and > behind it")?;
            self.rest = &self.rest[name.len() + 1..];
            // Names may begin with digits and stand twice; the library sees only groups.
            self.names.push(Some(name.to_owned()));
            self.weights.push(1);
            self.out.push('(');
        } else {
            self.flags()?;
        }
        Ok(())
    }

    /// `(?i)`, `(?s-i:`: the letters that Go has.
    fn flags(&mut self) -> Result<(), String> {
        let end = self.rest.find([')', ':']).map(|end| end + 1);
        let (flags, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        let known = |c: char| matches!(c, 'i' | 'm' | 's' | 'U' | '-' | '?' | ':' | ')');
        if end.is_none() || !flags.chars().all(known) {
            return Err("unsupported syntax behind (?".into());
        }
        if flags.ends_with(':') {
            self.weights.push(1);
        }
        self.out.push('(');
        self.out.push_str(flags);
        self.rest = rest;
        Ok(())
    }

    /// Behind a backslash, outside of brackets.
    fn escape(&mut self) -> Result<(), String> {
        let rest = self.rest;
        match self.next() {
            Some('A') => self.out.push_str("\\A"),
            Some('z') => self.out.push_str("\\z"),
            Some(c @ ('b' | 'B')) => {
                self.out.push_str("(?-u:\\");
                self.out.push(c);
                self.out.push(')');
            }
            Some('Q') => {
                let (quoted, rest) = self.rest.split_once("\\E").unwrap_or((self.rest, ""));
                self.out.push_str(&regex::escape(quoted));
                self.rest = rest;
            }
            Some(c) if perl(c).is_some() => self.out.push_str(perl(c).unwrap_or_default()),
            Some(c @ ('p' | 'P')) => self.property(c)?,
            _ => {
                self.rest = rest;
                let c = self.character()?;
                self.literal(c);
            }
        }
        Ok(())
    }

    /// `\pL`, `\p{Greek}`, `\p{^Greek}`: categories and scripts.
    fn property(&mut self, letter: char) -> Result<(), String> {
        let name = if self.take("{") {
            let (name, rest) = self
                .rest
                .split_once('}')
                .ok_or("the name of a class of characters is not closed")?;
            self.rest = rest;
            name.to_owned()
        } else {
            let letter = self.next().ok_or("a class of characters has no name")?;
            letter.to_string()
        };
        let (turned, bare) = match name.strip_prefix('^') {
            Some(bare) => (true, bare),
            None => (false, name.as_str()),
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ');
        let folded: String = bare.chars().filter(char::is_ascii_alphanumeric).collect();
        let candidates = match folded.to_ascii_lowercase().as_str() {
            "any" | "ascii" => vec![bare.to_owned()],
            _ => vec![format!("gc={bare}"), format!("sc={bare}")],
        };
        let known = |class: &&String| regex::Regex::new(&format!("\\p{{{class}}}")).is_ok();
        let found = candidates.iter().find(known);
        let Some(found) = found.filter(|_| !folded.is_empty() && bare.chars().all(plain)) else {
            return Err(format!("there is no class of characters {name:?}"));
        };
        let letter = if turned == (letter == 'P') { 'p' } else { 'P' };
        self.out.push('\\');
        self.out.push(letter);
        self.out.push('{');
        self.out.push_str(found);
        self.out.push('}');
        Ok(())
    }

    /// The character that stands behind a backslash or is written by its code.
    fn character(&mut self) -> Result<char, String> {
        let c = self.next().ok_or("it ends in a backslash")?;
        let code = match c {
            'a' => 0x07,
            'f' => 0x0c,
            'n' => 0x0a,
            'r' => 0x0d,
            't' => 0x09,
            'v' => 0x0b,
            '0'..='7' => {
                let more = self.rest.bytes().take_while(|b| (b'0'..=b'7').contains(b));
                let more = more.take(2).count();
                // A single digit would refer back, which Go does not do.
                if c != '0' && more == 0 {
                    return Err(format!("invalid escape \\{c}"));
                }
                let digits = format!("{c}{}", &self.rest[..more]);
                self.rest = &self.rest[more..];
                u32::from_str_radix(&digits, 8).unwrap_or(0)
            }
            'x' => self.hexadecimal()?,
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => u32::from(c),
            c => return Err(format!("invalid escape \\{c}")),
        };
        char::from_u32(code).ok_or_else(|| format!("there is no character {code:x}"))
    }

    /// `\x41` and `\x{1F600}`.
    fn hexadecimal(&mut self) -> Result<u32, String> {
        let digits = if self.take("{") {
            let (digits, rest) = self.rest.split_once('}').unwrap_or(("", ""));
            self.rest = rest;
            digits
        } else {
            let (digits, rest) = self.rest.split_at_checked(2).unwrap_or(("", ""));
            self.rest = rest;
            digits
        };
        let digit = |byte: u8| byte.is_ascii_hexdigit();
        u32::from_str_radix(digits, 16)
            .ok()
            .filter(|_| digits.bytes().all(digit))
            .ok_or_else(|| "invalid escape \\x".to_owned())
    }

    fn literal(&mut self, c: char) {
        let escaped = format!("\\x{{{:x}}}", u32::from(c));
        self.out.push_str(&escaped);
    }

    /// A class in brackets, up to its end.
    fn class(&mut self) -> Result<(), String> {
        self.out.push('[');
        if self.take("^") {
            self.out.push('^');
        }
        let mut first = true;
        loop {
            if !first && self.take("]") {
                self.out.push(']');
                return Ok(());
            }
            first = false;
            if self.named_class() {
                continue;
            }
            let escape = self.rest.strip_prefix('\\').and_then(|r| r.chars().next());
            if let Some(c) = escape
                && (perl(c).is_some() || matches!(c, 'p' | 'P'))
            {
                self.rest = &self.rest[2..];
                match perl(c) {
                    Some(class) => self.out.push_str(class),
                    None => self.property(c)?,
                }
                continue;
            }
            let low = self.member()?;
            self.literal(low);
            // A dash in front of the end is itself.
            if self.rest.starts_with('-') && !self.rest.starts_with("-]") && self.rest.len() > 1 {
                self.rest = &self.rest[1..];
                let high = self.member()?;
                if high < low {
                    return Err(format!("a range from {low:?} down to {high:?}"));
                }
                self.out.push('-');
                self.literal(high);
            }
        }
    }

    /// One character of a class.
    fn member(&mut self) -> Result<char, String> {
        match self.next() {
            Some('\\') => self.character(),
            Some(c) => Ok(c),
            None => Err("a bracket that is not closed".into()),
        }
    }

    /// `[:alpha:]`, which the library has too; it refuses names that do not exist.
    fn named_class(&mut self) -> bool {
        let Some(inner) = self.rest.strip_prefix("[:") else {
            return false;
        };
        let Some(end) = inner.find(":]") else {
            return false;
        };
        let (class, rest) = self.rest.split_at(end + 4);
        self.out.push_str(class);
        self.rest = rest;
        true
    }
}

/// What a repetition such as `2}`, `2,}` or `2,5}` says; other text behind a brace is itself.
fn counted(text: &str) -> Option<(&str, u64, Option<u64>)> {
    let end = text.bytes().take(24).position(|byte| byte == b'}')?;
    let number = |digits: &str| {
        let fits = digits.bytes().all(|byte| byte.is_ascii_digit());
        let leading = digits.len() > 1 && digits.starts_with('0');
        digits.parse::<u64>().ok().filter(|_| fits && !leading)
    };
    let whole = &text[..=end];
    match text[..end].split_once(',') {
        None => number(&text[..end]).map(|count| (whole, count, Some(count))),
        Some((low, "")) => number(low).map(|low| (whole, low, None)),
        Some((low, high)) => Some((whole, number(low)?, Some(number(high)?))),
    }
}

/// Classes with a letter of their own: ASCII in Go.
fn perl(letter: char) -> Option<&'static str> {
    Some(match letter {
        'd' => "[0-9]",
        'D' => "[^0-9]",
        's' => "[\\t\\n\\f\\r ]",
        'S' => "[^\\t\\n\\f\\r ]",
        'w' => "[0-9A-Za-z_]",
        'W' => "[^0-9A-Za-z_]",
        _ => return None,
    })
}
