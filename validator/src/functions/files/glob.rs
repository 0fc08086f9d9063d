//! Patterns of file names: `*`, `?`, `[a-z]`, `{a,b}`, and `**` for any directories.

/// A pattern.
pub(super) struct Pattern {
    /// What of it leads upwards, with a slash at its end: `../`.
    pub(super) above: String,
    /// Alternatives, each a list of path segments.
    alternatives: Vec<Vec<Vec<char>>>,
}

/// Alternatives that one pattern may stand for.
const MOST: usize = 1_000;

impl Pattern {
    pub(super) fn new(text: &str) -> Result<Self, String> {
        let mut rest = text;
        let mut above = String::new();
        while let Some(more) = rest.strip_prefix("../").or_else(|| rest.strip_prefix("./")) {
            if rest.starts_with("../") {
                above.push_str("../");
            }
            rest = more;
        }
        let chars: Vec<char> = rest.chars().collect();
        check(&chars)?;
        let mut alternatives = Vec::new();
        for expanded in expand(&chars)? {
            alternatives.push(segments(&expanded));
        }
        Ok(Pattern {
            above,
            alternatives,
        })
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        let path: Vec<Vec<char>> = path
            .split('/')
            .map(|segment| segment.chars().collect())
            .collect();
        self.alternatives
            .iter()
            .any(|segments| matches_path(segments, &path))
    }
}

/// Whether brackets and braces are closed.
fn check(pattern: &[char]) -> Result<(), String> {
    let mut at = 0;
    let mut braces = 0_usize;
    while at < pattern.len() {
        match pattern[at] {
            '\\' if at + 1 >= pattern.len() => return Err("the pattern ends in a backslash".into()),
            '\\' => at += 1,
            '[' => match class_end(pattern, at) {
                Some(end) => at = end,
                None => return Err("a bracket that is not closed".into()),
            },
            '{' => braces += 1,
            '}' => braces = braces.checked_sub(1).ok_or("a brace that was not opened")?,
            _ => {}
        }
        at += 1;
    }
    if braces > 0 {
        Err("a brace that is not closed".into())
    } else {
        Ok(())
    }
}

/// Where the class that begins at a bracket ends.
fn class_end(pattern: &[char], start: usize) -> Option<usize> {
    let mut at = start + 1;
    if matches!(pattern.get(at), Some('^')) {
        at += 1;
    }
    let first = at;
    while let Some(c) = pattern.get(at) {
        match c {
            ']' if at > first => return Some(at),
            '\\' => at += 2,
            _ => at += 1,
        }
    }
    None
}

/// Writes out the first group of alternatives, and those that remain in turn.
fn expand(pattern: &[char]) -> Result<Vec<Vec<char>>, String> {
    let mut waiting = vec![pattern.to_vec()];
    let mut done = Vec::new();
    while let Some(next) = waiting.pop() {
        let Some((start, end)) = group(&next) else {
            done.push(next);
            if done.len() > MOST {
                return Err(format!("more than {MOST} alternatives"));
            }
            continue;
        };
        for option in options(&next[start + 1..end]) {
            let joined = next[..start]
                .iter()
                .chain(option)
                .chain(&next[end + 1..])
                .copied()
                .collect();
            waiting.push(joined);
            if waiting.len() > MOST {
                return Err(format!("more than {MOST} alternatives"));
            }
        }
    }
    Ok(done)
}

/// The outermost braces that come first.
fn group(pattern: &[char]) -> Option<(usize, usize)> {
    let mut at = 0;
    let mut open: Vec<usize> = Vec::new();
    while at < pattern.len() {
        match pattern[at] {
            '\\' => at += 1,
            '[' => at = class_end(pattern, at)?,
            '{' => open.push(at),
            '}' => {
                let start = open.pop()?;
                if open.is_empty() {
                    return Some((start, at));
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

fn options(inner: &[char]) -> Vec<&[char]> {
    let (mut found, mut start, mut depth, mut at) = (Vec::new(), 0, 0_usize, 0);
    while at < inner.len() {
        match inner[at] {
            '\\' => at += 1,
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.push(&inner[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    found.push(&inner[start..]);
    found
}

fn segments(pattern: &[char]) -> Vec<Vec<char>> {
    pattern.split(|c| *c == '/').map(<[char]>::to_vec).collect()
}

fn matches_path(pattern: &[Vec<char>], path: &[Vec<char>]) -> bool {
    // For each prefix of the pattern: which lengths of the path it can cover.
    let mut reach = vec![false; path.len() + 1];
    reach[0] = true;
    for segment in pattern {
        let mut next = vec![false; path.len() + 1];
        if segment.as_slice() == ['*', '*'] {
            let mut open = false;
            for (length, reached) in reach.iter().enumerate() {
                open |= *reached;
                next[length] = open;
            }
        } else {
            for length in 0..path.len() {
                next[length + 1] = reach[length] && matches_segment(segment, &path[length]);
            }
        }
        reach = next;
    }
    reach[path.len()]
}

fn matches_segment(pattern: &[char], text: &[char]) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where the last star stood, and how much it has taken.
    let mut star: Option<(usize, usize)> = None;
    loop {
        if p == pattern.len() && t == text.len() {
            return true;
        }
        let stepped = match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
                continue;
            }
            Some(_) if t < text.len() => one(pattern, p, text[t]),
            _ => None,
        };
        match (stepped, star) {
            (Some(next), _) => (p, t) = (next, t + 1),
            (None, Some((at, taken))) if taken < text.len() => {
                star = Some((at, taken + 1));
                (p, t) = (at + 1, taken + 1);
            }
            _ => return false,
        }
    }
}

/// Where the pattern goes on when its item at `p` matches a character.
fn one(pattern: &[char], p: usize, c: char) -> Option<usize> {
    match pattern[p] {
        '?' => Some(p + 1),
        '[' => {
            let end = class_end(pattern, p)?;
            in_class(&pattern[p + 1..end], c).then_some(end + 1)
        }
        '\\' => (pattern.get(p + 1) == Some(&c)).then_some(p + 2),
        plain => (plain == c).then_some(p + 1),
    }
}

fn in_class(class: &[char], c: char) -> bool {
    let (negated, class) = match class.split_first() {
        Some(('^', rest)) => (true, rest),
        _ => (false, class),
    };
    let mut at = 0;
    let mut found = false;
    let item = |at: &mut usize| {
        if class.get(*at) == Some(&'\\') {
            *at += 1;
        }
        let item = class.get(*at).copied();
        *at += 1;
        item
    };
    while let Some(low) = item(&mut at) {
        let high = if class.get(at) == Some(&'-') && at + 1 < class.len() {
            at += 1;
            item(&mut at).unwrap_or(low)
        } else {
            low
        };
        found |= (low..=high).contains(&c);
    }
    found != negated
}
