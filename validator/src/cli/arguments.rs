//! Arguments of the command line, as help shows them.

#![allow(clippy::doc_markdown, reason = "doc comments here are shown as help")]

mod exceptions;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use exceptions::{Accept, Baseline, BaselineWrite, Init, Today};

/// Proves whether the secondary region of an AWS estate mirrors the primary one, from Terraform code.
#[derive(Debug, Parser)]
#[command(
    name = "drcheck",
    version,
    max_term_width = 100,
    args_conflicts_with_subcommands = true,
    after_help = CHECK_HELP
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) check: Check,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Compare both regions: prove that the secondary mirrors the primary; what drcheck does without a command
    #[command(after_help = CHECK_HELP)]
    Check(Box<Check>),
    /// List which instance mirrors which, and why
    Pairs(Box<Pairs>),
    /// List all rules
    Rules(Rules),
    /// Explain a rule, the pair of an instance, or a finding
    #[command(after_help = EXPLAIN_HELP)]
    Explain(Box<Explain>),
    /// Accept findings of a report until a day: writes entries to dr.hcl
    #[command(after_help = exceptions::ACCEPT_HELP)]
    Accept(Accept),
    /// Remember the findings of today, so that only new ones fail
    #[command(subcommand, after_help = exceptions::BASELINE_HELP)]
    Baseline(Baseline),
    /// Write a dr.hcl from what is seen
    #[command(after_help = exceptions::INIT_HELP)]
    Init(Box<Init>),
    /// Edit the configuration where a finding can be settled safely: print the edits as a diff, or write them
    #[command(after_help = FIX_HELP)]
    Fix(Box<Fix>),
    /// Draw pairs and replication as a graph
    Graph(Box<Graph>),
    /// Print every resource instance with its region, account and values, and say why what is unknown is unknown
    #[command(after_help = INVENTORY_HELP)]
    Inventory(Inventory),
    /// Evaluate expressions in a root module, as `terraform console` does, without init, providers or credentials
    #[command(after_help = EVAL_HELP)]
    Eval(Eval),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

const CHECK_HELP: &str = "\
Examples:
  drcheck                                                the estate in the current directory
  drcheck live --output html=report.html --output sarif=drcheck.sarif
  terraform show -json plan.bin | drcheck --plan -       a plan alone
  drcheck live --plan plan.json                          a plan, with places and references from live/
  drcheck --inventory inventory.json --fail-on breaks    a saved inventory

Exit codes: 0 the secondary mirrors the primary; 1 findings at or above --fail-on; 2 wrong usage, wrong configuration or an
output that cannot be written; 3 nothing was checked, or something could not be read or evaluated; 4 with --strict, undecided
relations only.";

const EXPLAIN_HELP: &str = "\
Examples:
  drcheck explain dns-ttl-too-long                       what the rule asks and why
  drcheck explain pair aws_db_instance.main live         what mirrors it, and the evidence
  drcheck explain finding 3f1c live                      one finding, by the start of its fingerprint";

const FIX_HELP: &str = "\
Examples:
  drcheck fix live                                       all edits as a diff
  drcheck fix live --select dns-ttl-too-long --write     those of one rule, written
  drcheck fix live | git apply                           after a look at them

Every edit is checked before it counts: its finding must be gone, and no new one may have come.

Exit codes: 0 all edits were made, or there are none; 1 an edit was left out, with the reason; 2 wrong usage, or a file that
cannot be written; 3 nothing was checked.";

const INVENTORY_HELP: &str = "\
Examples:
  drcheck inventory live                                 the root module in live/
  drcheck inventory live --plan plan.json                a plan, with places and references from live/
  terraform show -json plan.bin | drcheck inventory --plan -
  drcheck inventory --state terraform.tfstate --format json > inventory.json

Exit codes: 0 everything was read; 2 wrong usage, or a source that cannot be read; 3 nothing was found, or files that could
not be parsed (the rest is still printed).";

const EVAL_HELP: &str = "\
Examples:
  drcheck eval --root live 'module.network.subnet_ids'
  drcheck eval 'cidrsubnet(\"10.0.0.0/16\", 4, 3)'
  drcheck eval --root live --format json < expressions   one expression a line, one JSON object a line

Exit codes: 0 evaluated; 1 Terraform would refuse the expression; 2 wrong usage or no such root.";

/// Where a configuration is and what its variables are.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Inputs {
    /// Value of a root variable; repeatable, the last one counts
    #[arg(long = "var", value_name = "NAME=VALUE")]
    pub(crate) variables: Vec<String>,
    /// File with values of root variables; repeatable, in order with --var
    #[arg(long = "var-file", value_name = "FILE")]
    pub(crate) variable_files: Vec<PathBuf>,
    /// Workspace, what terraform.workspace gives [default: the one selected in .terraform, TF_WORKSPACE, or "default"]
    #[arg(long, value_name = "NAME")]
    pub(crate) workspace: Option<String>,
    /// Directory that files may be read from [default: the repository that holds the root, else the root]
    #[arg(long, value_name = "DIR")]
    pub(crate) boundary: Option<PathBuf>,
    /// Account of a region, or of all regions; repeatable
    #[arg(long = "account", value_name = "[REGION=]ID")]
    pub(crate) accounts: Vec<String>,
    /// Take AWS_REGION for providers that name no region
    #[arg(long)]
    pub(crate) use_aws_region: bool,
}

/// What to read.
#[derive(Debug, Args)]
pub(crate) struct SourceArguments {
    /// Root module, or the directory of a dr.hcl that names several [default: the current directory, unless a plan, state or
    /// inventory is given]
    pub(crate) path: Option<PathBuf>,
    /// Plan as JSON (terraform show -json PLAN); repeatable, - is stdin
    #[arg(long = "plan", value_name = "[ROOT=]FILE")]
    pub(crate) plans: Vec<PathBuf>,
    /// State as JSON (terraform show -json) or as it is stored; repeatable, - is stdin
    #[arg(long = "state", value_name = "[ROOT=]FILE")]
    pub(crate) states: Vec<PathBuf>,
    /// Inventory that was printed with --format json; repeatable, - is stdin
    #[arg(long = "inventory", value_name = "[ROOT=]FILE")]
    pub(crate) inventories: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    /// Key for digests of sensitive values, so that runs can be compared; without it a random key is used
    #[arg(long, value_name = "FILE")]
    pub(crate) digest_key: Option<PathBuf>,
    /// Print no progress and no notes
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Inventory {
    #[command(flatten)]
    pub(crate) sources: SourceArguments,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Print all values in text, not only what is unknown
    #[arg(long)]
    pub(crate) values: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) sources: SourceArguments,
    /// Ask only these rules or families; repeatable
    #[arg(long, value_name = "RULE|FAMILY")]
    pub(crate) select: Vec<String>,
    /// Do not ask these rules or families; repeatable
    #[arg(long, value_name = "RULE|FAMILY")]
    pub(crate) ignore: Vec<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(crate) format: ReportFormat,
    /// Write a report to a file too; repeatable
    #[arg(long = "output", value_name = "FORMAT=FILE")]
    pub(crate) outputs: Vec<String>,
    /// From which severity on findings fail the check
    #[arg(long, value_enum, default_value_t = FailOn::Degrades)]
    pub(crate) fail_on: FailOn,
    /// Fail on undecided relations too (exit code 4)
    #[arg(long)]
    pub(crate) strict: bool,
    /// Let only findings fail that this file does not know (drcheck baseline write)
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) today: Today,
}

/// From which severity on findings fail the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum FailOn {
    /// Every finding
    Drifts,
    /// Warnings and errors
    Degrades,
    /// Errors only
    Breaks,
    /// No finding
    Never,
}

/// A form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people
    Text,
    /// For programs: docs/drcheck/report.schema.json
    Json,
    /// For code scanning, SARIF 2.1.0
    Sarif,
    /// For test reports
    Junit,
    /// For GitLab code quality
    Gitlab,
    /// For a comment on a pull request
    Markdown,
    /// Annotations of GitHub workflows
    Github,
    /// A page to read and to forward
    Html,
}

#[derive(Debug, Args)]
pub(crate) struct Fix {
    /// Root module, or the directory of a dr.hcl that names several [default: the current directory]
    pub(crate) path: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    /// Settle only findings of these rules or families; repeatable
    #[arg(long, value_name = "RULE|FAMILY")]
    pub(crate) select: Vec<String>,
    /// Leave findings of these rules or families; repeatable
    #[arg(long, value_name = "RULE|FAMILY")]
    pub(crate) ignore: Vec<String>,
    /// Settle only findings whose fingerprint begins so; repeatable
    #[arg(long, value_name = "FINGERPRINT")]
    pub(crate) finding: Vec<String>,
    /// Write the files, instead of printing a diff
    #[arg(long)]
    pub(crate) write: bool,
    #[command(flatten)]
    pub(crate) today: Today,
    /// Print no progress and no notes
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Pairs {
    #[command(flatten)]
    pub(crate) sources: SourceArguments,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Graph {
    #[command(flatten)]
    pub(crate) sources: SourceArguments,
    /// How to print
    #[arg(long, value_enum, default_value_t = GraphFormat::Mermaid)]
    pub(crate) format: GraphFormat,
}

/// A language for graphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// Mermaid, which forges draw
    Mermaid,
    /// Graphviz
    Dot,
}

#[derive(Debug, Args)]
pub(crate) struct Rules {
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Write a page for each rule, and an index, into a directory
    #[arg(long, value_name = "DIR")]
    pub(crate) write_docs: Option<PathBuf>,
    /// Fail when the pages in the directory are stale, and write nothing
    #[arg(long, requires = "write_docs")]
    pub(crate) check: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A rule; or `pair` or `finding`
    pub(crate) what: String,
    /// The address of an instance, or the start of a fingerprint
    pub(crate) which: Option<String>,
    #[command(flatten)]
    pub(crate) sources: SourceArguments,
    #[command(flatten)]
    pub(crate) today: Today,
}

#[derive(Debug, Args)]
pub(crate) struct Eval {
    /// Expression; without it expressions are read from stdin, one a line
    pub(crate) expression: Option<String>,
    /// Root module [default: the current directory]
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) inputs: Inputs,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Print sensitive values too
    #[arg(long)]
    pub(crate) reveal: bool,
}

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}
