//! Functions of IP networks.

use std::net::{Ipv4Addr, Ipv6Addr};

use cty::{Number, Type, Value};
use num_bigint::{BigInt, BigUint};

use super::support::{list, whole};
use super::{Environment, Function, FunctionError, Kind, Parameter, string, string_list};

const STRING: Kind = Kind::String;
const NUMBER: Kind = Kind::Number;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "cidrhost",
        &[
            Parameter::new("prefix", STRING),
            Parameter::new("hostnum", NUMBER),
        ],
        string,
        cidrhost,
    ),
    Function::new(
        "cidrnetmask",
        &[Parameter::new("prefix", STRING)],
        string,
        cidrnetmask,
    ),
    Function::new(
        "cidrsubnet",
        &[
            Parameter::new("prefix", STRING),
            Parameter::new("newbits", NUMBER),
            Parameter::new("netnum", NUMBER),
        ],
        string,
        cidrsubnet,
    ),
    Function::new(
        "cidrsubnets",
        &[Parameter::new("prefix", STRING)],
        string_list,
        cidrsubnets,
    )
    .with_more(Parameter::new("newbits", NUMBER)),
];

/// A network: the address without host bits, and how many bits name the network.
#[derive(Clone, Copy)]
struct Network {
    address: u128,
    prefix: u32,
    /// 32 or 128.
    bits: u32,
}

impl Network {
    fn parse(text: &str) -> Result<Self, FunctionError> {
        let wrong = |why: &str| {
            FunctionError::argument(
                0,
                format!("{text:?} is no network such as 10.0.0.0/16: {why}"),
            )
        };
        let (address, prefix) = text
            .split_once('/')
            .ok_or_else(|| wrong("there is no slash"))?;
        let (address, bits) = if address.contains(':') {
            let parsed = ipv6(address).ok_or_else(|| wrong("the address is none"))?;
            (parsed, 128)
        } else {
            let parsed = ipv4(address).ok_or_else(|| wrong("the address is none"))?;
            (u128::from(parsed), 32)
        };
        let digits = !prefix.is_empty()
            && prefix.len() <= 4
            && prefix.bytes().all(|byte| byte.is_ascii_digit());
        let prefix: u32 = prefix
            .parse()
            .ok()
            .filter(|_| digits)
            .ok_or_else(|| wrong("the length is no number"))?;
        if prefix > bits {
            return Err(wrong(&format!("the length must be from 0 to {bits}")));
        }
        let network = Network {
            address,
            prefix,
            bits,
        };
        Ok(Network {
            address: address & network.mask(),
            ..network
        })
    }

    /// The bits that name the network.
    fn mask(&self) -> u128 {
        shifted(low_bits(self.prefix), self.bits - self.prefix)
    }

    fn host_bits(&self) -> u32 {
        self.bits - self.prefix
    }

    fn shown(&self, address: u128) -> String {
        if self.bits == 32 {
            Ipv4Addr::from(u32::try_from(address & low_bits(32)).unwrap_or(u32::MAX)).to_string()
        } else {
            let address = Ipv6Addr::from(address);
            // Go writes addresses that hold one of version 4 as that one.
            match address.to_ipv4_mapped() {
                Some(four) => four.to_string(),
                None => address.to_string(),
            }
        }
    }

    fn with_prefix(&self) -> String {
        format!("{}/{}", self.shown(self.address), self.prefix)
    }
}

fn shifted(value: u128, by: u32) -> u128 {
    value.checked_shl(by).unwrap_or(0)
}

/// So many ones.
fn low_bits(count: u32) -> u128 {
    if count >= 128 {
        u128::MAX
    } else {
        (1 << count) - 1
    }
}

/// Four numbers, always decimal: a leading zero means nothing.
fn ipv4(text: &str) -> Option<u32> {
    let mut address = 0_u32;
    let mut count = 0;
    for part in text.split('.') {
        count += 1;
        if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) || count > 4 {
            return None;
        }
        let number = part.bytes().try_fold(0_u32, |sum, byte| {
            Some(sum * 10 + u32::from(byte - b'0')).filter(|sum| *sum <= 255)
        })?;
        address = address << 8 | number;
    }
    (count == 4).then_some(address)
}

/// An address of version 6, whose last part may be one of version 4 with leading zeros.
fn ipv6(text: &str) -> Option<u128> {
    if let Some((head, tail)) = text.rsplit_once(':')
        && tail.contains('.')
    {
        let four = Ipv4Addr::from(ipv4(tail)?);
        return format!("{head}:{four}")
            .parse::<Ipv6Addr>()
            .ok()
            .map(u128::from);
    }
    text.parse::<Ipv6Addr>().ok().map(u128::from)
}

/// A whole number with its sign, as far as addresses need it.
fn big(value: &Value, argument: usize) -> Result<i128, FunctionError> {
    let number = value
        .as_number()
        .ok_or_else(|| FunctionError::argument(argument, "a number is required"))?;
    if !number.is_integer() {
        return Err(FunctionError::argument(
            argument,
            format!("a whole number is required, but this is {number}"),
        ));
    }
    let limit = Number::from(i64::MAX);
    // What is beyond is beyond every network that has so few host bits; larger ones are read from their digits.
    number.to_string().parse().or_else(|_| {
        if *number > limit {
            Ok(i128::MAX)
        } else {
            Ok(i128::MIN)
        }
    })
}

fn cidrhost(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let network = Network::parse(arguments[0].as_str().unwrap_or_default())?;
    let host = big(&arguments[1], 1)?;
    let most = low_bits(network.host_bits());
    let beyond = || {
        let message = format!(
            "a network of {} bits has no host numbered {host}",
            network.prefix
        );
        FunctionError::argument(1, message)
    };
    let number = if host < 0 {
        // From the end: -1 is the last one.
        let back = host.unsigned_abs() - 1;
        most.checked_sub(back).ok_or_else(beyond)?
    } else {
        Some(host.unsigned_abs())
            .filter(|host| *host <= most)
            .ok_or_else(beyond)?
    };
    // Terraform counts hosts of an embedded network of version 4 from the wrong end of the address.
    let embedded =
        network.bits == 128 && Ipv6Addr::from(network.address).to_ipv4_mapped().is_some();
    let number = shifted(number, if embedded { 96 } else { 0 });
    Ok(Value::string(network.shown(network.address | number)))
}

fn cidrnetmask(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let network = Network::parse(arguments[0].as_str().unwrap_or_default())?;
    if network.bits != 32 {
        return Err(FunctionError::argument(
            0,
            "only networks of IPv4 have a mask",
        ));
    }
    Ok(Value::string(network.shown(network.mask())))
}

fn cidrsubnet(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let network = Network::parse(arguments[0].as_str().unwrap_or_default())?;
    let new_bits = whole(&arguments[1], 1)?;
    let number = big(&arguments[2], 2)?;
    let extended = u32::try_from(i64::from(network.prefix).saturating_add(new_bits));
    let Some(prefix) = extended.ok().filter(|prefix| *prefix <= network.bits) else {
        let message = format!(
            "a prefix of {} bits has no room for {new_bits} more",
            network.prefix
        );
        return Err(FunctionError::argument(1, message));
    };
    // A prefix that is made shorter has no bound; of a number only its size is looked at, not its sign.
    let most = u32::try_from(new_bits).map_or(u128::MAX, low_bits);
    if number.unsigned_abs() > most {
        let message = format!("{new_bits} more bits have no room for a network numbered {number}");
        return Err(FunctionError::argument(2, message));
    }
    let shift = usize::try_from(network.bits - prefix).unwrap_or(0);
    let joined = BigInt::from(network.address) | (BigInt::from(number) << shift);
    let low = joined.magnitude() & BigUint::from(low_bits(network.bits));
    let subnet = Network {
        address: u128::try_from(low).unwrap_or(u128::MAX),
        prefix,
        ..network
    };
    Ok(Value::string(subnet.with_prefix()))
}

fn cidrsubnets(arguments: &[Value], _: &Type, _: &Environment) -> Result<Value, FunctionError> {
    let network = Network::parse(arguments[0].as_str().unwrap_or_default())?;
    let end = u128::checked_add(network.address, low_bits(network.host_bits()));
    // Terraform looks for the first one behind the network before it, and there is none before the very first address.
    let mut next = Some(network.address).filter(|address| *address != 0);
    let mut subnets = Vec::new();
    for (at, new_bits) in arguments.iter().enumerate().skip(1) {
        let new_bits = whole(new_bits, at)?;
        if new_bits < 1 {
            return Err(FunctionError::argument(
                at,
                "the prefix must be extended by at least one bit",
            ));
        }
        if new_bits > 32 {
            return Err(FunctionError::argument(
                at,
                "the prefix must not be extended by more than 32 bits",
            ));
        }
        let prefix = network.prefix + u32::try_from(new_bits).unwrap_or(32);
        if prefix > network.bits {
            let message = format!(
                "a prefix of {} bits has no room for {new_bits} more",
                network.prefix
            );
            return Err(FunctionError::argument(at, message));
        }
        let subnet = Network { prefix, ..network };
        let size = low_bits(subnet.host_bits());
        // Up to the next address at which such a network can begin.
        let start = next
            .and_then(|next| next.checked_add(size))
            .map(|next| next & !size);
        let fits = start.filter(|start| {
            end.is_some_and(|end| start.checked_add(size).is_some_and(|last| last <= end))
        });
        let Some(start) = fits else {
            let message =
                format!("there is no room left for a network of {prefix} bits behind the others");
            return Err(FunctionError::argument(at, message));
        };
        next = start.checked_add(size).and_then(|last| last.checked_add(1));
        subnets.push(Value::string(
            Network {
                address: start,
                ..subnet
            }
            .with_prefix(),
        ));
    }
    list(&Type::String, subnets)
}
