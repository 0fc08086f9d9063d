//! Address ranges: which VPC a range lies in, at which offset, and how the ranges of two regions relate.

use std::collections::BTreeMap;

use ipnet::IpNet;

use super::{InstanceId, Mirror, Standing};
use crate::inventory::{Name, Node};
use crate::settings::CidrPolicy;

/// The ranges of the VPCs of one region, each with its VPC.
#[derive(Clone, Debug, Default)]
pub(super) struct Ranges {
    all: Vec<(IpNet, InstanceId)>,
    /// Subnets by their range.
    subnets: BTreeMap<IpNet, InstanceId>,
    /// Why it is not known what else lies there, for the one family and the other.
    open: [Vec<Name>; 2],
}

impl Ranges {
    /// None at all.
    pub(super) const NONE: Ranges = Ranges {
        all: Vec::new(),
        subnets: BTreeMap::new(),
        open: [Vec::new(), Vec::new()],
    };

    /// Of all VPCs that stand there.
    pub(super) fn of(mirror: &Mirror<'_>, standing: Standing) -> Self {
        let mut found = Ranges::default();
        for id in mirror.standing_of_type("aws_vpc", standing) {
            for (family, name) in ["cidr_block", "ipv6_cidr_block"].into_iter().enumerate() {
                found.add(mirror.value(id, name), id, family);
            }
        }
        for id in mirror.standing_of_type("aws_vpc_ipv4_cidr_block_association", standing) {
            if let Some(vpc) = mirror.targets(id, "vpc_id").first() {
                found.add(mirror.value(id, "cidr_block"), *vpc, 0);
            }
        }
        for id in mirror.standing_of_type("aws_subnet", standing) {
            if let Some(range) = mirror.value(id, "cidr_block").and_then(net) {
                found.subnets.entry(range).or_insert(id);
            }
        }
        found
    }

    fn add(&mut self, node: Option<&Node>, vpc: InstanceId, family: usize) {
        match node {
            Some(Node::Unknown(unknown)) => {
                if let Some(open) = self.open.get_mut(family) {
                    open.extend(unknown.because.iter().cloned());
                }
            }
            node => {
                if let Some(range) = node.and_then(net) {
                    self.all.push((range, vpc));
                }
            }
        }
    }

    /// The subnet of a range.
    pub(super) fn subnet(&self, range: &IpNet) -> Option<InstanceId> {
        self.subnets.get(range).copied()
    }

    /// Whether it is the whole range of a VPC.
    pub(super) fn is_whole(&self, range: &IpNet) -> bool {
        self.all.iter().any(|(outer, _)| outer == range)
    }

    /// Why it is not known whether a range lies in a VPC; empty where it is. No VPC is larger than a /16, or a /44.
    pub(super) fn open(&self, range: &IpNet) -> &[Name] {
        let (family, largest) = match range {
            IpNet::V4(_) => (0, 16),
            IpNet::V6(_) => (1, 44),
        };
        match self.open.get(family) {
            Some(open) if range.prefix_len() >= largest => open,
            _ => &[],
        }
    }

    /// The VPC that a range lies in, and where in it: the offset in addresses.
    pub(super) fn place(&self, range: &IpNet) -> Option<(InstanceId, u128)> {
        self.all
            .iter()
            .find(|(outer, _)| outer.contains(range))
            .map(|(outer, vpc)| (*vpc, first(range).wrapping_sub(first(outer))))
    }
}

fn first(range: &IpNet) -> u128 {
    match range {
        IpNet::V4(range) => u128::from(u32::from(range.network())),
        IpNet::V6(range) => u128::from(range.network()),
    }
}

impl Mirror<'_> {
    /// A range of a secondary region as it would be in the primary one: ranges of the own VPC and of the other one change
    /// places. `None` where the policy does not say which range it mirrors, or a VPC that it may lie in is not known.
    pub(crate) fn range_in_primary(&self, range: &IpNet, region: usize) -> Option<IpNet> {
        if self.cidr == CidrPolicy::Identical {
            return Some(*range);
        }
        let (one, other) = (Standing::Primary, Standing::Secondary(region));
        self.range_moved(range, region, [(other, one), (one, other)])
    }

    /// A range as it stands in the primary region as it would be in a secondary one: the way back.
    pub(crate) fn range_in_secondary(&self, range: &IpNet, region: usize) -> Option<IpNet> {
        if self.cidr == CidrPolicy::Identical {
            return Some(*range);
        }
        let (one, other) = (Standing::Primary, Standing::Secondary(region));
        self.range_moved(range, region, [(one, other), (other, one)])
    }

    fn range_moved(
        &self,
        range: &IpNet,
        region: usize,
        ways: [(Standing, Standing); 2],
    ) -> Option<IpNet> {
        for (from, to) in ways {
            if let Some((vpc, offset)) = self.ranges(from).place(range) {
                let twin = self.twin(vpc, region)?;
                return self.placed(range, (vpc, twin), offset, to, region);
            }
        }
        self.range_open(range, region).is_empty().then_some(*range)
    }

    /// The other side of an instance's pair for a secondary region.
    fn twin(&self, id: InstanceId, region: usize) -> Option<InstanceId> {
        let pair = self.pairing.pair_of(id, Some(region))?;
        let pair = self.pairs().get(pair.index())?;
        if pair.primary == id {
            pair.instance()
        } else {
            Some(pair.primary)
        }
    }

    /// Why it is not known which VPC of either region a range lies in; empty where it is.
    pub(crate) fn range_open(&self, range: &IpNet, region: usize) -> Vec<Name> {
        [Standing::Primary, Standing::Secondary(region)]
            .into_iter()
            .flat_map(|standing| self.ranges(standing).open(range).iter().cloned())
            .collect()
    }

    fn placed(
        &self,
        range: &IpNet,
        (vpc, twin): (InstanceId, InstanceId),
        offset: u128,
        to: Standing,
        region: usize,
    ) -> Option<IpNet> {
        let block = |id| self.value(id, "cidr_block").and_then(net);
        if block(vpc).as_ref() == Some(range) {
            return block(twin);
        }
        if self.cidr == CidrPolicy::Any {
            let from = self.standing(vpc);
            let subnet = self
                .standing_of_type("aws_subnet", from)
                .into_iter()
                .find(|id| block(*id).as_ref() == Some(range))?;
            return block(self.twin(subnet, region)?);
        }
        let outer = self.ranges(to).all.iter().find(|(_, id)| *id == twin)?.0;
        let moved = match outer {
            IpNet::V4(outer) => {
                let first = u32::from(outer.network()).checked_add(u32::try_from(offset).ok()?)?;
                IpNet::V4(ipnet::Ipv4Net::new(first.into(), range.prefix_len()).ok()?)
            }
            IpNet::V6(outer) => {
                let first = u128::from(outer.network()).checked_add(offset)?;
                IpNet::V6(ipnet::Ipv6Net::new(first.into(), range.prefix_len()).ok()?)
            }
        };
        outer.contains(&moved).then_some(moved)
    }
}

/// A node as an address range.
pub(crate) fn net(node: &Node) -> Option<IpNet> {
    parse(node.as_str()?)
}

/// A text as an address range, host bits cleared as AWS does.
pub(crate) fn parse(text: &str) -> Option<IpNet> {
    if !text.contains('/') {
        return None;
    }
    text.parse::<IpNet>().ok().map(|range| range.trunc())
}

/// How the ranges of both regions relate: of every pair of VPCs the same way, else any.
pub(super) fn inferred(mirror: &Mirror<'_>) -> CidrPolicy {
    let mut policies: Vec<CidrPolicy> = Vec::new();
    for (pair, secondary) in mirror.pairs_of("aws_vpc") {
        let range = |id| mirror.value(id, "cidr_block").and_then(net);
        let (Some(one), Some(other)) = (range(pair.primary), range(secondary)) else {
            continue;
        };
        policies.push(if one == other {
            CidrPolicy::Identical
        } else if subnets_shifted(mirror) {
            CidrPolicy::Shifted
        } else {
            CidrPolicy::Any
        });
    }
    match policies.as_slice() {
        [first, rest @ ..] if rest.iter().all(|policy| policy == first) => *first,
        _ => CidrPolicy::Any,
    }
}

/// Whether most paired subnets have the same offset and size in their VPCs.
fn subnets_shifted(mirror: &Mirror<'_>) -> bool {
    let (mut same, mut all) = (0_usize, 0_usize);
    let primary = mirror.ranges(Standing::Primary);
    for (pair, id) in mirror.pairs_of("aws_subnet") {
        let secondary = mirror.ranges(mirror.standing(id));
        let range = |id| mirror.value(id, "cidr_block").and_then(net);
        let (Some(one), Some(other)) = (range(pair.primary), range(id)) else {
            continue;
        };
        all += 1;
        let offset = |ranges: &Ranges, range: &IpNet| ranges.place(range).map(|(_, offset)| offset);
        if one.prefix_len() == other.prefix_len()
            && offset(primary, &one) == offset(secondary, &other)
        {
            same += 1;
        }
    }
    all == 0 || same * 2 > all
}
