//! `drctl` from outside: what it prints, how it ends, and what it leaves behind. AWS is a small server on loopback.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

mod aborts;
mod bench;
mod children;
mod doctor;
mod evidence;
mod fence;
mod fence_once;
mod help;
mod objects;
mod orders;
mod output;
mod outside;
mod plans;
mod runs;
mod server;
mod silent;
mod stores;
