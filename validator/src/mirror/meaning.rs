//! What a value means, told without the region it stands in: two values under a pair agree when their meanings are the same.

mod compare;
mod document;
mod keys;
mod own_keys;
mod read;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use super::{InstanceId, Mirror, PairId, Standing, is_of_region};
use crate::inventory::{Name, Node};

pub use compare::{Difference, Outcome};

/// Which side of a pair a value stands on; decides what "here" and "there" are in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// On the primary's.
    Primary,
    /// On the secondary's: the one with this position in the list of secondary regions.
    Secondary(usize),
}

impl End {
    /// Where the own side stands.
    fn own(self) -> Standing {
        match self {
            End::Primary => Standing::Primary,
            End::Secondary(at) => Standing::Secondary(at),
        }
    }
}

/// The root that addresses in a value belong to, where the estate has several.
pub(crate) type Root<'a> = Option<&'a Name>;

/// A value without the region it stands in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Meaning {
    /// Nothing is set.
    Absent,
    /// AWS decides it.
    Aws,
    /// A bool or number.
    Plain(String),
    /// Text with references and holes in it.
    Text(Vec<Part>),
    /// In order.
    List(Vec<Meaning>),
    /// Without order, sorted.
    Set(Vec<Meaning>),
    /// By name.
    Map(BTreeMap<Name, Meaning>),
    /// A sensitive value by its digest.
    Sealed(Name),
    /// An expression over what is not known: the same expression over the same things is the same value.
    Expression(Name, Vec<Meaning>),
    /// Not known.
    Unknown(Vec<Name>),
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// Letters. The own region stands as `{region}`, the other one as `{peer}`, zones as `{zone 0}`.
    Letters(String),
    /// An attribute of an instance.
    Reference(Key, Name),
    /// Anything else that is not known.
    Hole(Box<Meaning>),
}

/// An instance without the region it stands in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// The own side of a pair.
    Own(PairId),
    /// The other side of a pair.
    Other(PairId),
    /// One that serves both sides, or has no counterpart and does not need one.
    Alone(InstanceId),
    /// One of the own side that has no counterpart.
    Stray(InstanceId),
    /// One of the other side that has no counterpart.
    Foreign(InstanceId),
    /// A resource of which the instance is not known, by its address without words for roles.
    Resource(String),
}

impl Mirror<'_> {
    /// Compares what stands at both sides of a pair. What is decided by AWS on both sides is the same.
    pub fn compare(
        &self,
        pair: PairId,
        primary: Option<&Node>,
        secondary: Option<&Node>,
    ) -> Outcome {
        let (one, other) = self.meanings(pair, primary, secondary);
        self.compare_meanings(&one, &other)
    }

    /// The same, where order does not count.
    pub fn compare_sets(
        &self,
        pair: PairId,
        primary: Option<&Node>,
        secondary: Option<&Node>,
    ) -> Outcome {
        let (one, other) = self.meanings(pair, primary, secondary);
        self.compare_meanings(&one.unordered(), &other.unordered())
    }

    /// Compares two meanings: where they differ and name something of which it is not known what mirrors it, nothing is
    /// proved.
    pub(crate) fn compare_meanings(&self, one: &Meaning, other: &Meaning) -> Outcome {
        let outcome = compare::compare(one, other);
        if !outcome.is_different() {
            return outcome;
        }
        let mut open = BTreeSet::new();
        let mut foreign = false;
        for meaning in [one, other] {
            meaning.walk(&mut |part| {
                match part {
                    Part::Reference(Key::Alone(id), _) => {
                        open.extend(self.found.open(*id).iter().cloned());
                    }
                    // What was looked up in the other region is not what the own one has.
                    Part::Reference(Key::Foreign(id), _) => {
                        foreign |= is_of_region(self.instance(*id));
                    }
                    _ => {}
                }
                if let Part::Reference(Key::Alone(id) | Key::Stray(id) | Key::Foreign(id), _) = part
                {
                    open.extend(self.pairing.open(*id).iter().cloned());
                }
            });
        }
        if open.is_empty() || foreign {
            outcome
        } else {
            Outcome::Unknown(open.into_iter().collect())
        }
    }

    fn meanings(
        &self,
        pair: PairId,
        primary: Option<&Node>,
        secondary: Option<&Node>,
    ) -> (Meaning, Meaning) {
        let at = &self.pairing.pairs[pair.index()];
        let one = self.meaning(
            primary,
            End::Primary,
            self.instance(at.primary).root.as_ref(),
        );
        let root = self.instance(at.holder()).root.as_ref();
        (one, self.meaning(secondary, self.end(pair), root))
    }

    /// The secondary end of a pair.
    pub(crate) fn end(&self, pair: PairId) -> End {
        End::Secondary(self.pairing.pairs[pair.index()].secondary)
    }
}

impl Meaning {
    /// Whether it is nothing but an attribute of an instance, or several.
    pub(crate) fn is_reference(&self) -> bool {
        match self {
            Meaning::Text(parts) => matches!(parts.as_slice(), [Part::Reference(..)]),
            Meaning::List(parts) | Meaning::Set(parts) => {
                !parts.is_empty() && parts.iter().all(Meaning::is_reference)
            }
            _ => false,
        }
    }

    /// Lists as sets.
    fn unordered(self) -> Meaning {
        match self {
            Meaning::List(mut parts) => {
                parts.sort();
                parts.dedup();
                Meaning::Set(parts)
            }
            other => other,
        }
    }
}
