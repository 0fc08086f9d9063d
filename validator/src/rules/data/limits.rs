//! Limits of `PostgreSQL` that a replica must not have lower than its primary, where they hang on the size of the instance.

use crate::inventory::{Name, Node};
use crate::mirror::{InstanceId, Maybe, Mirror, list, text};
use crate::relations::carries;
use crate::rules::{Check, Rule};
use crate::verdict::{Asked, Family, Severity, Sink, Spot, Strategies};

pub(super) const RULE: Rule = Rule {
    name: "replica-parameters-below-primary",
    family: Family::Data,
    severity: Severity::Breaks,
    on: Strategies::STANDING,
    title: "A PostgreSQL replica allows less than its primary, because its instance is smaller.",
    impact: "Replay pauses, and ends at the next restart: the replica is no copy any more before anything fails.",
    doc: "\
## What it asks
PostgreSQL stops replaying where `max_connections` of a replica is lower than the primary's. RDS computes it from the memory
of the instance class where no parameter group sets a number: `LEAST({DBInstanceClassMemory/9531392}, 5000)`. Parameters that
are written as numbers are compared by `parameter-group-differs`.

## Example
```terraform
resource \"aws_db_instance\" \"replica\" {
  replicate_source_db = aws_db_instance.main.arn   # a db.r6g.large
  instance_class      = \"db.t4g.medium\"           # and no parameter group that says max_connections
}
```

## How to fix it
Set `max_connections` to the primary's number in the parameter groups of both, or give the replica the primary's class.

Source: PostgreSQL documentation, hot standby, administrator's overview; Amazon RDS user guide, maximum number of connections.
",
    check: Check::Code(check),
};

const GIB: f64 = 1_073_741_824.0;
/// Bytes of memory for one connection, and the most connections, of the default formula.
const DEFAULT: (f64, f64) = (9_531_392.0, 5_000.0);

fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (pair, secondary) in mirror.pairs_of("aws_db_instance") {
        let is_replica = mirror
            .targets(secondary, "replicate_source_db")
            .contains(&pair.primary);
        let engine = text(mirror.value(pair.primary, "engine"));
        if !is_replica || engine != Maybe::Known("postgres".into()) {
            continue;
        }
        let path = "instance_class";
        let asked = Asked::new(
            RULE.name,
            Spot::of(pair.primary, path),
            Spot::of(secondary, path),
        )
        .keyed("max_connections");
        // Equal formulas over equal classes are equal, whatever they are.
        let same = |path: &str| mirror.same(pair, secondary, path);
        let name = &mirror.instance(secondary).address;
        match (limit(mirror, pair.primary), limit(mirror, secondary)) {
            // Numbers are compared elsewhere.
            (Ok(Limit::Number), _) | (_, Ok(Limit::Number)) => {}
            (Ok(Limit::Of(one)), Ok(Limit::Of(other))) if other >= one => sink.holds(),
            (Ok(Limit::Of(one)), Ok(Limit::Of(other))) => sink.broken(
                asked
                    .broken(format!(
                        "{name} allows {other:.0} connections by its memory, the primary {one:.0}"
                    ))
                    .fix("Set max_connections to the primary's number in both parameter groups, or use the primary's class."),
            ),
            _ if same(path) && same("parameter_group_name") => sink.holds(),
            (Err(because), _) | (_, Err(because)) => sink.unsure(
                asked
                    .unsure(format!("how many connections {name} and its primary allow is not known"), because)
                    .settle("Write max_connections as a number in the parameter groups of both."),
            ),
        }
    }
}

/// How many connections an instance allows.
enum Limit {
    /// As a parameter says.
    Number,
    /// So many, by its memory.
    Of(f64),
}

fn limit(mirror: &Mirror<'_>, id: InstanceId) -> Result<Limit, Vec<Name>> {
    let formula = match parameter(mirror, id)? {
        None => DEFAULT,
        Some(value) if value.parse::<f64>().is_ok() => return Ok(Limit::Number),
        Some(value) => self::formula(&value)
            .ok_or_else(|| vec![format!("max_connections = {value}").into()])?,
    };
    let class = match text(mirror.value(id, "instance_class")) {
        Maybe::Known(class) => class,
        Maybe::Unset => return Err(vec!["aws".into()]),
        Maybe::Unknown(because) => return Err(because),
    };
    let (_, memory) =
        carries(&class).ok_or_else(|| vec![format!("the memory of {class}").into()])?;
    Ok(Limit::Of((memory * GIB / formula.0).floor().min(formula.1)))
}

/// `max_connections` of an instance's own parameter group; nothing where it is the engine's.
fn parameter(mirror: &Mirror<'_>, id: InstanceId) -> Result<Option<String>, Vec<Name>> {
    let path = "parameter_group_name";
    let Some(group) = mirror.targets(id, path).first().copied() else {
        return match mirror.value(id, path) {
            Some(Node::Unknown(unknown))
                if unknown.because.iter().any(|reason| &**reason != "aws") =>
            {
                Err(unknown.because.clone())
            }
            Some(Node::String(name)) if !name.starts_with("default.") => {
                Err(vec![format!("the parameters of {name}").into()])
            }
            _ => Ok(None),
        };
    };
    let count = match list(mirror.value(group, "parameter")) {
        Maybe::Known(blocks) => blocks.len(),
        Maybe::Unset => 0,
        Maybe::Unknown(because) => return Err(because),
    };
    for at in 0..count {
        let read = |name: &str| text(mirror.value(group, &format!("parameter[{at}].{name}")));
        match (read("name"), read("value")) {
            (Maybe::Known(name), value) if name == "max_connections" => {
                return match value {
                    Maybe::Known(value) => Ok(Some(value)),
                    Maybe::Unset => Ok(None),
                    Maybe::Unknown(because) => Err(because),
                };
            }
            (Maybe::Unknown(because), _) => return Err(because),
            _ => {}
        }
    }
    Ok(None)
}

/// Divisor and cap of `LEAST({DBInstanceClassMemory/N},CAP)` or `{DBInstanceClassMemory/N}`.
fn formula(value: &str) -> Option<(f64, f64)> {
    let bare: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    let (inner, cap) = match bare
        .strip_prefix("LEAST(")
        .and_then(|rest| rest.strip_suffix(')'))
    {
        Some(both) => {
            let (inner, cap) = both.split_once(',')?;
            (inner.to_owned(), cap.parse().ok()?)
        }
        None => (bare, f64::INFINITY),
    };
    let divisor = inner
        .strip_prefix("{DBInstanceClassMemory/")?
        .strip_suffix('}')?
        .parse()
        .ok()?;
    Some((divisor, cap))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_of_memory_are_read() {
        assert_eq!(
            formula("LEAST({DBInstanceClassMemory/9531392},5000)"),
            Some(DEFAULT)
        );
        assert_eq!(
            formula("{DBInstanceClassMemory/ 1000}"),
            Some((1000.0, f64::INFINITY))
        );
        assert_eq!(formula("GREATEST({DBInstanceClassMemory/1},2)"), None);
        assert_eq!(formula("{DBInstanceVCPU*2}"), None);
    }
}
