//! Routes an S3 Multi-Region Access Point to the region that becomes active.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws::mrap::ROUTE_REGIONS;
use aws::{Aws, Error, Region};

use super::parts;
use crate::argument::{Argument, ArgumentType, Arguments};
use crate::gate::GateResult;
use crate::kind::{ApiCall, Case, Kind, Means, Plane, Role};
use crate::message::Message;
use crate::mode::Mode;
use crate::plan_step::PlanStep;
use crate::risk::Risk;
use crate::step::{Decision, Look, Memory, Step};

const ARGUMENTS: &[Argument] = &[Argument::required(
    "access_point_arn",
    ArgumentType::Text,
    "ARN of the access point, such as arn:aws:s3::123456789012:accesspoint/abcdef.mrap.",
)];

const EXAMPLE: &str =
    r#"{ "access_point_arn": "arn:aws:s3::123456789012:accesspoint/abcdef.mrap" }"#;

/// The kind.
#[derive(Clone, Copy, Debug)]
pub struct S3MultiRegionAccessPoint;

type Routes = BTreeMap<Region, u8>;

struct Route {
    aws: Arc<dyn Aws>,
    arn: String,
    target: Region,
    lost: BTreeSet<Region>,
}

#[async_trait]
impl Kind for S3MultiRegionAccessPoint {
    fn name(&self) -> &'static str {
        "s3_multi_region_access_point"
    }

    fn doc(&self) -> &'static str {
        "The access point routes 100 percent to the region that becomes active and nothing to its other regions, in \
         one SubmitMultiRegionAccessPointRoutes. Data plane, at five fixed endpoints: the target's first, one after \
         the other until one answers, and none of a region that is declared lost. Done when the routes show it; S3 \
         says that requests follow within two minutes. Tried against the fake alone."
    }

    fn arguments(&self) -> &'static [Argument] {
        ARGUMENTS
    }

    /// Two minutes: the time that S3 names for a failover of an access point (Amazon S3 User Guide, "Amazon S3
    /// Multi-Region Access Points failover controls").
    fn usual_duration(&self) -> Duration {
        Duration::from_mins(2)
    }

    fn example(&self) -> Option<&'static str> {
        Some(EXAMPLE)
    }

    fn harmless_twice(&self) -> bool {
        true
    }

    /// Its routes say which region serves.
    fn can_be_authority(&self) -> bool {
        true
    }

    fn calls(&self, _: &Arguments, _: Mode, target: &Region, _: Option<&Region>) -> Vec<ApiCall> {
        let mut calls = Vec::new();
        for region in endpoints(Some(target), &BTreeSet::new()) {
            // Any one of the five is enough.
            let read = parts::reads(
                "s3",
                "GetMultiRegionAccessPointRoutes",
                &region,
                Plane::Data,
            );
            let change = parts::changes(
                "s3",
                "SubmitMultiRegionAccessPointRoutes",
                &region,
                Plane::Data,
            );
            calls.extend([parts::optional(read), parts::optional(change)]);
        }
        calls
    }

    fn build(
        &self,
        arguments: &Arguments,
        case: &Case,
        means: &Means,
    ) -> Result<Box<dyn PlanStep>, Message> {
        parts::target_answers(case)?;
        Ok(Box::new(Route {
            aws: means.aws.clone(),
            arn: arguments
                .text("access_point_arn")
                .unwrap_or_default()
                .to_owned(),
            target: case.target.clone(),
            lost: case.lost.clone(),
        }))
    }

    async fn roles(
        &self,
        arguments: &Arguments,
        regions: &[Region],
        means: &Means,
    ) -> BTreeMap<Region, Role> {
        let arn = arguments.text("access_point_arn").unwrap_or_default();
        // A region that is not asked about may be lost; elsewhere is asked only where none of them has an endpoint.
        let mut asked = endpoints(None, &BTreeSet::new());
        if asked.iter().any(|endpoint| regions.contains(endpoint)) {
            asked.retain(|endpoint| regions.contains(endpoint));
        }
        let routes = routes(means.aws.as_ref(), arn, &asked).await;
        let role = |region: &Region| match &routes {
            Err(error) => Role::Unknown(error.to_string()),
            Ok(routes) => match routes.get(region) {
                None => Role::Neither,
                Some(0) => Role::Standby,
                Some(_) => Role::Active,
            },
        };
        regions
            .iter()
            .map(|region| (region.clone(), role(region)))
            .collect()
    }
}

/// The regions whose endpoints are tried, in order.
fn endpoints(first: Option<&Region>, lost: &BTreeSet<Region>) -> Vec<Region> {
    let fixed = ROUTE_REGIONS
        .iter()
        .filter_map(|name| Region::new(*name).ok());
    let mut regions: Vec<Region> = fixed.filter(|region| !lost.contains(region)).collect();
    regions.sort_by_key(|region| Some(region) != first);
    regions
}

/// The answer of the first endpoint that gives one.
async fn routes(aws: &dyn Aws, arn: &str, endpoints: &[Region]) -> Result<Routes, Error> {
    let mut last = None;
    for endpoint in endpoints {
        match aws.access_point_routes(endpoint)?.routes(arn).await {
            Err(error) if error.is_transient() => last = Some(error),
            answer => return answer,
        }
    }
    Err(last.unwrap_or_else(|| no_endpoint(arn)))
}

fn no_endpoint(arn: &str) -> Error {
    Error {
        kind: aws::ErrorKind::Other,
        service: "s3".to_owned(),
        operation: "GetMultiRegionAccessPointRoutes".to_owned(),
        region: ROUTE_REGIONS.join(", "),
        code: None,
        message: format!("not called for {arn}: every region with an endpoint is declared lost"),
        request_id: None,
    }
}

impl Route {
    fn endpoints(&self) -> Vec<Region> {
        endpoints(Some(&self.target), &self.lost)
    }
}

#[async_trait]
impl Step for Route {
    type Seen = Routes;
    /// The routes to submit.
    type Act = Routes;

    fn title(&self) -> String {
        format!("{} routes to {} alone", self.arn, self.target)
    }

    async fn look(&self, _: Look) -> Result<Routes, Error> {
        routes(self.aws.as_ref(), &self.arn, &self.endpoints()).await
    }

    fn decide(&self, seen: &Routes, memory: &Memory<Routes>) -> Decision<Routes> {
        if !seen.contains_key(&self.target) {
            return Decision::Fail(Message::new(
                format!(
                    "{} has no bucket in {}: {}",
                    self.arn,
                    self.target,
                    self.describe(seen)
                ),
                format!("an access point with a bucket in {}", self.target),
                "create the access point anew with that bucket, or choose another target",
            ));
        }
        let percent = |region: &Region| if *region == self.target { 100 } else { 0 };
        let wanted: Routes = seen
            .keys()
            .map(|region| (region.clone(), percent(region)))
            .collect();
        if *seen == wanted {
            return Decision::Done;
        }
        let words = self.describe_act(&wanted);
        parts::again(wanted, &words, memory)
    }

    fn gates(&self, _: &Routes) -> Vec<GateResult> {
        Vec::new()
    }

    /// One submission; where an endpoint does not answer the next one is asked. Doing it twice does no harm.
    async fn perform(&self, act: &Routes) -> Result<(), Error> {
        let mut last = None;
        for endpoint in self.endpoints() {
            let answer = self
                .aws
                .access_point_routes(&endpoint)?
                .submit(&self.arn, act)
                .await;
            match answer {
                Err(error) if error.is_transient() => last = Some(error),
                answer => return answer,
            }
        }
        Err(last.unwrap_or_else(|| no_endpoint(&self.arn)))
    }

    fn risk(&self, _: &Routes) -> Risk {
        Risk::Reversible
    }

    fn describe_act(&self, act: &Routes) -> String {
        format!(
            "SubmitMultiRegionAccessPointRoutes {} ({})",
            self.arn,
            self.describe(act)
        )
    }

    fn describe(&self, seen: &Routes) -> String {
        let routes = seen
            .iter()
            .map(|(region, percent)| format!("{region} {percent} %"));
        routes.collect::<Vec<_>>().join(", ")
    }

    fn explain(&self, error: &Error) -> Message {
        let permissions =
            "s3:GetMultiRegionAccessPointRoutes and s3:SubmitMultiRegionAccessPointRoutes";
        parts::explain(
            error,
            &format!("the access point {}", self.arn),
            permissions,
        )
    }
}
