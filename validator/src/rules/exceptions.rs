//! Rules: entries of `dr.hcl` and comments that mean nothing any more. Whoever applies exceptions asks them.

use crate::rules::{Check, Rule};
use crate::verdict::{Family, Severity, Strategies};

/// All of them, in the order of reports.
pub(super) const RULES: &[Rule] = &[
    ACCEPT_EXPIRED,
    ACCEPT_UNUSED,
    SINGLE_UNUSED,
    PAIR_UNKNOWN,
    USE_UNUSED,
];

const ACCEPT_EXPIRED: Rule = Rule {
    name: "accept-expired",
    family: Family::Exceptions,
    severity: Severity::Degrades,
    on: Strategies::ALL,
    title: "An accepted finding is past its last day.",
    impact: "A weakness that was accepted for a time is still there, and nobody answers for it now.",
    doc: "\
## What it asks
Every `accept` block and every comment `drcheck:accept` has a last day. From the next day on what it accepted counts again,
and the entry is told beside it.

## Why it matters
What is accepted once tends to stay. The date makes somebody look again.

## Example
```hcl
accept \"replica-class\" {
  rule            = \"class-cannot-carry\"
  pair            = \"aws_db_instance.main\"
  attribute       = \"instance_class\"
  secondary_value = \"db.r6g.large\"
  owner           = \"data team\"
  reason          = \"read only until the first quarter\"
  expires         = \"2020-03-31\"
}
```

## How to fix it
Repair what was accepted and remove the entry, or let its owner decide on a new day.
",
    check: Check::Elsewhere,
};

const ACCEPT_UNUSED: Rule = Rule {
    name: "accept-unused",
    family: Family::Exceptions,
    severity: Severity::Drifts,
    on: Strategies::ALL,
    title: "An entry accepts a finding that is not there, or one with another value.",
    impact: "None today; left in place, the entry may hide a later finding that nobody looked at.",
    doc: "\
## What it asks
An entry accepts the findings of one rule about one pair and one attribute, with the values that somebody looked at. It is
unused when there is no such finding, and also when the value has changed: then the finding counts again, and this one says
what the entry names and what is there now.

It is not asked where the answer is open: for rules that are not selected, while the question itself is undecided, or when
not all files could be read.

## How to fix it
Remove the entry. Where a value changed, look at the finding and decide anew.
",
    check: Check::Elsewhere,
};

const SINGLE_UNUSED: Rule = Rule {
    name: "single-unused",
    family: Family::Exceptions,
    severity: Severity::Drifts,
    on: Strategies::ALL,
    title: "A `single` block names nothing, or only what has a counterpart.",
    impact: "None today; left in place, the entry would keep silent when the counterpart is removed.",
    doc: "\
## What it asks
`single \"ADDRESS\" { reason = \"…\" }` says that an instance lives once on purpose. The address, or pattern, must match an
instance that has no counterpart.

## How to fix it
Remove the block, or correct the address.
",
    check: Check::Elsewhere,
};

const PAIR_UNKNOWN: Rule = Rule {
    name: "pair-unknown",
    family: Family::Exceptions,
    severity: Severity::Degrades,
    on: Strategies::ALL,
    title: "A `pair` block names instances that cannot be a pair.",
    impact: "The two are not compared as intended: what differs between them is not found.",
    doc: "\
## What it asks
`pair { primary = \"…\" secondary = \"…\" }` names one instance in the primary region and one in a secondary region, each with
its key, and each once.

## Example
```hcl
pair {
  primary   = \"aws_db_instance.main[0]\"    # not aws_db_instance.main
  secondary = \"aws_db_instance.west_replica\"
}
```

## How to fix it
Correct the addresses; `drcheck pairs` lists all.
",
    check: Check::Elsewhere,
};

const USE_UNUSED: Rule = Rule {
    name: "use-unused",
    family: Family::Exceptions,
    severity: Severity::Drifts,
    on: Strategies::ALL,
    title: "A `use` block names no instance.",
    impact: "None; what it says about a key is not taken into account.",
    doc: "\
## What it asks
`use \"ADDRESS\" { client_side = true }` says how a key is used. The address must match an instance.

## How to fix it
Remove the block, or correct the address.
",
    check: Check::Elsewhere,
};
