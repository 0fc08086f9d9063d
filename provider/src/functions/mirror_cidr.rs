//! `mirror_cidr`: the network at the same place in another region's address space.

use ipnet::IpNet;

use terraform_framework::function::{Function, FunctionError};

/// The function as Terraform sees it.
pub(super) fn function() -> Function {
    Function::new(
        "mirror_cidr",
        "The network at the same place in another region's address space",
        "Moves a network from one supernet to the same offset in another: `10.0.3.0/24` of `10.0.0.0/16` becomes `10.1.3.0/24` of `10.1.0.0/16`. The prefix length stays. IPv4 and IPv6. Null arguments give null.",
    )
    .parameter::<String>("cidr", "The network to move, such as `10.0.3.0/24`; it must lie in `from`.")
    .parameter::<String>("from", "The supernet it lies in, such as `10.0.0.0/16`.")
    .parameter::<String>("to", "The supernet to move it to, such as `10.1.0.0/16`; of the same family, and large enough.")
    .returns(|cidr: String, from: String, to: String| mirror_cidr(&cidr, &from, &to).map(Some))
}

/// Returns `cidr` moved from the supernet `from` to the same offset in the supernet `to`.
///
/// # Errors
/// Names the argument when one is no network, has host bits set, or does not lie where it should.
pub(crate) fn mirror_cidr(cidr: &str, from: &str, to: &str) -> Result<String, FunctionError> {
    let network = parse(0, cidr)?;
    let source = parse(1, from)?;
    let target = parse(2, to)?;
    if !source.contains(&network) {
        return Err(FunctionError::at(
            0,
            format!(
                "{network} does not lie in {source}; pass a network inside the `from` supernet"
            ),
        ));
    }
    if family(&source) != family(&target) {
        return Err(FunctionError::at(
            2,
            format!(
                "{target} is {} but {source} is {}; pass a supernet of the same family",
                family(&target),
                family(&source)
            ),
        ));
    }
    let outside = || {
        FunctionError::at(
            2,
            format!(
                "{network} lies at an offset in {source} that {target} does not reach; pass a `to` supernet of the same size or larger"
            ),
        )
    };
    let moved = match (network, source, target) {
        (IpNet::V4(network), IpNet::V4(source), IpNet::V4(target)) => {
            let offset = u32::from(network.network()) - u32::from(source.network());
            let start = u32::from(target.network())
                .checked_add(offset)
                .ok_or_else(outside)?;
            IpNet::new(std::net::Ipv4Addr::from(start).into(), network.prefix_len())
        }
        (IpNet::V6(network), IpNet::V6(source), IpNet::V6(target)) => {
            let offset = u128::from(network.network()) - u128::from(source.network());
            let start = u128::from(target.network())
                .checked_add(offset)
                .ok_or_else(outside)?;
            IpNet::new(std::net::Ipv6Addr::from(start).into(), network.prefix_len())
        }
        _ => return Err(outside()),
    };
    match moved {
        Ok(moved) if target.contains(&moved) && moved.network() == moved.addr() => {
            Ok(moved.to_string())
        }
        _ => Err(outside()),
    }
}

fn family(network: &IpNet) -> &'static str {
    match network {
        IpNet::V4(_) => "IPv4",
        IpNet::V6(_) => "IPv6",
    }
}

fn parse(argument: usize, text: &str) -> Result<IpNet, FunctionError> {
    let network: IpNet = text
        .parse()
        .map_err(|_| FunctionError::at(argument, format!("{text:?} is not a network; expected an address and a prefix length such as 10.0.0.0/16")))?;
    if network.addr() == network.network() {
        Ok(network)
    } else {
        Err(FunctionError::at(
            argument,
            format!(
                "{text} has bits set behind its prefix; the network is {}",
                network.trunc()
            ),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::mirror_cidr;

    #[test]
    fn keeps_the_offset() {
        assert_eq!(
            mirror_cidr("10.0.3.0/24", "10.0.0.0/16", "10.1.0.0/16").unwrap(),
            "10.1.3.0/24"
        );
        assert_eq!(
            mirror_cidr("10.0.0.0/16", "10.0.0.0/16", "172.16.0.0/12").unwrap(),
            "172.16.0.0/16"
        );
        assert_eq!(
            mirror_cidr("2001:db8:0:1::/64", "2001:db8::/56", "2001:db8:0:100::/56").unwrap(),
            "2001:db8:0:101::/64"
        );
    }

    #[test]
    fn names_the_argument_that_is_wrong() {
        let refused = |cidr, from, to| mirror_cidr(cidr, from, to).unwrap_err().argument;
        assert_eq!(refused("10.0.3.0", "10.0.0.0/16", "10.1.0.0/16"), Some(0));
        assert_eq!(
            refused("10.0.3.7/24", "10.0.0.0/16", "10.1.0.0/16"),
            Some(0)
        );
        assert_eq!(
            refused("10.9.3.0/24", "10.0.0.0/16", "10.1.0.0/16"),
            Some(0)
        );
        assert_eq!(refused("10.0.3.0/24", "ten", "10.1.0.0/16"), Some(1));
        assert_eq!(
            refused("10.0.3.0/24", "10.0.0.0/16", "2001:db8::/32"),
            Some(2)
        );
        assert_eq!(
            refused("10.0.200.0/24", "10.0.0.0/16", "10.1.0.0/20"),
            Some(2),
            "past the end of `to`"
        );
        assert_eq!(
            refused("255.255.0.0/24", "0.0.0.0/0", "255.0.0.0/8"),
            Some(2),
            "no wrap around"
        );
    }
}
