//! What is in the active region, and for the gates what a replica would replace. Values are compared and kept nowhere.

use aws::secrets::Secret;
use aws::{Error, ErrorKind, Region};

use super::Replication;
use crate::step::Look;

/// What is under the name in another region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum There {
    Absent,
    /// A replica of the active region's secret, whatever its state.
    Replica,
    Same,
    Differs,
    Unknown(String),
}

#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) name: String,
    pub(super) secret: Secret,
    /// By region that has no replica in sync.
    pub(super) there: Vec<(Region, There)>,
}

pub(super) async fn look(step: &Replication, look: Look) -> Result<Vec<Seen>, Error> {
    let mut all = Vec::new();
    for name in &step.secrets {
        let secret = step.aws.secrets(&step.active)?.describe(name).await?;
        let mut there = Vec::new();
        for to in &step.others {
            let in_sync = (to.clone(), "InSync".to_owned());
            if secret.replicas.contains(&in_sync) {
                continue;
            }
            let found = match look {
                Look::Target => There::Unknown("it was not looked at".to_owned()),
                Look::Everything | Look::WhatAnswers => {
                    let patient = look == Look::Everything;
                    match other(step, name, to).await {
                        Ok(found) => found,
                        // What passes is waited for; who may not read cannot compare, and that is told.
                        Err(error) if patient || error.kind != ErrorKind::Unreachable => {
                            return Err(error);
                        }
                        Err(error) => There::Unknown(error.to_string()),
                    }
                }
            };
            there.push((to.clone(), found));
        }
        all.push(Seen {
            name: name.clone(),
            secret,
            there,
        });
    }
    Ok(all)
}

async fn other(step: &Replication, name: &str, to: &Region) -> Result<There, Error> {
    let secrets = step.aws.secrets(to)?;
    let secret = match secrets.describe(name).await {
        Ok(secret) => secret,
        Err(error) if error.kind == ErrorKind::NotFound => return Ok(There::Absent),
        Err(error) => return Err(error),
    };
    if secret.primary_region.as_ref() == Some(&step.active) {
        return Ok(There::Replica);
    }
    let (theirs, ours) = (
        secrets.value(name).await?,
        step.aws.secrets(&step.active)?.value(name).await?,
    );
    Ok(if theirs == ours {
        There::Same
    } else {
        There::Differs
    })
}
