//! Names that clients remember for longer than the recovery may take.

use crate::mirror::{Maybe, Mirror, number};
use crate::rules::{Argument, Check, Rule};
use crate::verdict::{Asked, Edit, Family, Severity, Sink, Spot, Strategies};
use crate::views::dns;

pub(super) const RULE: Rule = Rule {
    name: "dns-ttl-too-long",
    family: Family::Compute,
    severity: Severity::Degrades,
    on: Strategies::STANDING,
    title: "A name that leads to one region is remembered for longer than the recovery may take.",
    impact: "Clients and resolvers keep the lost region's address until the TTL has passed.",
    doc: "\
## What it asks
The TTL of every record that leads to something in one region. It must be at most the tier's RTO less the time until a
health check notices, and at most 60 s where no tier says more. Aliases have no TTL of their own; mail and other records that
lead to no region are not asked.

## Why it breaks a failover
Detection plus TTL is the time until clients follow: 90 s and 300 s are six and a half minutes.

## Example
```terraform
resource \"aws_route53_record\" \"database\" {
  type    = \"CNAME\"
  ttl     = 3600
  records = [aws_db_instance.main.address]
}
```

## How to fix it
Lower the TTL to 60 s or less. Another limit for an estate: `rule \"dns-ttl-too-long\" { max = \"120s\" }` in `dr.hcl`.

Source: Amazon Route 53 developer guide, best practices for DNS.
",
    check: Check::Code(check),
};

/// Seconds where no tier says more.
const DEFAULT: f64 = 60.0;

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for set in dns::names(mirror).into_values() {
        for record in set.records.iter().filter(|record| !record.alias) {
            let limit = limit(mirror, record.id);
            let instance = mirror.instance(record.id);
            let leads = dns::region_of(mirror, record).is_some();
            let open = dns::leads_open(mirror, record);
            if !leads && open.is_empty() {
                continue;
            }
            let asked = Asked::new(RULE.name, Spot::of(record.id, "ttl"), Spot::missing());
            match number(mirror.value(record.id, "ttl")) {
                Maybe::Known(ttl) if ttl <= limit => sink.holds(),
                Maybe::Known(_) if !leads => sink.unsure(asked.unsure(
                    format!("whether {} leads to one region is not known", instance.address),
                    open,
                )),
                Maybe::Known(ttl) => sink.broken(
                    asked
                        .broken(format!(
                            "{} has a TTL of {ttl} s and leads to one region; at most {limit} s are expected",
                            instance.address
                        ))
                        .edit(
                            format!("Set ttl = {limit}."),
                            Edit::Set {
                                address: instance.address.clone(),
                                path: Spot::of(record.id, "ttl").path,
                                expression: limit.to_string(),
                            },
                        ),
                ),
                Maybe::Unset => {}
                Maybe::Unknown(because) => {
                    sink.unsure(asked.unsure(format!("the TTL of {} is not known", instance.address), because));
                }
            }
        }
    }
}

/// The longest TTL: as told, else what the tier's RTO leaves after detection, else the default.
fn limit(mirror: &Mirror<'_>, id: crate::mirror::InstanceId) -> f64 {
    let told = mirror
        .settings
        .rules
        .get(RULE.name)
        .and_then(|rule| rule.arguments.get("max"))
        .and_then(|text| seconds(text));
    if let Some(told) = told {
        return told;
    }
    let Some(rto) = mirror.tier(id).and_then(|tier| tier.rto) else {
        return DEFAULT;
    };
    let check = mirror.targets(id, "health_check_id").first().copied();
    // Where it is not known, the rule of objectives says so.
    let detection = check.map_or(90.0, |check| dns::detection(mirror, check).unwrap_or(90.0));
    let rto = f64::from(u32::try_from(rto).unwrap_or(u32::MAX));
    (rto - detection).clamp(0.0, 300.0)
}

/// What the rule takes in `dr.hcl`.
pub(crate) const ARGUMENTS: &[Argument] = &[Argument {
    name: "max",
    expected: "a time such as 60s, 5m or 1h, or a number of seconds",
    fits: |text| seconds(text).is_some(),
}];

/// `60s`, `5m`, `1h`, several of them, or a number of seconds.
fn seconds(text: &str) -> Option<f64> {
    let number = text.trim().parse::<u64>().ok();
    let seconds = number.or_else(|| crate::settings::seconds(text))?;
    u32::try_from(seconds).ok().map(f64::from)
}
