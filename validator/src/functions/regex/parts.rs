//! Small parts of patterns: counts of repetitions, and classes that have a name.

/// How the library names a category or a script.
pub(super) fn class_of(name: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ');
    let folded: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    if folded.is_empty() || name.len() > 64 || !name.chars().all(plain) {
        return None;
    }
    let candidates = match folded.to_ascii_lowercase().as_str() {
        "any" | "ascii" => vec![name.to_owned()],
        _ => vec![format!("gc={name}"), format!("sc={name}")],
    };
    let known = |class: &String| regex::Regex::new(&format!("\\p{{{class}}}")).is_ok();
    candidates.into_iter().find(known)
}

/// What a repetition such as `2}`, `2,}` or `2,5}` says; other text behind a brace is itself.
pub(super) fn counted(text: &str) -> Option<(&str, u64, Option<u64>)> {
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
pub(super) fn perl(letter: char) -> Option<&'static str> {
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
