//! What depends on what: the directed graph of a plan's steps, by their positions.

use std::collections::BTreeSet;

/// Steps by position, and for each the positions of what it comes after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Graph {
    after: Vec<Vec<usize>>,
}

impl Graph {
    /// A graph; positions that are none of its steps do not count.
    pub(crate) fn new(after: Vec<Vec<usize>>) -> Self {
        let count = after.len();
        let within = |before: Vec<usize>| {
            let mut before: Vec<usize> = before.into_iter().filter(|step| *step < count).collect();
            before.sort_unstable();
            before.dedup();
            before
        };
        Graph {
            after: after.into_iter().map(within).collect(),
        }
    }

    /// The steps that a step comes after.
    pub(crate) fn after(&self, step: usize) -> &[usize] {
        self.after.get(step).map_or(&[], Vec::as_slice)
    }

    /// For each step those that come after it.
    pub(crate) fn followers(&self) -> Vec<Vec<usize>> {
        let mut followers = vec![Vec::new(); self.len()];
        for (step, before) in self.after.iter().enumerate() {
            for other in before {
                followers[*other].push(step);
            }
        }
        followers
    }

    /// How many steps there are.
    pub(crate) fn len(&self) -> usize {
        self.after.len()
    }

    /// For each step all that it comes after, directly or through others.
    pub(crate) fn ancestors(&self) -> Vec<BTreeSet<usize>> {
        let mut before: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); self.len()];
        for step in self.order() {
            let mut all = BTreeSet::new();
            for other in self.after(step) {
                all.insert(*other);
                all.extend(before[*other].iter().copied());
            }
            before[step] = all;
        }
        before
    }

    /// The steps so that each comes after all that it depends on, as near to their own order as that allows; those on
    /// cycles, and behind them, are left out.
    pub(crate) fn order(&self) -> Vec<usize> {
        self.order_without(&BTreeSet::new())
    }

    fn order_without(&self, cut: &BTreeSet<usize>) -> Vec<usize> {
        let mut followers = vec![Vec::new(); self.len()];
        let mut missing = vec![0_usize; self.len()];
        for (step, before) in self.after.iter().enumerate() {
            for other in before.iter().filter(|other| !cut.contains(other)) {
                followers[*other].push(step);
                missing[step] += 1;
            }
        }
        let ready = (0..self.len()).filter(|step| missing[*step] == 0 && !cut.contains(step));
        let mut ready: BTreeSet<usize> = ready.collect();
        let mut order = Vec::new();
        while let Some(step) = ready.pop_first() {
            order.push(step);
            for follower in &followers[step] {
                missing[*follower] -= 1;
                if missing[*follower] == 0 && !cut.contains(follower) {
                    ready.insert(*follower);
                }
            }
        }
        order
    }

    /// Cycles that share no step, one for every knot: each step comes after the next one, the last after the first.
    pub(crate) fn cycles(&self) -> Vec<Vec<usize>> {
        let mut cut = BTreeSet::new();
        let mut cycles = Vec::new();
        loop {
            let order = self.order_without(&cut);
            let mut left: BTreeSet<usize> = (0..self.len()).collect();
            left.retain(|step| !cut.contains(step));
            for step in order {
                left.remove(&step);
            }
            let Some(first) = left.first() else {
                return cycles;
            };
            let cycle = self.walk(*first, &left);
            if cycle.is_empty() {
                return cycles;
            }
            cut.extend(cycle.iter().copied());
            cycles.push(cycle);
        }
    }

    /// Goes from step to step that it comes after, within what no order could be found for, until one comes again.
    fn walk(&self, first: usize, left: &BTreeSet<usize>) -> Vec<usize> {
        let mut path = vec![first];
        let mut step = first;
        while let Some(next) = self.after(step).iter().find(|next| left.contains(next)) {
            if let Some(start) = path.iter().position(|seen| seen == next) {
                let mut cycle = path.split_off(start);
                let least = cycle.iter().enumerate().min_by_key(|(_, step)| **step);
                let least = least.map_or(0, |(position, _)| position);
                cycle.rotate_left(least);
                return cycle;
            }
            path.push(*next);
            step = *next;
        }
        Vec::new()
    }

    /// The graph of those steps that are present: what comes after an absent one comes after what that came after.
    /// Absent ones, and ones on cycles, come after nothing.
    pub(crate) fn only(&self, present: &[bool]) -> Graph {
        let here = |step: usize| present.get(step).copied().unwrap_or(false);
        let mut after: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); self.len()];
        for step in self.order() {
            let mut before = BTreeSet::new();
            for other in self.after(step) {
                if here(*other) {
                    before.insert(*other);
                } else {
                    before.extend(after[*other].iter().copied());
                }
            }
            after[step] = before;
        }
        for (step, before) in after.iter_mut().enumerate() {
            if !here(step) {
                before.clear();
            }
        }
        Graph {
            after: after
                .into_iter()
                .map(|before| before.into_iter().collect())
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn graph(after: &[&[usize]]) -> Graph {
        Graph::new(after.iter().map(|before| before.to_vec()).collect())
    }

    #[test]
    fn cycles_are_found_once_each() {
        assert_eq!(
            graph(&[&[], &[0], &[1, 0]]).cycles(),
            Vec::<Vec<usize>>::new()
        );
        assert_eq!(graph(&[&[0]]).cycles(), [[0]]);
        assert_eq!(graph(&[&[2], &[0], &[1]]).cycles(), [[0, 2, 1]]);
        let two = graph(&[&[1], &[0], &[], &[4, 2], &[3], &[4]]);
        assert_eq!(two.cycles(), [[0, 1], [3, 4]]);
    }

    #[test]
    fn what_follows_an_absent_step_follows_what_that_followed() {
        let chain = graph(&[&[], &[0], &[1], &[2]]);
        let without = chain.only(&[true, false, false, true]);
        assert_eq!(without, graph(&[&[], &[], &[], &[0]]));
        let none = chain.only(&[false, false, true, false]);
        assert_eq!(none, graph(&[&[], &[], &[], &[]]));
    }

    fn any_graph() -> impl Strategy<Value = Graph> {
        let lists = proptest::collection::vec(proptest::collection::vec(0_usize..9, 0..3), 1..9);
        lists.prop_map(Graph::new)
    }

    /// One without cycles, whose order is not that of its positions.
    fn any_acyclic() -> impl Strategy<Value = Graph> {
        let order = Just((0_usize..9).collect::<Vec<_>>()).prop_shuffle();
        let bits = proptest::collection::vec(any::<u16>(), 9);
        (order, bits).prop_map(|(order, bits)| {
            let mut after = vec![Vec::new(); 9];
            for (position, step) in order.iter().enumerate() {
                let earlier = (0..position).filter(|other| bits[position] >> other & 1 == 1);
                after[*step] = earlier.map(|other| order[other]).collect();
            }
            Graph::new(after)
        })
    }

    /// Whether `from` is reached by following `after` from `step`, on the way over steps that `through` allows.
    fn reaches(graph: &Graph, step: usize, from: usize, through: &dyn Fn(usize) -> bool) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![step];
        while let Some(step) = open.pop() {
            for other in graph.after(step) {
                if *other == from {
                    return true;
                }
                if through(*other) && seen.insert(*other) {
                    open.push(*other);
                }
            }
        }
        false
    }

    proptest! {
        #[test]
        fn either_all_are_in_order_or_there_is_a_cycle(graph in any_graph()) {
            let (order, cycles) = (graph.order(), graph.cycles());
            for (position, step) in order.iter().enumerate() {
                for other in graph.after(*step) {
                    prop_assert!(order[..position].contains(other));
                }
            }
            let cyclic = (0..graph.len()).any(|step| reaches(&graph, step, step, &|_| true));
            prop_assert_eq!(cyclic, !cycles.is_empty());
            prop_assert_eq!(cyclic, order.len() < graph.len());
            for cycle in cycles {
                for (step, next) in cycle.iter().zip(cycle.iter().cycle().skip(1)) {
                    prop_assert!(graph.after(*step).contains(next));
                }
            }
        }

        #[test]
        fn absence_keeps_exactly_the_paths_over_absent_steps(
            graph in any_acyclic(), present in proptest::collection::vec(any::<bool>(), 9)
        ) {
            prop_assert!(graph.cycles().is_empty());
            let only = graph.only(&present);
            for step in 0..graph.len() {
                for other in 0..graph.len() {
                    let expected = present[step] && present[other]
                        && reaches(&graph, step, other, &|through| !present[through]);
                    prop_assert_eq!(only.after(step).contains(&other), expected);
                }
            }
        }
    }
}
