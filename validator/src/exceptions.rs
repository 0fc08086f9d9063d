//! Exceptions: findings that somebody answers for until a day, and findings that were there before. Whatever stands in
//! `dr.hcl` or in a comment and means nothing any more is a finding itself.

mod apply;
mod baseline;
mod comments;
mod entries;
mod fit;
mod moves;
mod unused;

pub use apply::{Applied, apply};
pub use baseline::Baseline;
pub(crate) use entries::{Decision, SavedFinding, SavedReport, add, entries};
pub use moves::follow;
