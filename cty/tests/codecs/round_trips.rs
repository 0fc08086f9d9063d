//! What a codec writes, it reads again.

use cty::{Number, Type, Value, json, msgpack};
use proptest::prelude::*;

use crate::strategies::{Parts, any_type, closed_type, value};

fn placed(parts: Parts) -> impl Strategy<Value = (Type, Value)> {
    any_type().prop_flat_map(move |ty| value(ty.clone(), parts).prop_map(move |v| (ty.clone(), v)))
}

proptest! {
    #[test]
    fn type_json_comes_back(ty in any_type()) {
        prop_assert_eq!(Type::from_json(ty.to_json().as_bytes()).expect("a type"), ty);
    }

    #[test]
    fn msgpack_comes_back_whole((ty, value) in placed(Parts::Any)) {
        let bytes = msgpack::encode(&value, &ty).expect("encodes");
        prop_assert_eq!(msgpack::decode(&bytes, &ty).expect("decodes"), value);
    }

    #[test]
    fn json_comes_back_whole((ty, value) in placed(Parts::Known)) {
        let text = json::encode(&value, &ty).expect("encodes");
        prop_assert_eq!(json::decode(&text, &ty).expect("decodes"), value);
    }

    #[test]
    fn elements_of_open_collections_carry_their_type(value in closed_type().prop_flat_map(|ty| value(Type::list(ty), Parts::Any))) {
        let schema = Type::list(Type::Dynamic);
        let bytes = msgpack::encode(&value, &schema).expect("encodes");
        let back = msgpack::decode(&bytes, &schema).expect("decodes");
        if value.elements().is_some_and(|elements| !elements.is_empty()) {
            prop_assert_eq!(back, value);
        } else {
            prop_assert_eq!(back.ty(), &schema);
        }
    }

    #[test]
    fn strings_come_back_composed(text in any::<String>()) {
        let decomposed: String = unicode_normalization::UnicodeNormalization::nfd(text.as_str()).collect();
        prop_assert_eq!(Value::string(&decomposed), Value::string(&text));
        let bytes = msgpack::encode(&Value::string(&decomposed), &Type::String).expect("encodes");
        prop_assert_eq!(msgpack::decode(&bytes, &Type::String).expect("decodes"), Value::string(text));
    }

    #[test]
    fn decimal_text_names_a_number_to_its_last_bit(a in any::<i64>(), b in 1..i64::MAX, shift in -300..300_i32) {
        let shift = Number::parse(&format!("1e{shift}")).expect("a number");
        let number = Number::from(a).div(&Number::from(b)).and_then(|q| q.mul(&shift)).expect("finite");
        prop_assert_eq!(Number::parse(&number.to_string()).expect("a number"), number);
    }
}

#[test]
fn nulls_and_empty_collections_stay_apart() {
    for ty in [
        Type::list(Type::String),
        Type::set(Type::Bool),
        Type::map(Type::Number),
    ] {
        let empty = match &ty {
            Type::List(e) => Value::list((**e).clone(), vec![]),
            Type::Set(e) => Value::set((**e).clone(), vec![]),
            _ => Value::map(Type::Number, Vec::<(&str, Value)>::new()),
        }
        .unwrap();
        for value in [empty, Value::null(ty.clone())] {
            let bytes = msgpack::encode(&value, &ty).unwrap();
            assert_eq!(msgpack::decode(&bytes, &ty).unwrap(), value);
            assert_eq!(
                json::decode(&json::encode(&value, &ty).unwrap(), &ty).unwrap(),
                value
            );
        }
    }
}
