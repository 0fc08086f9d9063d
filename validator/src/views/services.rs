//! Protocols and ports of rules in one normal form: names for numbers, intervals for ports and for types of ICMP.

use crate::inventory::{Name, Node};
use crate::mirror::{Maybe, number, whole};

/// All ports, or all types.
pub(crate) const ALL: (u32, u32) = (0, 65_535);

/// Protocols by one name; `-1` for all.
pub(crate) fn protocol(text: &str) -> String {
    match text.trim().to_ascii_lowercase().as_str() {
        "all" | "-1" | "" => "-1".into(),
        "6" => "tcp".into(),
        "17" => "udp".into(),
        "1" => "icmp".into(),
        "58" | "ipv6-icmp" => "icmpv6".into(),
        other => other.into(),
    }
}

/// The interval that a rule means: ports of TCP and UDP, type and code of ICMP as one number, everything of the others.
///
/// # Errors
/// What is not known of it.
pub(crate) fn interval(
    protocol: &str,
    from: Option<&Node>,
    to: Option<&Node>,
) -> Result<(u32, u32), Vec<Name>> {
    match protocol {
        "tcp" | "udp" => Ok((read(from)?.unwrap_or(0), read(to)?.unwrap_or(65_535))),
        "icmp" | "icmpv6" => {
            let Some(kind) = read(from)?.filter(|kind| *kind <= 255) else {
                return Ok(ALL);
            };
            let kind = kind * 256;
            match read(to)?.filter(|code| *code <= 255) {
                Some(code) => Ok((kind + code, kind + code)),
                None => Ok((kind, kind + 255)),
            }
        }
        _ => Ok(ALL),
    }
}

/// A whole number; nothing where it is negative or AWS decides.
fn read(node: Option<&Node>) -> Result<Option<u32>, Vec<Name>> {
    match number(node) {
        Maybe::Known(number) => Ok(whole(number.min(65_535.0))),
        Maybe::Unset => Ok(None),
        Maybe::Unknown(because) if because.iter().all(|reason| &**reason == "aws") => Ok(None),
        Maybe::Unknown(because) => Err(because),
    }
}

/// Intervals of a protocol in words.
pub(crate) fn words(protocol: &str, intervals: &[(u32, u32)]) -> String {
    if protocol == "-1" {
        return "all traffic".into();
    }
    if intervals == [ALL] {
        return format!("all {protocol}");
    }
    let icmp = protocol.starts_with("icmp");
    let one = |(from, to): &(u32, u32)| match (icmp, from == to) {
        (false, true) => from.to_string(),
        (false, false) => format!("{from}-{to}"),
        (true, true) => format!("type {} code {}", from / 256, from % 256),
        (true, false) if from / 256 == to / 256 => format!("type {}", from / 256),
        (true, false) => format!("types {}-{}", from / 256, to / 256),
    };
    let intervals: Vec<String> = intervals.iter().map(one).collect();
    format!("{protocol} {}", intervals.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(number: i32) -> Node {
        Node::Number(Box::new(cty::Number::from(number)))
    }

    #[test]
    fn types_of_icmp_are_intervals() {
        let of = |kind, code| interval("icmp", Some(&node(kind)), Some(&node(code)));
        assert_eq!(of(-1, -1), Ok(ALL));
        assert_eq!(of(8, -1), Ok((2048, 2303)));
        assert_eq!(of(3, 4), Ok((772, 772)));
        assert_eq!(words("icmp", &[(772, 772)]), "icmp type 3 code 4");
        assert_eq!(words("icmp", &[(2048, 2303)]), "icmp type 8");
    }

    #[test]
    fn other_protocols_have_no_ports() {
        assert_eq!(interval("50", Some(&node(0)), Some(&node(0))), Ok(ALL));
        assert_eq!(
            interval("tcp", Some(&node(80)), Some(&node(443))),
            Ok((80, 443))
        );
        assert_eq!(protocol("All"), "-1");
    }
}
