//! Addresses taken apart: keys are quoted and may hold dots and brackets.

/// `module.a["x"].module.b` as names of calls, without keys.
pub(crate) fn module_path(module: &str) -> Vec<String> {
    parts(module)
        .into_iter()
        .collect::<Vec<_>>()
        .chunks(2)
        .filter_map(|pair| match pair {
            [word, name] if *word == "module" => Some(without_key(name).to_owned()),
            _ => None,
        })
        .collect()
}

/// The name without its key in brackets.
pub(crate) fn without_key(part: &str) -> &str {
    part.split('[').next().unwrap_or(part)
}

/// The parts between dots that stand outside of brackets and quotes.
pub(crate) fn parts(address: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut depth, mut quoted, mut escaped) = (0, 0_u32, false, false);
    for (at, c) in address.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth = depth.saturating_sub(1),
            '.' if !quoted && depth == 0 => {
                found.push(&address[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if start < address.len() {
        found.push(&address[start..]);
    }
    found
}

/// The address behind its module.
pub(crate) fn joined(module: &str, local: &str) -> String {
    if module.is_empty() {
        local.to_owned()
    } else {
        format!("{module}.{local}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_may_hold_what_separates_parts() {
        assert_eq!(module_path("module.a[\"x.y[0]\"].module.b[1]"), ["a", "b"]);
        assert_eq!(module_path(""), Vec::<String>::new());
        assert_eq!(
            parts("aws_vpc.main[\"a.b\\\"].c\"].id"),
            ["aws_vpc", "main[\"a.b\\\"].c\"]", "id"]
        );
    }
}
