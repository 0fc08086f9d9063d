//! Arguments of what is done beside executions: doctor, report, login, bundle.

use std::path::PathBuf;

use aws::Region;
use clap::Args;

use super::{Execution, PlanFile};

pub(super) const DOCTOR_HELP: &str = "\
One line for each check: ok; warning, somebody should look at it; not known, nobody could tell; broken. Exit code 1 when one
is broken, 0 otherwise. Permissions are asked from IAM (iam:SimulatePrincipalPolicy), whose control plane is in us-east-1: in
peace only, never while a plan runs. Policies of resources and of sessions are not asked.";

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub(crate) plan: PlanFile,
    /// The directory that drctl bundle wrote: is it whole, of this plan, and how old
    #[arg(long, value_name = "DIR", env = "DRCTL_BUNDLE")]
    pub(crate) bundle: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    #[command(flatten)]
    pub(crate) execution: Execution,
    /// Write it to a file in a form, such as html=evidence.html; repeatable; Markdown to stdout where none is given
    #[arg(long = "output", value_name = "FORM=FILE")]
    pub(crate) outputs: Vec<String>,
}

pub(super) const LOGIN_HELP: &str = "\
Lines for ~/.aws/config; the region is one that must live when another one is lost, never the home of your identity provider:
  [profile recovery]
  region = us-west-2
  credential_process = drctl login --role-arn arn:aws:iam::123456789012:role/recovery --mfa-serial arn:aws:iam::123456789012:mfa/ada --region us-west-2 --cache /home/ada/.aws/drctl-session.json --profile ada
The profile ada holds long-lived keys of a user who may do nothing but assume that role with a device. The code is asked for
on the terminal.";

#[derive(Debug, Args)]
pub(crate) struct Login {
    /// ARN of the role
    #[arg(long, value_name = "ARN")]
    pub(crate) role_arn: String,
    /// Serial number or ARN of the device; its code is asked for
    #[arg(long, value_name = "ARN")]
    pub(crate) mfa_serial: Option<String>,
    /// The region whose STS is asked; the next one where it does not answer; repeatable
    #[arg(long = "region", value_name = "REGION", required = true)]
    pub(crate) regions: Vec<Region>,
    /// How long the session lasts, such as 1h; between 15m and 12h, as far as the role allows
    #[arg(long, value_name = "DURATION")]
    pub(crate) duration: Option<String>,
    /// The device's code, six digits, where there is no terminal
    #[arg(long, value_name = "CODE", requires = "mfa_serial")]
    pub(crate) token_code: Option<String>,
    /// Keep the credentials in a file that only you can read, until five minutes before they end
    #[arg(long, value_name = "FILE")]
    pub(crate) cache: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Bundle {
    /// The failover plan, a JSON file; - is stdin
    #[arg(
        long = "plan",
        value_name = "FILE",
        env = "DRCTL_PLAN",
        required_unless_present = "check"
    )]
    pub(crate) file: Option<PathBuf>,
    /// A plan that a step of it runs; repeatable
    #[arg(long = "child", value_name = "FILE")]
    pub(crate) children: Vec<PathBuf>,
    /// The directory, which must not be there yet
    #[arg(long, value_name = "DIR", required_unless_present = "check")]
    pub(crate) out: Option<PathBuf>,
    /// Check the hashes of a directory that was written before
    #[arg(long, value_name = "DIR", conflicts_with = "out")]
    pub(crate) check: Option<PathBuf>,
}
