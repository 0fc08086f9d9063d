//! Arguments of the commands about exceptions.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::SourceArguments;

pub(crate) const ACCEPT_HELP: &str = "\
Examples:
  drcheck live --output json=report.json
  drcheck accept live --from report.json --fingerprint 3f1c --owner 'data team' \\
    --reason 'read only until the first quarter' --expires 2027-03-31

The entry names the pair, the attribute and its value: another value counts as a finding again. Exit codes: 0 written; 2 wrong
usage, no such finding, or a file that cannot be read or written.";

pub(crate) const BASELINE_HELP: &str = "\
Examples:
  drcheck baseline write live                            writes drcheck-baseline.json
  drcheck live --baseline drcheck-baseline.json          fails on new findings only";

pub(crate) const INIT_HELP: &str = "\
Examples:
  drcheck init live                                      writes live/dr.hcl
  drcheck init --plan plan.json --print                  prints it";

#[derive(Debug, Args)]
pub(crate) struct Accept {
    /// Directory of the dr.hcl, or the file [default: the current directory]
    pub(crate) path: Option<PathBuf>,
    /// Report as JSON (drcheck --output json=FILE); - is stdin
    #[arg(long, value_name = "FILE")]
    pub(crate) from: PathBuf,
    /// Start of the fingerprint of a finding; repeatable
    #[arg(long = "fingerprint", value_name = "START")]
    pub(crate) fingerprints: Vec<String>,
    /// Accept all findings of the report that nobody accepted
    #[arg(long, conflicts_with = "fingerprints")]
    pub(crate) all: bool,
    /// Who answers for it
    #[arg(long)]
    pub(crate) owner: String,
    /// Why it is accepted
    #[arg(long)]
    pub(crate) reason: String,
    /// The last day, such as 2027-03-31
    #[arg(long, value_name = "DATE")]
    pub(crate) expires: String,
    #[command(flatten)]
    pub(crate) today: Today,
}

/// Which day it is.
#[derive(Debug, Args)]
pub(crate) struct Today {
    /// The day that decides what is expired [default: today, UTC]
    #[arg(long, value_name = "DATE", hide = true)]
    pub(crate) today: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Baseline {
    /// Write all present findings to a file
    Write(Box<BaselineWrite>),
}

#[derive(Debug, Args)]
pub(crate) struct BaselineWrite {
    #[command(flatten)]
    pub(crate) sources: SourceArguments,
    /// The file
    #[arg(long, value_name = "FILE", default_value = "drcheck-baseline.json")]
    pub(crate) to: PathBuf,
    #[command(flatten)]
    pub(crate) today: Today,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    #[command(flatten)]
    pub(crate) sources: SourceArguments,
    /// Write over a dr.hcl that is there
    #[arg(long)]
    pub(crate) force: bool,
    /// Print it, and write nothing
    #[arg(long)]
    pub(crate) print: bool,
}
