//! Functions: typed arguments, null, errors that name their argument.

use terraform_framework::cty::Number;
use terraform_framework::function::{Function, FunctionError, Texts};

/// All of them.
pub(crate) fn all() -> Vec<Function> {
    let join = Function::new(
        "join_words",
        "Joins words",
        "Joins words, with something between them.",
    )
    .parameter::<Texts>("words", "The words; at least one.")
    .parameter::<String>("between", "What stands between them.");
    let or = Function::new(
        "or_nothing",
        "Replaces null",
        "Gives the text, or `nothing` for null.",
    )
    .parameter::<Option<String>>("text", "The text; may be null.");
    let same = Function::new(
        "same_number",
        "Gives a number back",
        "Gives the number back, to the last digit.",
    )
    .parameter::<Number>("number", "The number.");
    let panics = Function::new("panics", "Panics", "Panics, always.")
        .parameter::<String>("text", "What it says.");
    vec![
        join.returns(|words: Texts, between: String| {
            if words.0.is_empty() {
                return Err(FunctionError::at(
                    0,
                    "there are no words; expected at least one",
                ));
            }
            Ok(Some(words.0.join(&between)))
        }),
        or.returns(|text: Option<String>| Ok(Some(text.unwrap_or_else(|| "nothing".to_owned())))),
        same.returns(|number: Number| Ok(Some(number))),
        panics
            .returns(|text: String| -> Result<Option<String>, FunctionError> { panic!("{text}") }),
        Function::new("zero", "Gives 0", "Gives 0, without asking anything.")
            .returns(|| Ok(Some(0_i64))),
    ]
}
