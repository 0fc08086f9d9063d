//! What is looked at: the writer, and what stands in the other regions under the two names.

use std::fmt;

use aws::clock::Clock;
use aws::metrics::Datapoint;
use aws::rds::{DbInstance, InstanceId};
use aws::{Aws, Error, ErrorKind, Region};
use jiff::Timestamp;

use super::super::databases::{connections, fresh};
use super::{Place, Request};
use crate::gate::fenced::Quarantine;
use crate::step::Look;

/// What was seen of one region.
#[derive(Clone, Debug)]
pub struct PlaceSeen {
    /// What is asked for there.
    pub place: Place,
    /// The instance of the name; `None` where there is none, and why the region is left out.
    pub instance: Result<Option<DbInstance>, String>,
    /// The instance of the other name.
    pub renamed: Result<Option<DbInstance>, String>,
    /// The newest fresh datapoint of the connections of an instance in quarantine.
    pub connections: Result<Option<Datapoint>, String>,
}

/// What was seen.
#[derive(Clone, Debug)]
pub struct Seen {
    /// When.
    pub at: Timestamp,
    /// The active writer.
    pub writer: DbInstance,
    /// Each region.
    pub places: Vec<PlaceSeen>,
}

async fn described(
    aws: &dyn Aws,
    region: &Region,
    id: &InstanceId,
) -> Result<Option<DbInstance>, Error> {
    match aws.rds(region)?.describe(id).await {
        Ok(instance) => Ok(Some(instance)),
        Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

pub(super) async fn look(
    aws: &dyn Aws,
    clock: &dyn Clock,
    request: &Request,
    look: Look,
) -> Result<Seen, Error> {
    let strict = look != Look::WhatAnswers;
    let case = &request.case;
    let mut places = Vec::new();
    for place in &request.places {
        let mut seen = PlaceSeen {
            place: place.clone(),
            instance: Ok(None),
            renamed: Ok(None),
            connections: Ok(None),
        };
        if !case.answers(&place.region) {
            seen.instance = Err(format!("{} is declared lost", place.region));
            places.push(seen);
            continue;
        }
        // Renamed last: whoever is renamed between the two looks is seen twice, and not missed.
        seen.instance = told(described(aws, &place.region, &place.id).await, strict)?;
        seen.renamed = told(described(aws, &place.region, &place.renamed).await, strict)?;
        if let Ok(Some(instance)) = &seen.instance
            && Quarantine::of(instance).is_some()
        {
            let points = connections(aws, clock, &place.region, &instance.identifier).await;
            let newest = points.map(|points| fresh(&points, clock.now()));
            seen.connections = told(newest, strict)?;
        }
        places.push(seen);
    }
    let writer = aws.rds(&case.target)?.describe(&request.writer).await?;
    Ok(Seen {
        at: clock.now(),
        writer,
        places,
    })
}

/// A passing failure is an error while there is patience; afterwards it is told.
#[expect(
    clippy::result_large_err,
    reason = "the error of every capability, handed on as it came"
)]
fn told<T>(answer: Result<T, Error>, strict: bool) -> Result<Result<T, String>, Error> {
    match answer {
        Ok(value) => Ok(Ok(value)),
        Err(error) if strict => Err(error),
        Err(error) => Ok(Err(error.to_string())),
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the writer {} is {}",
            self.writer.identifier, self.writer.status
        )?;
        for seen in &self.places {
            let (id, region) = (&seen.place.id, &seen.place.region);
            match &seen.instance {
                Err(why) => write!(f, "; {id} in {region} is not seen: {why}")?,
                Ok(None) => write!(f, "; no {id} in {region}")?,
                Ok(Some(instance)) => {
                    write!(f, "; {id} in {region} is {}", instance.status)?;
                    match &instance.source {
                        Some(source) => write!(f, ", a replica of {}", source.as_str())?,
                        None => write!(f, ", standalone")?,
                    }
                }
            }
        }
        Ok(())
    }
}
