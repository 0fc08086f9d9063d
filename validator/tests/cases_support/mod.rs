//! Files of cases: how they are read, run and judged.

pub(crate) mod elsewhere;
pub(crate) mod judge;
pub(crate) mod read;
pub(crate) mod run;
