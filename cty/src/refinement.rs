//! What is known about an unknown value, and where it comes from.

use std::any::Any;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use crate::characters::characters;
use crate::value::{Data, nfc};
use crate::{Number, Type, Value};

/// Longest list that a promise about its length turns into a list of unknown elements.
pub(crate) const LONGEST_LIST: u64 = 1024;

/// One end of a range.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bound {
    /// The end.
    pub value: Number,
    /// Whether the end itself belongs to the range.
    pub inclusive: bool,
}

/// What is promised about a value that is not known yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Refinements {
    /// `Some(false)`: it will not be null. `Some(true)`: it will be null.
    pub null: Option<bool>,
    /// Text that the string will begin with, in NFC. Where it is not known what follows, see [`Refinements::prefix`].
    pub prefix: Option<Arc<str>>,
    /// The number will not be below it.
    pub min: Option<Bound>,
    /// The number will not be above it.
    pub max: Option<Bound>,
    /// The collection will have at least so many elements.
    pub min_length: Option<u64>,
    /// The collection will have at most so many elements.
    pub max_length: Option<u64>,
}

impl Refinements {
    /// The promise that the value will not be null.
    pub fn not_null() -> Self {
        Refinements {
            null: Some(false),
            ..Refinements::default()
        }
    }

    /// The promise that a string begins with this text and goes on with something unknown. What might change when a
    /// combining mark followed is left out, as Terraform does: `a-` stays, of `ab` only `a` does.
    pub fn prefix(text: &str) -> Self {
        let text = nfc(text);
        let prefix: Arc<str> = safe_prefix(&text).into();
        Refinements {
            prefix: Some(prefix),
            ..Refinements::default()
        }
    }

    /// Both promises; of two bounds the tighter one, of two prefixes the longer.
    #[must_use]
    pub fn and(self, other: Refinements) -> Self {
        let longer = |a: Option<Arc<str>>, b: Option<Arc<str>>| match (a, b) {
            (Some(a), Some(b)) => Some(if a.len() < b.len() { b } else { a }),
            (a, b) => a.or(b),
        };
        let inner = |a: Option<Bound>, b: Option<Bound>, wanted: Ordering| match (a, b) {
            (Some(a), Some(b)) => match b.value.cmp(&a.value) {
                Ordering::Equal => Some(Bound {
                    inclusive: a.inclusive && b.inclusive,
                    value: a.value,
                }),
                order => Some(if order == wanted { b } else { a }),
            },
            (a, b) => a.or(b),
        };
        Refinements {
            null: other.null.or(self.null),
            prefix: longer(self.prefix, other.prefix),
            min: inner(self.min, other.min, Ordering::Greater),
            max: inner(self.max, other.max, Ordering::Less),
            min_length: self.min_length.max(other.min_length),
            max_length: match (self.max_length, other.max_length) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            },
        }
    }

    /// What of it goes with the type and says anything.
    fn for_type(self, ty: &Type) -> Self {
        let sized = matches!(ty, Type::List(_) | Type::Set(_) | Type::Map(_));
        let number = *ty == Type::Number;
        Refinements {
            null: self.null.filter(|_| *ty != Type::Dynamic),
            prefix: self
                .prefix
                .filter(|prefix| *ty == Type::String && !prefix.is_empty()),
            min: self
                .min
                .filter(|min| number && min.value != Number::infinity(true)),
            max: self
                .max
                .filter(|max| number && max.value != Number::infinity(false)),
            min_length: self.min_length.filter(|length| sized && *length > 0),
            // The largest length there can be says nothing.
            max_length: self
                .max_length
                .filter(|length| sized && i64::try_from(*length).is_ok_and(|l| l < i64::MAX)),
        }
    }

    /// Whether a known value keeps the promises. `false` is certain; `true` may be wrong for what is not wholly known.
    pub(crate) fn allow(&self, value: &Value) -> bool {
        if value.is_null() {
            return self.null != Some(false);
        }
        if self.null == Some(true) {
            return false;
        }
        let above = |min: &Bound, n: &Number| *n > min.value || (min.inclusive && *n == min.value);
        let under = |max: &Bound, n: &Number| *n < max.value || (max.inclusive && *n == max.value);
        match value.data() {
            Data::String(text) => self
                .prefix
                .as_deref()
                .is_none_or(|prefix| text.starts_with(prefix)),
            Data::Number(n) => {
                self.min.as_ref().is_none_or(|min| above(min, n))
                    && self.max.as_ref().is_none_or(|max| under(max, n))
            }
            Data::Elements(_) | Data::Entries(_) => {
                let (least, most) = value.length_range();
                self.min_length.is_none_or(|min| most >= min)
                    && self.max_length.is_none_or(|max| least <= max)
            }
            Data::Null | Data::Unknown(_) | Data::Bool(_) => true,
        }
    }

    /// Whether nothing is promised.
    pub fn is_empty(&self) -> bool {
        *self == Refinements::default()
    }
}

/// Why a value is not known: opaque here, for whoever made it. No part of equality, never on the wire.
#[derive(Clone)]
pub struct Origin(Arc<dyn Any + Send + Sync>);

impl Origin {
    /// Wraps an origin.
    pub fn new(origin: impl Any + Send + Sync) -> Self {
        Origin(Arc::new(origin))
    }

    /// The origin, if it is of this type.
    pub fn downcast<T: Any>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Origin(..)")
    }
}

/// The content of an unknown value. Two are equal when they promise the same.
#[derive(Clone, Debug, Default)]
pub struct Unknown {
    refinements: Option<Arc<Refinements>>,
    origin: Option<Origin>,
}

impl Unknown {
    /// An unknown of which this is promised.
    pub fn new(refinements: Refinements, origin: Option<Origin>) -> Self {
        let refinements = (!refinements.is_empty()).then(|| Arc::new(refinements));
        Unknown {
            refinements,
            origin,
        }
    }

    /// What is promised, if anything.
    pub fn refinements(&self) -> Option<&Refinements> {
        self.refinements.as_deref()
    }

    /// Where it comes from, if somebody said.
    pub fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    /// Whether it is promised not to be null.
    pub fn is_not_null(&self) -> bool {
        self.refinements().is_some_and(|r| r.null == Some(false))
    }
}

impl PartialEq for Unknown {
    fn eq(&self, other: &Self) -> bool {
        self.refinements == other.refinements
    }
}

impl Eq for Unknown {}

/// An unknown value of which this is promised, or the known one that the promises leave.
pub(crate) fn settle(
    ty: &Type,
    refinements: Refinements,
    origin: Option<&Origin>,
    longest: u64,
) -> Value {
    let refinements = refinements.for_type(ty);
    if refinements.null == Some(true) {
        return Value::null(ty.clone());
    }
    if refinements.null == Some(false)
        && let Some(known) = settled(ty, &refinements, longest)
    {
        return known;
    }
    Value::new(
        ty.clone(),
        Data::Unknown(Unknown::new(refinements, origin.cloned())),
    )
}

fn settled(ty: &Type, refinements: &Refinements, longest: u64) -> Option<Value> {
    if let (Some(min), Some(max)) = (&refinements.min, &refinements.max) {
        let one = min.inclusive && max.inclusive && min.value == max.value;
        return one.then(|| Value::number(min.value.clone()));
    }
    let most = refinements.max_length?;
    let length = (most == refinements.min_length.unwrap_or(0)).then_some(most)?;
    let empty = Data::Elements(Arc::new([]));
    match (ty, length) {
        (Type::List(_) | Type::Set(_), 0) => Some(Value::new(ty.clone(), empty)),
        (Type::Map(_), 0) => Some(Value::new(ty.clone(), Data::Entries(Arc::default()))),
        (Type::List(element), _) if length <= longest => {
            let elements = (0..length)
                .map(|_| Value::unknown((**element).clone()))
                .collect();
            Some(Value::new(ty.clone(), Data::Elements(elements)))
        }
        (Type::Set(element), 1) => {
            let unknown = Value::unknown((**element).clone());
            Some(Value::new(ty.clone(), Data::Elements(Arc::new([unknown]))))
        }
        _ => None,
    }
}

/// The part of a text that stays as it is whatever follows: delimiters end it, another last character may still change.
fn safe_prefix(text: &str) -> &str {
    const DELIMITERS: &str = "-_:;/\\,.(){}[]|?!~ \t@#$%^&*+\"'";
    if text.ends_with(|last| DELIMITERS.contains(last)) {
        return text;
    }
    let last = characters(text).last().unwrap_or_default();
    text.strip_suffix(last).unwrap_or(text)
}
