//! Input that means harm, through the program as people run it: each run ends within seconds and within bounds of memory, says
//! what is wrong, and never panics.

// Inputs are built as text.
#![allow(clippy::format_push_string, clippy::format_collect)]

#[path = "hostile/blocks.rs"]
mod blocks;
#[path = "hostile/cycles.rs"]
mod cycles;
#[path = "hostile/files.rs"]
mod files;
#[path = "hostile/functions.rs"]
mod functions;
#[path = "hostile/modules.rs"]
mod modules;
#[path = "hostile/run.rs"]
mod run;
#[path = "hostile/screen.rs"]
mod screen;
#[path = "hostile/text.rs"]
mod text;
#[path = "hostile/values.rs"]
mod values;
