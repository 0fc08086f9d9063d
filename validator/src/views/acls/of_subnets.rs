//! Which ACL each subnet is under: the one that names it, else the default one of its VPC.

use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::Name;
use crate::mirror::{End, InstanceId, Mirror, Standing};
use crate::views::elements::instances;

/// The ACL of a subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Under {
    /// One that is declared.
    Declared(InstanceId),
    /// The default one of the VPC, which nobody declares: it lets everything through.
    Untouched,
}

/// The ACLs of the subnets of a region.
#[derive(Debug, Default)]
pub(crate) struct OfSubnets {
    /// By subnet.
    pub(crate) of: BTreeMap<InstanceId, Under>,
    /// Why it is not known which ones no ACL names.
    pub(crate) open: BTreeSet<Name>,
}

/// Which ACL each subnet of a region is under.
pub(crate) fn of_subnets(mirror: &Mirror<'_>, standing: Standing) -> OfSubnets {
    let end = match standing {
        Standing::Secondary(at) => End::Secondary(at),
        _ => End::Primary,
    };
    let mut found = OfSubnets::default();
    let mut named: BTreeMap<InstanceId, InstanceId> = BTreeMap::new();
    for id in mirror.standing_of_type("aws_network_acl_association", standing) {
        let acls = mirror.targets(id, "network_acl_id");
        for subnet in mirror.targets(id, "subnet_id") {
            if let Some(acl) = acls.first() {
                named.insert(subnet, *acl);
            }
        }
    }
    for ty in ["aws_network_acl", "aws_default_network_acl"] {
        for acl in mirror.standing_of_type(ty, standing) {
            let subnets = instances(mirror, acl, "subnet_ids", end).unwrap_or_else(|| {
                let reason = format!("which subnets {} is of", mirror.instance(acl).address);
                found.open.insert(reason.into());
                mirror.targets(acl, "subnet_ids")
            });
            for subnet in subnets {
                named.entry(subnet).or_insert(acl);
            }
        }
    }
    for subnet in mirror.standing_of_type("aws_subnet", standing) {
        let under = named
            .get(&subnet)
            .copied()
            .or_else(|| default_of(mirror, subnet))
            .map_or(Under::Untouched, Under::Declared);
        found.of.insert(subnet, under);
    }
    found
}

/// The default ACL of a subnet's VPC, where it is declared.
fn default_of(mirror: &Mirror<'_>, subnet: InstanceId) -> Option<InstanceId> {
    let vpc = mirror.targets(subnet, "vpc_id").first().copied()?;
    let mut all = mirror.of_type("aws_default_network_acl").iter().copied();
    all.find(|id| mirror.targets(*id, "default_network_acl_id").contains(&vpc))
}
