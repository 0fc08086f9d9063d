//! Resolvers that only the secondary's VPC is told to use.

use crate::inventory::Name;
use crate::mirror::{InstanceId, Maybe, Mirror, list, text};
use crate::verdict::{Asked, Sink, Spot};

const RULE: &str = "dns-options-differ";
const ASSOCIATION: &str = "aws_vpc_dhcp_options_association";

/// The resolver that every VPC has where it is told nothing.
const OF_AWS: &str = "AmazonProvidedDNS";

pub(super) fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (pair, secondary) in mirror.pairs_of("aws_vpc") {
        let associations = |vpc: InstanceId| {
            mirror
                .graph
                .owned(vpc, mirror.inventory, ASSOCIATION, "vpc_id")
        };
        let [association] = associations(secondary)[..] else {
            continue;
        };
        let options = mirror.targets(association, "dhcp_options_id");
        let options = options.into_iter().find(|id| {
            matches!(
                &*mirror.instance(*id).ty,
                "aws_vpc_dhcp_options" | "aws_default_vpc_dhcp_options"
            )
        });
        // Options of both sides are compared with each other.
        let (Some(options), []) = (options, associations(pair.primary).as_slice()) else {
            continue;
        };
        let asked = Asked::new(
            RULE,
            Spot::at(pair.primary),
            Spot::of(options, "domain_name_servers"),
        )
        .keyed("domain_name_servers");
        let name = &mirror.instance(secondary).address;
        let open = mirror.adrift(ASSOCIATION, "vpc_id", mirror.standing(pair.primary));
        match servers(mirror, options) {
            Ok(servers) if servers.iter().all(|server| server == OF_AWS) => sink.holds(),
            Ok(servers) if open.is_empty() && mirror.complete() => sink.broken(
                asked
                    .broken(format!(
                        "{name} resolves names by {}, its primary by the resolver of AWS",
                        servers.join(", ")
                    ))
                    .fix(format!("Name {OF_AWS}, or remove the options.")),
            ),
            Ok(_) => {
                let message = format!("whether {name} resolves names as its primary is not known");
                sink.unsure(asked.unsure(message, open.into_iter().collect()));
            }
            Err(because) => {
                let message = format!("by which servers {name} resolves names is not known");
                sink.unsure(asked.unsure(message, because));
            }
        }
    }
}

fn servers(mirror: &Mirror<'_>, options: InstanceId) -> Result<Vec<String>, Vec<Name>> {
    let nodes = match list(mirror.value(options, "domain_name_servers")) {
        Maybe::Known(nodes) => nodes,
        Maybe::Unset => &[],
        Maybe::Unknown(because) if crate::mirror::decided_by_aws(&because) => &[],
        Maybe::Unknown(because) => return Err(because),
    };
    nodes
        .iter()
        .map(|node| text(Some(node)).or(OF_AWS.into()))
        .collect()
}
