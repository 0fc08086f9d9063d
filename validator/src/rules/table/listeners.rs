//! Whether rules of a listener are tried in the order of the primary's: numbers may differ, the order may not.

use crate::mirror::{InstanceId, Maybe, Mirror, number};
use crate::verdict::{Asked, Sink, Spot};

const TYPE: &str = "aws_lb_listener_rule";
const RULE: &str = "balancer-differs";

pub(super) fn check(mirror: &Mirror<'_>, sink: &mut Sink) {
    for (pair, secondary) in mirror.pairs_of("aws_lb_listener") {
        let mut rules: Vec<(f64, f64, InstanceId, InstanceId)> = Vec::new();
        for one in mirror
            .graph
            .owned(pair.primary, mirror.inventory, TYPE, "listener_arn")
        {
            let twin = mirror
                .pairing
                .pair_of(one, Some(pair.secondary))
                .and_then(|pair| mirror.pairs().get(pair.index())?.instance());
            let priority = |id| number(mirror.value(id, "priority"));
            // Without a number AWS takes the next that is free: the order of creation says nothing.
            if let Some(twin) = twin
                && let (Maybe::Known(a), Maybe::Known(b)) = (priority(one), priority(twin))
            {
                rules.push((a, b, one, twin));
            }
        }
        rules.sort_by(|a, b| a.0.total_cmp(&b.0));
        let wrong = rules.windows(2).find(|two| match two {
            [first, next] => first.1 > next.1,
            _ => false,
        });
        match wrong {
            None if rules.len() > 1 => sink.holds(),
            Some([first, next]) => {
                let name = |id: InstanceId| &mirror.instance(id).address;
                let asked = Asked::new(
                    RULE,
                    Spot::of(first.2, "priority"),
                    Spot::of(first.3, "priority"),
                );
                sink.broken(
                    asked
                        .broken(format!(
                            "{} is tried after {}, in the primary before",
                            name(first.3),
                            name(next.3)
                        ))
                        .impact("Requests that both rules match get another answer.")
                        .covers([Spot::of(secondary, "priority")]),
                );
            }
            _ => {}
        }
    }
}
