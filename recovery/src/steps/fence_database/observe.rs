//! What is looked at: the old writers and their connections.

use aws::clock::Clock;
use aws::metrics::Datapoint;
use aws::rds::DbInstance;
use aws::{Aws, Error, ErrorKind};
use jiff::Timestamp;

use super::super::databases::{connections, fresh};
use super::Writer;
use crate::consent::{Judged, judge_plan};
use crate::gate::fenced::{OldWriter, Quarantine};
use crate::kind::Case;
use crate::step::Look;

/// What was seen of one writer.
#[derive(Clone, Debug)]
pub struct WriterSeen {
    /// Which.
    pub writer: Writer,
    /// When.
    pub at: Timestamp,
    /// The instance; `None` where there is none, and why it could not be observed.
    pub instance: Result<Option<DbInstance>, String>,
    /// The newest fresh datapoint of its connections, where the quarantine is in force.
    pub connections: Result<Option<Datapoint>, String>,
}

impl WriterSeen {
    /// What the observation proves.
    pub fn old_writer(&self) -> OldWriter {
        match &self.instance {
            Ok(Some(instance)) => OldWriter::of(instance, self.connections.clone()),
            Ok(None) => OldWriter::NoWriter(format!("{} does not exist", self.writer.id)),
            Err(why) => OldWriter::Unseen(why.clone()),
        }
    }
}

/// What was seen.
#[derive(Clone, Debug)]
pub struct Seen {
    /// When.
    pub at: Timestamp,
    /// Each writer.
    pub writers: Vec<WriterSeen>,
    /// The active writer, in reprotect.
    pub active: Option<DbInstance>,
}

impl Seen {
    /// The consents that count now.
    pub(super) fn consents(&self, case: &Case) -> Judged {
        judge_plan(
            &case.consents,
            self.at,
            &case.step,
            case.target.as_str(),
            case.epoch,
        )
    }
}

pub(super) async fn look(
    aws: &dyn Aws,
    clock: &dyn Clock,
    writers: &[Writer],
    case: &Case,
    look: Look,
) -> Result<Seen, Error> {
    let mut seen = Vec::new();
    for writer in writers {
        seen.push(look_at(aws, clock, writer, case, look).await?);
    }
    Ok(Seen {
        at: clock.now(),
        writers: seen,
        active: None,
    })
}

async fn look_at(
    aws: &dyn Aws,
    clock: &dyn Clock,
    writer: &Writer,
    case: &Case,
    look: Look,
) -> Result<WriterSeen, Error> {
    let region = &writer.region;
    let seen = |instance, connections| WriterSeen {
        writer: writer.clone(),
        at: clock.now(),
        instance,
        connections,
    };
    if !case.answers(region) {
        let why = format!("{region} is declared lost, so nothing there can be fenced or proved");
        return Ok(seen(Err(why), Ok(None)));
    }
    let passes = |error: &Error| look != Look::WhatAnswers && error.is_transient();
    let answer = match aws.rds(region) {
        Ok(rds) => rds.describe(&writer.id).await,
        Err(error) => Err(error),
    };
    let instance = match answer {
        Ok(instance) => instance,
        Err(error) if error.kind == ErrorKind::NotFound => return Ok(seen(Ok(None), Ok(None))),
        Err(error) if passes(&error) => return Err(error),
        Err(error) => return Ok(seen(Err(error.to_string()), Ok(None))),
    };
    if Quarantine::of(&instance).is_none() {
        return Ok(seen(Ok(Some(instance)), Ok(None)));
    }
    let points = connections(aws, clock, region, &instance.identifier).await;
    let newest = match points {
        Ok(points) => Ok(fresh(&points, clock.now())),
        Err(error) if passes(&error) => return Err(error),
        Err(error) => Err(error.to_string()),
    };
    Ok(seen(Ok(Some(instance)), newest))
}
