//! Functions: null, unknown, errors that name their argument.

use terraform_framework::cty::{Number, Type, Value as Cty};

use crate::demanding;

fn words(words: &[&str]) -> Cty {
    Cty::list(Type::String, words.iter().map(Cty::string).collect()).unwrap()
}

#[tokio::test]
async fn c43_functions_compute_and_name_the_argument_at_fault() {
    let harness = demanding().await;
    let joined = harness
        .call_function("join_words", &[words(&["a", "b"]), Cty::string("-")])
        .await;
    assert_eq!(joined.unwrap(), Cty::string("a-b"));
    let refused = harness
        .call_function("join_words", &[words(&[]), Cty::string("-")])
        .await
        .unwrap_err();
    assert_eq!(
        (refused.argument, refused.text.as_str()),
        (Some(0), "there are no words; expected at least one")
    );
    let refused = harness
        .call_function("join_words", &[words(&["a"])])
        .await
        .unwrap_err();
    assert!(refused.text.contains("takes 2 arguments"), "{refused:?}");
    assert_eq!(
        harness.call_function("zero", &[]).await.unwrap(),
        Cty::number(0)
    );
}

#[tokio::test]
async fn c43_null_gives_null_unless_the_function_takes_it() {
    let harness = demanding().await;
    let null = Cty::null(Type::String);
    let joined = harness
        .call_function("join_words", &[words(&["a"]), null.clone()])
        .await;
    assert!(joined.unwrap().is_null());
    assert_eq!(
        harness.call_function("or_nothing", &[null]).await.unwrap(),
        Cty::string("nothing")
    );
}

#[tokio::test]
async fn c43_unknown_gives_unknown() {
    let harness = demanding().await;
    let joined = harness
        .call_function("join_words", &[words(&["a"]), Cty::unknown(Type::String)])
        .await;
    assert!(!joined.unwrap().is_known());
}

#[tokio::test]
async fn c43_numbers_stay_exact() {
    let harness = demanding().await;
    let number = Number::parse("98765432109876543210987654321.0123456789").unwrap();
    let same = harness
        .call_function("same_number", &[Cty::number(number.clone())])
        .await;
    assert_eq!(same.unwrap(), Cty::number(number));
}

#[tokio::test]
async fn c51_a_function_that_panics_is_an_error() {
    let harness = demanding().await;
    let refused = harness
        .call_function("panics", &[Cty::string("ouch")])
        .await
        .unwrap_err();
    assert!(
        refused.text.contains("the function panics") && refused.text.contains("ouch"),
        "{refused:?}"
    );
}
