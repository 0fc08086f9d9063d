//! Hostile expressions end in a clean failure.

use super::{eval, eval_within, same};
use crate::eval::Limits;

fn on_a_big_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(128 << 20);
    let done = thread.spawn(test).expect("a thread starts").join();
    assert!(done.is_ok(), "the test on the thread failed");
}

#[test]
fn depth_is_bounded_and_cannot_be_caught() {
    on_a_big_stack(|| {
        let limits = Limits {
            depth: 50,
            ..Limits::default()
        };
        let deep = format!("{}1{}", "[".repeat(60), "]".repeat(60));
        for text in [
            deep.clone(),
            format!("try({deep}, 1)"),
            format!("can({deep})"),
        ] {
            let failure = eval_within(&text, &limits).expect_err("too deep");
            assert_eq!(failure.summary, "Expression nested too deeply");
        }
        assert!(eval(&deep).is_ok());
    });
}

#[test]
fn loops_over_loops_run_out_of_elements() {
    let limits = Limits {
        elements: 10_000,
        ..Limits::default()
    };
    let ten = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 0]";
    let mut text = "1".to_owned();
    for _ in 0..8 {
        text = format!("[for x in {ten} : {text}]");
    }
    let failure = eval_within(&text, &limits).expect_err("too many");
    assert_eq!(failure.summary, "Evaluation grew too large");
}

#[test]
fn text_that_grows_runs_out_of_bytes() {
    let limits = Limits {
        bytes: 10_000,
        ..Limits::default()
    };
    let text = format!("[for x in [1, 2, 3] : \"{}${{x}}\"]", "a".repeat(5_000));
    let failure = eval_within(&text, &limits).expect_err("too long");
    assert_eq!(failure.summary, "Evaluation grew too large");
}

#[test]
fn values_that_hold_themselves_over_and_over_are_refused() {
    let doubled = format!(
        "{}1{}",
        "[for x in [".repeat(40),
        "] : [x, x, x]]".repeat(40)
    );
    let limits = Limits {
        elements: 10_000,
        ..Limits::default()
    };
    let failure = eval_within(&doubled, &limits).expect_err("too many parts");
    assert_eq!(failure.summary, "Evaluation grew too large");
}

#[test]
fn long_chains_need_no_stack() {
    same(&format!("1{}", " + 0".repeat(50_000)), "1");
    let chain = format!("try(local.open{}, 1)", ".a".repeat(50_000));
    assert!(eval(&chain).is_ok());
}
