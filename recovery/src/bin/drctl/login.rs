//! `drctl login`: credentials of a role by regional STS and a device, for `credential_process`.

use std::io::{BufRead as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::Duration;

use aws::sdk::{SdkAws, Settings};
use aws::sts::{Session, SessionRequest};
use aws::{Aws, ErrorKind};
use jiff::Timestamp;
use recovery::duration;
use recovery::message::Message;
use serde_json::{Value, json};

use crate::args::{Common, Login};
use crate::show::{Exit, Show, Stop};

/// Credentials that end sooner are not handed out again.
const MARGIN: Duration = Duration::from_mins(5);

/// The bounds of a session (AWS STS, `AssumeRole`, `DurationSeconds`).
const BOUNDS: (Duration, Duration) = (Duration::from_mins(15), Duration::from_hours(12));

pub(crate) async fn login(command: &Login, common: &Common, show: Show) -> Result<Exit, Stop> {
    let lasts = command.duration.as_deref().map(lasts).transpose()?;
    if let Some(kept) = command
        .cache
        .as_deref()
        .map(|file| kept(file, &command.role_arn))
        .transpose()?
        .flatten()
    {
        Show::text(&format!("{kept}\n"));
        return Ok(Exit::Done);
    }
    let code = match (&command.mfa_serial, &command.token_code) {
        (Some(_), Some(code)) => Some(code.clone()),
        (Some(serial), None) => Some(asked(serial)?),
        (None, _) => None,
    };
    if let Some(code) = &code
        && !(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return Err(Stop::usage(Message::new(
            format!("a code of {} characters", code.chars().count()),
            "the six digits that the device shows",
            "type the next ones: a code is good once",
        )));
    }
    let request = SessionRequest {
        role_arn: command.role_arn.clone(),
        session_name: "drctl".to_owned(),
        duration: lasts,
        mfa: command.mfa_serial.clone().zip(code),
    };
    let session = entered(command, common, &request, show).await?;
    let value = output(&session);
    if let Some(file) = &command.cache {
        keep(
            file,
            &json!({ "RoleArn": command.role_arn, "Credentials": value }),
        )
        .map_err(|error| unkept(file, &error.to_string()))?;
    }
    Show::text(&format!("{value}\n"));
    Ok(Exit::Done)
}

fn lasts(text: &str) -> Result<Duration, Stop> {
    let parsed = duration::parse(text).ok();
    let parsed = parsed.filter(|it| (BOUNDS.0..=BOUNDS.1).contains(it));
    parsed.ok_or_else(|| {
        Stop::usage(Message::new(
            format!("--duration {text}"),
            "a duration between 15m and 12h",
            "leave it out for the role's own",
        ))
    })
}

/// Asks region after region; the next one only where nothing was sent, since a code is good once.
async fn entered(
    command: &Login,
    common: &Common,
    request: &SessionRequest,
    show: Show,
) -> Result<Session, Stop> {
    let aws = SdkAws::new(Settings {
        profile: common.profile.clone(),
        ..Settings::default()
    });
    let mut last = None;
    for region in &command.regions {
        let answer = match aws.sessions(region) {
            Ok(sessions) => sessions.assume_role(request).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(session) => return Ok(session),
            Err(error) if error.kind == ErrorKind::Unreachable => {
                show.note(format!("{region} does not answer"));
                last = Some(error);
            }
            Err(error) => {
                last = Some(error);
                break;
            }
        }
    }
    let seen = last.map_or_else(
        || "no region was asked".to_owned(),
        |error| error.to_string(),
    );
    Err(Stop::failed(Message::new(
        seen,
        "a session of the role",
        "check the role's trust policy, the device's serial number and its next code; name another --region where one does not answer",
    )))
}

/// Asks on the terminal; stdout belongs to whoever reads the credentials.
fn asked(serial: &str) -> Result<String, Stop> {
    let ask = || -> std::io::Result<String> {
        let mut line = String::new();
        let mut options = std::fs::File::options();
        if let Ok(mut terminal) = options.read(true).write(true).open("/dev/tty") {
            write!(terminal, "code of {serial}: ")?;
            std::io::BufReader::new(terminal).read_line(&mut line)?;
        } else {
            Show::prompt(&format!("code of {serial}: "));
            std::io::stdin().read_line(&mut line)?;
        }
        Ok(line.trim().to_owned())
    };
    ask().map_err(|error| {
        Stop::usage(Message::new(
            format!("no code can be asked for: {error}"),
            "a terminal, or --token-code",
            "run it in a terminal",
        ))
    })
}

/// What `credential_process` reads (AWS SDKs and Tools Reference Guide, "Process credential provider").
fn output(session: &Session) -> Value {
    json!({
        "Version": 1, "AccessKeyId": session.access_key_id, "SecretAccessKey": session.secret_access_key,
        "SessionToken": session.session_token, "Expiration": session.expires.to_string(),
    })
}

fn unkept(file: &Path, why: &str) -> Stop {
    Stop::usage(Message::new(
        format!("{}: {why}", file.display()),
        "a file that only you can read, in a directory that you may write",
        "mend it, or leave --cache out",
    ))
}

/// Credentials of this role that were kept and last a while; refused where others could have read them.
fn kept(file: &Path, role_arn: &str) -> Result<Option<Value>, Stop> {
    let metadata = match std::fs::metadata(file) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unkept(file, &error.to_string())),
    };
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(unkept(file, &format!("others may read it (mode {mode:o})")));
    }
    let text = std::fs::read_to_string(file).map_err(|error| unkept(file, &error.to_string()))?;
    let Ok(value) = serde_json::from_str::<Value>(&text) else {
        return Ok(None);
    };
    let expires = value["Credentials"]["Expiration"].as_str();
    let expires = expires.and_then(|text| text.parse::<Timestamp>().ok());
    let soon = Timestamp::now()
        .saturating_add(MARGIN)
        .unwrap_or(Timestamp::MAX);
    let good = value["RoleArn"] == role_arn && expires.is_some_and(|expires| expires > soon);
    Ok(good.then(|| value["Credentials"].clone()))
}

/// Written beside it and moved there, so that nobody reads half of it, and never readable by others.
fn keep(file: &Path, value: &Value) -> std::io::Result<()> {
    let beside = file.with_extension(format!("{:08x}", fastrand::u32(..)));
    let mut options = std::fs::File::options();
    let mut written = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&beside)?;
    written.write_all(value.to_string().as_bytes())?;
    written.sync_all()?;
    std::fs::rename(&beside, file)
}
