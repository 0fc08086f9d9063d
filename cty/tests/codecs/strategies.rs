//! Random types and values of them.

use cty::{Bound, Number, Refinements, Type, Value};
use proptest::prelude::*;

/// A type without open parts.
pub(crate) fn closed_type() -> BoxedStrategy<Type> {
    nested(primitive().boxed())
}

/// A type that may be open below tuples and objects, or as a whole.
pub(crate) fn any_type() -> BoxedStrategy<Type> {
    let inside = prop_oneof![3 => closed_type(), 1 => Just(Type::Dynamic)];
    let structural = inside.prop_recursive(2, 8, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Type::tuple),
            prop::collection::btree_map("[a-zäé_]{1,6}", inner, 0..4).prop_map(Type::object),
        ]
    });
    prop_oneof![1 => Just(Type::Dynamic), 3 => structural].boxed()
}

fn primitive() -> impl Strategy<Value = Type> {
    prop_oneof![Just(Type::String), Just(Type::Number), Just(Type::Bool)]
}

fn nested(leaf: BoxedStrategy<Type>) -> BoxedStrategy<Type> {
    leaf.prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(Type::list),
            inner.clone().prop_map(Type::set),
            inner.clone().prop_map(Type::map),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Type::tuple),
            prop::collection::btree_map("[a-zäé_]{1,6}", inner, 0..4).prop_map(Type::object),
        ]
    })
    .boxed()
}

/// Whether parts of a value may be unknown.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Parts {
    Known,
    Any,
}

/// A value for a place of this type.
pub(crate) fn value(ty: Type, parts: Parts) -> BoxedStrategy<Value> {
    let known = known(ty.clone(), parts);
    let null = Just(Value::null(ty.clone()));
    match parts {
        Parts::Known => prop_oneof![1 => null, 7 => known].boxed(),
        Parts::Any => prop_oneof![1 => null, 2 => unknown(ty), 7 => known].boxed(),
    }
}

fn known(ty: Type, parts: Parts) -> BoxedStrategy<Value> {
    let each = move |element: &Type| prop::collection::vec(value(element.clone(), parts), 0..5);
    match &ty {
        Type::Dynamic => closed_type()
            .prop_flat_map(move |ty| value(ty, parts))
            .boxed(),
        Type::String => text().prop_map(Value::string).boxed(),
        Type::Number => number(parts).prop_map(Value::number).boxed(),
        Type::Bool => any::<bool>().prop_map(Value::bool).boxed(),
        Type::List(element) => {
            let element = element.as_ref().clone();
            each(&element)
                .prop_map(move |v| Value::list(element.clone(), v).expect("one type"))
                .boxed()
        }
        Type::Set(element) => {
            let element = element.as_ref().clone();
            each(&element)
                .prop_map(move |v| Value::set(element.clone(), v).expect("one type"))
                .boxed()
        }
        Type::Map(element) => {
            let element = element.as_ref().clone();
            prop::collection::vec((text(), value(element.clone(), parts)), 0..5)
                .prop_map(move |v| Value::map(element.clone(), v).expect("one type"))
                .boxed()
        }
        Type::Tuple(types) => {
            let elements: Vec<_> = types.iter().map(|ty| value(ty.clone(), parts)).collect();
            elements.prop_map(Value::tuple).boxed()
        }
        Type::Object(object) => {
            let names: Vec<_> = object.attributes().keys().cloned().collect();
            let values: Vec<_> = object
                .attributes()
                .values()
                .map(|ty| value(ty.clone(), parts))
                .collect();
            values
                .prop_map(move |v| Value::object(names.iter().cloned().zip(v)))
                .boxed()
        }
    }
}

fn unknown(ty: Type) -> BoxedStrategy<Value> {
    let bound = || prop::option::of((number(Parts::Known), any::<bool>()));
    let length = || prop::option::of(prop_oneof![0..4_u64, 2000..2005_u64]);
    let refinements = (
        prop::option::of(Just(false)),
        prop::option::of("[a-zé-]{0,60}"),
        bound(),
        bound(),
        length(),
        length(),
    );
    refinements
        .prop_map(move |(null, prefix, min, max, min_length, max_length)| {
            let bound = |(value, inclusive)| Bound { value, inclusive };
            Value::unknown(ty.clone()).with_refinements(Refinements {
                null,
                prefix: prefix.map(Into::into),
                min: min.map(bound),
                max: max.map(bound),
                min_length,
                max_length,
            })
        })
        .boxed()
}

/// Text of all kinds, much of it not in normal form, some of it longer than the short headers can say.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => any::<String>(),
        2 => "[ae\u{301}\u{308}\u{30a}A\u{212b}\u{1100}\u{1161}]{0,6}",
        1 => prop::collection::vec("[a-z]", 30..34).prop_map(|v| v.concat()),
        1 => prop_oneof![Just(255_usize), Just(256), Just(65_535), Just(65_536)].prop_map(|n| "x".repeat(n)),
    ]
}

/// Numbers of every shape on the wire; infinite ones only where everything goes.
fn number(parts: Parts) -> BoxedStrategy<Number> {
    let decimal = ("-?[0-9]{1,160}", "[0-9]{0,160}", -400..400_i32).prop_map(
        |(whole, fraction, exponent)| {
            Number::parse(&format!("{whole}.{fraction}e{exponent}")).expect("a number")
        },
    );
    let finite = prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<i8>().prop_map(|n| Number::from(i64::from(n))),
        any::<u64>().prop_map(Number::from),
        any::<f64>().prop_filter_map("finite", |f| if f.is_finite() {
            Number::try_from(f).ok()
        } else {
            None
        }),
        decimal,
    ];
    match parts {
        Parts::Known => finite.boxed(),
        Parts::Any => {
            prop_oneof![9 => finite, 1 => any::<bool>().prop_map(Number::infinity)].boxed()
        }
    }
}
