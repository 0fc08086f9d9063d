//! Keys of a resource's own instances where they are not known.

use std::sync::Arc;

use super::super::Mirror;
use super::{End, Key, Meaning, Root};
use crate::inventory::{Node, Unknown};

impl Mirror<'_> {
    /// The key of a resource's own instances, `aws_vpc.main.each.key`: the same on both sides of a pair whose keys are proved
    /// the same.
    pub(super) fn own_key(&self, name: &str, end: End, root: Root<'_>) -> Option<Meaning> {
        let what = ["each.key", "each.value", "count.index"]
            .into_iter()
            .find(|what| name.ends_with(what))?;
        let resource = name.strip_suffix(what)?.strip_suffix('.')?;
        let [id] = self.graph.resource(root, resource) else {
            return None;
        };
        let Key::Own(pair) = self.key(*id, end) else {
            return None;
        };
        let at = &self.pairing.pairs[pair.index()];
        let (one, other) = (self.instance(at.primary), self.instance(at.instance()?));
        let same = |(a, b): (&Arc<Unknown>, &Arc<Unknown>)| {
            let (a, b) = (Node::Unknown(a.clone()), Node::Unknown(b.clone()));
            self.compare(pair, Some(&a), Some(&b)).is_same()
        };
        let all = one.hangs_on.len() == other.hangs_on.len()
            && one.hangs_on.iter().zip(&other.hangs_on).all(same);
        let pair = || vec![Meaning::Plain(format!("pair {}", pair.0))];
        all.then(|| Meaning::Expression(what.into(), pair()))
    }
}
