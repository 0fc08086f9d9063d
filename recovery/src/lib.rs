//! The recovery engine: observe, decide, gate, perform, verify.
//!
//! One engine serves the Terraform provider and the operator's command line. A [`step::Step`] knows one thing of the
//! world and the state that it should be in; the [`runner`] drives it; [`gate`]s stand before what cannot be undone.
//!
//! Invariants, each held by a test of this crate:
//!
//! 1. The world decides. A run starts by looking, whatever happened before it; nothing is done from a remembered
//!    position, so a run that was killed anywhere is continued by running again.
//! 2. Deciding is pure: [`step::Step::decide`] and [`step::Step::gates`] see values and return values. Time, calls and
//!    waiting live in the runner and in [`step::Step::look`] and [`step::Step::perform`].
//! 3. No one-way act without all gates of its step, asked about numbers measured after the last pause before the act.
//! 4. A one-way act whose answer was lost is not repeated before [`steps::rds_promote_replica::STATUS_LAG`] has passed
//!    and the world still shows the state from before; one that AWS accepted is not repeated by the same run at all.
//! 5. Done means proved by one observation that shows every part of the target state, never an answer of an act.
//! 6. What is unknown is never fine: a gate that cannot be answered is refused, unless a consent that names exactly
//!    that risk, for this source and this target, has not ended.
//! 7. Throttling, errors of the server, lost connections and silence never fail a step: they lead to another look, until
//!    the step's time is over. Missing permission, a missing instance and other clear refusals end it at once.
//! 8. Every wait is bounded. Asked to stop, a run starts no act, finishes the call in flight, and says how to go on.
//! 9. Two runners that share a reachable store never both start a one-way act while leases are honoured ([`lock`]); an
//!    owner that was taken over notices at its next write and stops. Without a store in common no lock can help: then
//!    the epoch ranks the writers, and two runners that completed the same epoch are told ([`epoch::Epochs::rival`]).
//! 10. No one-way act takes effect twice, whoever is killed, cut off, asleep or taken over, unless another execution has
//!     undone it in between.
//! 11. A journal is one chain, written by the owner of the lock alone; nothing is written to it after what could not be
//!     written. Epochs only grow.
//! 12. An order of a person is written down when it is obeyed, and obeyed once: while it is paused nothing is begun,
//!     after an abort no act is, and a skipped step is skipped or was done.
//! 13. After any deaths a run for which nothing is in the way brings the world to the target, or refuses for a reason
//!     that is true.
//! 14. A writer that was fenced, or that another one has come after, is never called active without being rebuilt.
//! 15. Whoever is refused the lock is told who holds it, since when, and how to follow.
//!
//! The simulation holds 3 and 9 to 15 in thousands of worlds (`make simulate`), and is itself held by engines with one
//! mistake each, which it has to catch (`tests/failover/simulation/mutants.rs`).

pub mod argument;
mod canonical;
pub mod command;
pub mod consent;
pub mod document;
pub mod duration;
pub mod engine;
pub mod epoch;
pub mod evidence;
pub mod gate;
mod graph;
pub mod instance_name;
pub mod journal;
pub mod kind;
pub mod lock;
pub mod message;
pub mod mode;
mod nearest;
pub mod next_move;
pub mod observation;
pub mod outcome;
pub mod plan_step;
pub mod predict;
pub mod progress;
pub mod prove;
pub mod publication;
pub mod reference;
pub mod replication;
pub mod risk;
pub mod runner;
pub mod schedule;
pub mod step;
pub mod steps;
pub mod store;
pub mod ulid;
pub mod witness;
