//! Pairs of one primary in several secondary regions.

use super::super::InstanceId;
use super::{PairId, Pairing};

impl Pairing {
    /// The pair that stands for all of a primary, whatever the secondary region: its first.
    pub(crate) fn first(&self, pair: PairId) -> PairId {
        let primary = self.pairs[pair.index()].primary;
        let pairs = self.by_instance.get(&primary).into_iter().flatten();
        let mut own = pairs.filter(|pair| self.pairs[pair.index()].primary == primary);
        own.next().copied().unwrap_or(pair)
    }

    /// The counterpart of a pair's primary in a secondary region, where it is an instance.
    pub(crate) fn twin(&self, pair: PairId, region: usize) -> Option<InstanceId> {
        let primary = self.pairs[pair.index()].primary;
        self.pairs[self.pair_of(primary, Some(region))?.index()].instance()
    }
}
