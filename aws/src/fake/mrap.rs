//! Routes of Multi-Region Access Points of the fake: set at any of the five endpoints, shown a little later.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

use super::refusal::Refusal;
use super::services::{absent, changed};
use super::{Effect, FakeAws, Local};
use crate::mrap::{AccessPointRoutes, ROUTE_REGIONS};
use crate::{Error, ErrorKind, Region};

/// How long the old routes still show.
const LAG: Duration = Duration::from_secs(20);

type Routes = BTreeMap<Region, u8>;

#[derive(Default)]
pub(super) struct State {
    points: BTreeMap<String, (Routes, Option<(Timestamp, Routes)>)>,
}

impl FakeAws {
    /// Adds an access point with its routes.
    pub fn add_access_point(&self, arn: &str, routes: &[(&Region, u8)]) {
        let routes = routes
            .iter()
            .map(|(region, percent)| ((*region).clone(), *percent));
        let routes = (routes.collect(), None);
        self.services().mrap.points.insert(arn.to_owned(), routes);
    }
}

impl Local {
    fn endpoint(&self) -> Result<(), Refusal> {
        if ROUTE_REGIONS.contains(&self.region.as_str()) {
            return Ok(());
        }
        let message = format!("{} has no endpoint for routes", self.region);
        Err(Refusal::of(ErrorKind::Unreachable, "s3", "none", message))
    }
}

#[async_trait]
impl AccessPointRoutes for Local {
    async fn routes(&self, arn: &str) -> Result<Routes, Error> {
        self.serve("GetMultiRegionAccessPointRoutes", arn, |services, now| {
            self.endpoint()?;
            let point = services.mrap.points.get_mut(arn);
            let (shown, coming) =
                point.ok_or_else(|| absent("s3", "NoSuchMultiRegionAccessPoint", arn))?;
            if let Some((_, routes)) = coming.take_if(|(at, _)| *at <= now) {
                *shown = routes;
            }
            Ok((shown.clone(), Effect::Read))
        })
    }

    async fn submit(&self, arn: &str, routes: &Routes) -> Result<(), Error> {
        self.serve(
            "SubmitMultiRegionAccessPointRoutes",
            arn,
            |services, now| {
                self.endpoint()?;
                let point = services.mrap.points.get_mut(arn);
                let (shown, coming) =
                    point.ok_or_else(|| absent("s3", "NoSuchMultiRegionAccessPoint", arn))?;
                let mut next = coming
                    .as_ref()
                    .map_or(shown.clone(), |(_, next)| next.clone());
                let before = next.clone();
                next.extend(routes.clone());
                if next.values().all(|percent| *percent == 0) {
                    let message = "At least one Region must be active";
                    return Err(Refusal::of(
                        ErrorKind::Other,
                        "s3",
                        "InvalidRequest",
                        message,
                    ));
                }
                let effect = changed(next != before);
                *coming = now.saturating_add(LAG).ok().map(|at| (at, next));
                Ok(((), effect))
            },
        )
    }
}
