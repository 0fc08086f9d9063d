//! Conformance of the framework, through its testing module; the numbers are those of the conformance list.

#[path = "../examples/conformance"]
mod conformance {
    pub(crate) mod provider;
}
#[path = "../examples/greeting.rs"]
#[allow(dead_code, reason = "its main is another program's")]
mod greeting;
