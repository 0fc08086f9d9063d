//! Known text without the region it stands in.

use ipnet::IpNet;

use super::super::{Mirror, Standing, cidr};
use super::{End, Key, Meaning, Part, Root};
use crate::settings::CidrPolicy;

impl Mirror<'_> {
    /// What a known text means.
    pub(super) fn text(&self, text: &str, end: End, root: Root<'_>) -> Meaning {
        if let Some((id, attribute)) = self.graph.identity(text, Some(self.regions_of(end).0)) {
            return Meaning::Text(vec![Part::Reference(self.key(id, end), attribute.clone())]);
        }
        if let Some(copy) = self.pairing.copies.get(text) {
            let key = self.pair_key(*copy, end);
            return Meaning::Text(vec![Part::Reference(key, "id".into())]);
        }
        if let Some(parts) = self.copy_named(text, end) {
            return Meaning::Text(parts);
        }
        if let Some(range) = cidr::parse(text) {
            return self.range(&range, end);
        }
        if text.starts_with(['{', '['])
            && text.len() < 200_000
            && let Ok(json) = serde_json::from_str::<serde_json::Value>(text)
        {
            return self.json(&json, end, root);
        }
        Meaning::Text(self.parts(text, end))
    }

    /// A document: its keys and values. Lists in policies have no order.
    fn json(&self, json: &serde_json::Value, end: End, root: Root<'_>) -> Meaning {
        match json {
            serde_json::Value::Null => Meaning::Absent,
            serde_json::Value::Bool(truth) => Meaning::Plain(truth.to_string()),
            serde_json::Value::Number(number) => Meaning::Plain(number.to_string()),
            serde_json::Value::String(text) => self.text(text, end, root),
            serde_json::Value::Array(values) => {
                let mut parts: Vec<Meaning> = values
                    .iter()
                    .map(|value| self.json(value, end, root))
                    .collect();
                // A policy with one action is the same with and without brackets.
                if parts.len() == 1 {
                    return parts.remove(0);
                }
                parts.sort();
                Meaning::Set(parts)
            }
            serde_json::Value::Object(entries) => Meaning::Map(
                entries
                    .iter()
                    .map(|(name, value)| (name.as_str().into(), self.json(value, end, root)))
                    .collect(),
            ),
        }
    }

    /// Text with regions, zones, accounts and identities of instances replaced by what they are from here.
    pub(super) fn parts(&self, text: &str, end: End) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut done = 0;
        // Identities stand in longer texts as whole words.
        for (start, stop, id, attribute) in self.graph.identities_in(text, self.regions_of(end).0) {
            let before = text.get(done..start).unwrap_or_default();
            if !before.is_empty() {
                parts.push(Part::Letters(self.letters(before, end)));
            }
            parts.push(Part::Reference(self.key(id, end), attribute));
            done = stop;
        }
        let rest = text.get(done..).unwrap_or_default();
        if !rest.is_empty() || parts.is_empty() {
            parts.push(Part::Letters(self.letters(rest, end)));
        }
        parts
    }

    /// Text that names the copy of an instance: its ARN with the region of the copy.
    fn copy_named(&self, text: &str, end: End) -> Option<Vec<Part>> {
        let (own, peer) = self.regions_of(end);
        if !text.starts_with("arn:") || own.is_empty() || !text.contains(own) {
            return None;
        }
        let source = text.replacen(own, peer, 1);
        let hits = self.graph.identities_in(&source, peer);
        let (0, stop, id, attribute) = hits.into_iter().next()? else {
            return None;
        };
        let End::Secondary(at) = end else {
            return None;
        };
        let pair = self.pairing.pair_of(id, Some(at))?;
        let pair = self.pairing.pairs.get(pair.index())?;
        if pair.primary != id || pair.instance().is_some() {
            return None;
        }
        let mut parts = vec![Part::Reference(self.pair_key(pair.id, end), attribute)];
        let rest = source.get(stop..).unwrap_or_default();
        if !rest.is_empty() {
            parts.push(Part::Letters(self.letters(rest, end)));
        }
        Some(parts)
    }

    /// Text with regions and zones replaced.
    pub(super) fn letters(&self, text: &str, end: End) -> String {
        let (own, _) = self.regions_of(end);
        // Seen from the primary, each secondary region is the other one.
        let peers: Vec<(Standing, &str)> = match end {
            End::Primary => {
                let all = self.roles.secondary.iter().enumerate();
                all.map(|(at, name)| (Standing::Secondary(at), &**name))
                    .collect()
            }
            End::Secondary(_) => vec![(Standing::Primary, &*self.roles.primary)],
        };
        if !text.contains(own) && !peers.iter().any(|(_, name)| text.contains(name)) {
            return text.to_owned();
        }
        let mut out = text.to_owned();
        let sides = std::iter::once((end.own(), own)).chain(peers.iter().copied());
        for (standing, region) in sides {
            if let Some(zones) = self.roles.zones(standing) {
                for (at, zone) in zones.iter().enumerate() {
                    if out.contains(&**zone) {
                        let word = if region == own { "zone" } else { "peer zone" };
                        out = out.replace(&**zone, &format!("{{{word} {at}}}"));
                    }
                }
            }
        }
        let out = out.replace(own, "{region}");
        peers
            .iter()
            .fold(out, |out, (_, name)| out.replace(name, "{peer}"))
    }

    pub(super) fn regions_of(&self, end: End) -> (&str, &str) {
        let primary: &str = &self.roles.primary;
        let secondary = |at: usize| self.roles.secondary.get(at).map_or("", |name| &**name);
        match end {
            End::Primary => (primary, secondary(0)),
            End::Secondary(at) => (secondary(at), primary),
        }
    }

    /// A range: the VPC that it lies in and its place there, as far as the policy says that places must agree.
    fn range(&self, range: &IpNet, end: End) -> Meaning {
        let letters = |text: String| Meaning::Text(vec![Part::Letters(text)]);
        if self.cidr == CidrPolicy::Identical {
            return letters(range.to_string());
        }
        for standing in self.sides(end) {
            if let Some((vpc, offset)) = self.ranges(standing).place(range) {
                let key = self.key(vpc, end);
                let place = match self.cidr {
                    CidrPolicy::Any => self.subnet_of(range, standing, end),
                    _ => format!("+{offset}/{}", range.prefix_len()),
                };
                return Meaning::Text(vec![
                    Part::Reference(key, "cidr_block".into()),
                    Part::Letters(place),
                ]);
            }
        }
        for standing in self.sides(end) {
            let open = self.ranges(standing).open(range);
            if !open.is_empty() {
                return Meaning::Unknown(open.to_vec());
            }
        }
        letters(range.to_string())
    }

    /// The own side first, then all that are the other one.
    fn sides(&self, end: End) -> Vec<Standing> {
        let secondaries = (0..self.roles.secondary.len()).map(Standing::Secondary);
        match end {
            End::Primary => std::iter::once(Standing::Primary)
                .chain(secondaries)
                .collect(),
            End::Secondary(at) => vec![Standing::Secondary(at), Standing::Primary],
        }
    }

    /// With any ranges: the subnet whose range it is, the whole VPC, or some part of it.
    fn subnet_of(&self, range: &IpNet, standing: Standing, end: End) -> String {
        let ranges = self.ranges(standing);
        if ranges.is_whole(range) {
            return " whole".into();
        }
        match ranges.subnet(range) {
            Some(subnet) => match self.key(subnet, end) {
                Key::Own(pair) | Key::Other(pair) => format!(" subnet {}", pair.0),
                _ => " subnet".into(),
            },
            None => format!(" part /{}", range.prefix_len()),
        }
    }
}
