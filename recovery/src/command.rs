//! What operators ask of a running execution: written by anybody to any store that answers, obeyed once by the runner.
//!
//! A command stands under `commands/<execution>/<ulid>.json` and never changes. The runner reads new ones in the order
//! of their ids and writes each into the journal when it obeys; the journal knows which were obeyed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use aws::ErrorKind;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::canonical;
use crate::journal::CommandNote;
use crate::message::Message;
use crate::next_move;
use crate::store::{StaleStore, Store, Stores};
use crate::ulid::Ulid;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case")]
pub enum Order {
    /// Start nothing new.
    Pause,
    /// Go on after a pause.
    Resume,
    /// Run a step again that ended without being done.
    Retry {
        /// The step.
        step: String,
    },
    /// Count a step as skipped; needs a reason.
    Skip {
        /// The step.
        step: String,
    },
    /// Start nothing any more and end.
    Abort,
    /// A yes to a step that waits for one.
    Approve {
        /// The step.
        step: String,
        /// The token that the request carried.
        token: String,
    },
    /// A no to a step that waits for one.
    Decline {
        /// The step.
        step: String,
        /// The token that the request carried.
        token: String,
    },
    /// Stop, and leave the execution to whoever asks.
    TakeOver,
}

impl fmt::Display for Order {
    /// Without tokens: whoever has one can approve.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Order::Pause => f.write_str("pause"),
            Order::Resume => f.write_str("resume"),
            Order::Retry { step } => write!(f, "retry {step}"),
            Order::Skip { step } => write!(f, "skip {step}"),
            Order::Abort => f.write_str("abort"),
            Order::Approve { step, .. } => write!(f, "approve {step}"),
            Order::Decline { step, .. } => write!(f, "decline {step}"),
            Order::TakeOver => f.write_str("take over"),
        }
    }
}

/// A command as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// The format.
    pub schema: u32,
    /// Its id, a ULID.
    pub id: String,
    /// The execution.
    pub execution: String,
    /// Who gives it.
    pub by: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it asks for.
    #[serde(flatten)]
    pub order: Order,
}

impl Command {
    /// A new command; its id tells its time and its place in the order.
    ///
    /// # Errors
    /// When a step is skipped without a reason.
    pub fn new(
        execution: &str,
        by: &str,
        order: Order,
        reason: Option<String>,
        now: Timestamp,
        random: &mut fastrand::Rng,
    ) -> Result<Self, Message> {
        let reason = reason.filter(|reason| !reason.trim().is_empty());
        if let (Order::Skip { step }, None) = (&order, &reason) {
            return Err(Message::new(
                format!("skip {step} without a reason"),
                "a reason that stands in the report",
                next_move::skip(step),
            ));
        }
        Ok(Command {
            schema: 1,
            id: Ulid::new(now, random).to_string(),
            execution: execution.to_owned(),
            by: by.to_owned(),
            reason,
            order,
        })
    }

    /// When it was given, by its id.
    pub fn at(&self) -> Option<Timestamp> {
        Ulid::parse(&self.id)?.time()
    }

    /// As the journal notes it.
    pub fn note(&self) -> CommandNote {
        CommandNote {
            id: self.id.clone(),
            order: self.order.to_string(),
            by: self.by.clone(),
            reason: self.reason.clone(),
        }
    }

    fn key(&self) -> String {
        format!("{}{}.json", folder(&self.execution), self.id)
    }
}

fn folder(execution: &str) -> String {
    format!("commands/{execution}/")
}

/// Commands that were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commands {
    /// Those that were not obeyed yet, in order.
    pub new: Vec<Command>,
    /// Keys that hold no command of this execution, with why; nothing is done about them.
    pub unreadable: BTreeMap<String, String>,
    /// Stores that could not be read.
    pub silent: Vec<StaleStore>,
}

/// Writes a command to every store that answers; one is enough. Returns the stores that do not hold it.
///
/// # Errors
/// When no store took it.
pub async fn issue(stores: &Stores, command: &Command) -> Result<Vec<StaleStore>, Message> {
    let (key, bytes) = (command.key(), canonical::bytes(command));
    let (key, bytes) = (key.as_str(), bytes.as_slice());
    let answers = stores
        .each(|store| async move {
            let create = || store.create(key, bytes);
            match stores.harmless(store.region(), create).await {
                // Nobody else has this id: an earlier try did it.
                Err(error) if error.kind == ErrorKind::PreconditionFailed => Ok(()),
                answer => answer.map(|_| ()),
            }
        })
        .await;
    let taken = answers.iter().any(|(_, answer)| answer.is_ok());
    let mut stale = stores.stale();
    stale.extend(answers.into_iter().filter_map(|(store, answer)| {
        let why = answer.err()?.to_string();
        let region = store.region().clone();
        Some(StaleStore { region, why })
    }));
    if taken {
        return Ok(stale);
    }
    let reasons = stale.iter().map(|it| format!("{}: {}", it.region, it.why));
    Err(Message::new(
        format!(
            "no store took the command {}: {}",
            command.order,
            reasons.collect::<Vec<_>>().join("; ")
        ),
        "one store of the plan that answers",
        "restore access to a store of the plan, and give the command again",
    ))
}

/// Reads the commands of an execution that were not obeyed yet, from every store that answers, in the order of their
/// ids.
pub async fn read(stores: &Stores, execution: &str, obeyed: &BTreeSet<String>) -> Commands {
    let found = stores
        .each(|store| read_from(stores, store.as_ref(), execution, obeyed))
        .await;
    let mut commands = Commands::default();
    let mut new: BTreeMap<String, Command> = BTreeMap::new();
    for (store, answer) in found {
        match answer {
            Ok(found) => {
                for (key, command) in found {
                    match command {
                        Ok(command) => {
                            new.entry(command.id.clone()).or_insert(command);
                        }
                        Err(why) => {
                            commands.unreadable.insert(key, why);
                        }
                    }
                }
            }
            Err(error) => commands.silent.push(StaleStore {
                region: store.region().clone(),
                why: error.to_string(),
            }),
        }
    }
    commands.new = new.into_values().collect();
    commands
}

type Found = Vec<(String, Result<Command, String>)>;

async fn read_from(
    stores: &Stores,
    store: &dyn Store,
    execution: &str,
    obeyed: &BTreeSet<String>,
) -> Result<Found, aws::Error> {
    let (region, folder) = (store.region(), folder(execution));
    let keys = stores.harmless(region, || store.list(&folder)).await?;
    let mut found = Found::new();
    for key in keys {
        let name = key.strip_prefix(&folder).unwrap_or_default();
        let id = name.strip_suffix(".json").unwrap_or(name).to_owned();
        if obeyed.contains(&id) {
            continue;
        }
        let kept = stores.harmless(region, || store.get(&key)).await?;
        if let Some(kept) = kept {
            found.push((key, judge(&kept.body, &id, execution)));
        }
    }
    Ok(found)
}

/// A command only under its own name: nobody can have it obeyed twice by copying it.
fn judge(body: &[u8], id: &str, execution: &str) -> Result<Command, String> {
    let command: Command = canonical::read(body)?;
    if Ulid::parse(id).is_none() || command.id != id {
        return Err(format!("it is kept as {id} and says it is {}", command.id));
    }
    if command.execution != execution {
        return Err(format!("it is for execution {}", command.execution));
    }
    if matches!(command.order, Order::Skip { .. }) && command.reason.is_none() {
        return Err("it skips a step without a reason".to_owned());
    }
    Ok(command)
}
