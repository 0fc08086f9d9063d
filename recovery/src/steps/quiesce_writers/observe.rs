//! What is looked at: sizes of services and groups, and connections of the databases.

use std::fmt;

use aws::autoscaling::Group;
use aws::clock::Clock;
use aws::ecs::{ScalingBounds, Service};
use aws::metrics::Datapoint;
use aws::{Aws, Error};
use jiff::Timestamp;

use super::super::databases::connections;
use super::{ServiceName, Writers};

/// A service with the bounds of its autoscaling.
#[derive(Clone, Debug)]
pub struct ServiceSeen {
    /// Which.
    pub name: ServiceName,
    /// The service.
    pub service: Service,
    /// The bounds of its autoscaling; `None` where it has none.
    pub bounds: Option<ScalingBounds>,
}

/// What was seen.
#[derive(Clone, Debug)]
pub struct Seen {
    /// When.
    pub at: Timestamp,
    /// The services.
    pub services: Vec<ServiceSeen>,
    /// The groups.
    pub groups: Vec<Group>,
    /// Connections of each instance by the minute, newest first.
    pub connections: Vec<(String, Vec<Datapoint>)>,
}

/// Both regions are healthy in a switchover, so everything has to answer.
pub(super) async fn look(
    aws: &dyn Aws,
    clock: &dyn Clock,
    writers: Option<&Writers>,
) -> Result<Seen, Error> {
    let mut seen = Seen {
        at: clock.now(),
        services: Vec::new(),
        groups: Vec::new(),
        connections: Vec::new(),
    };
    let Some(writers) = writers else {
        return Ok(seen);
    };
    for name in &writers.services {
        let ecs = aws.ecs(&writers.region)?;
        seen.services.push(ServiceSeen {
            service: ecs.describe(&name.cluster, &name.service).await?,
            bounds: ecs.bounds(&name.cluster, &name.service).await?,
            name: name.clone(),
        });
    }
    for name in &writers.groups {
        let groups = aws.groups(&writers.region)?;
        seen.groups.push(groups.describe(name).await?);
    }
    for instance in &writers.instances {
        let points = connections(aws, clock, &writers.region, instance).await?;
        seen.connections.push((instance.clone(), points));
    }
    seen.at = clock.now();
    Ok(seen)
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let services = self.services.iter().map(|it| {
            let (name, service) = (&it.name, &it.service);
            format!(
                "{}/{} runs {} of {}",
                name.cluster, name.service, service.running, service.desired
            )
        });
        let groups = self.groups.iter().map(|it| {
            format!(
                "{} has {} of {} in service",
                it.name, it.in_service, it.desired
            )
        });
        let connections = self
            .connections
            .iter()
            .map(|(instance, points)| match points.first() {
                Some(point) => format!(
                    "{instance} showed {} connections at {}",
                    point.value, point.at
                ),
                None => format!("connections of {instance} not known"),
            });
        let all: Vec<String> = services.chain(groups).chain(connections).collect();
        f.write_str(&all.join("; "))
    }
}
