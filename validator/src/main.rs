//! `drcheck`: proves whether the secondary region mirrors the primary one.

fn main() {}
