//! Iterators of dynamic blocks as names for what stands inside of them.

use cty::Value;

use crate::eval::Frame;
use crate::load::config::Name;

/// The iterators around a nested block, outermost first.
pub(crate) type Iterators = [(Name, Value)];

/// Runs something with these names in sight.
pub(crate) fn with<R>(iterators: &Iterators, run: impl FnOnce(Option<&Frame<'_>>) -> R) -> R {
    go(iterators, None, run)
}

fn go<R>(
    rest: &Iterators,
    outer: Option<&Frame<'_>>,
    run: impl FnOnce(Option<&Frame<'_>>) -> R,
) -> R {
    match rest.split_first() {
        None => run(outer),
        Some(((name, value), rest)) => {
            let frame = Frame { name, value, outer };
            go(rest, Some(&frame), run)
        }
    }
}
