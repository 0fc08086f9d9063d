//! Routes of S3 Multi-Region Access Points through the SDK of S3 Control.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_s3control::config::endpoint::{Endpoint, EndpointFuture, Params, ResolveEndpoint};
use aws_sdk_s3control::types::MultiRegionAccessPointRoute;
use aws_sdk_s3control::{Client, Config};

use super::endpoint::of_environment;
use crate::mrap::AccessPointRoutes;
use crate::sdk::access::Access;
use crate::sdk::errors::error;
use crate::sdk::regional::{Regional, no_retries};
use crate::{Error, ErrorKind, Region};

pub(in crate::sdk) struct SdkRoutes(Regional<Client>);

impl SdkRoutes {
    pub(super) fn new(access: &Arc<Access>, region: &Region) -> Self {
        SdkRoutes(Regional::new(access, region, "s3control", client))
    }

    /// The account that the access point belongs to, as its ARN says.
    fn account<'a>(&self, operation: &'static str, arn: &'a str) -> Result<&'a str, Error> {
        let parts: Vec<&str> = arn.split(':').collect();
        match parts.as_slice() {
            ["arn", _, "s3", "", account, resource]
                if account.len() == 12
                    && account.bytes().all(|b| b.is_ascii_digit())
                    && resource.starts_with("accesspoint/") =>
            {
                Ok(account)
            }
            _ => {
                let message = format!(
                    "{arn:?} is not the ARN of a Multi-Region Access Point; expected one such as arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"
                );
                Err(self.0.call(operation).failed(ErrorKind::Other, message))
            }
        }
    }
}

fn client(config: &SdkConfig, endpoint: Option<&str>) -> Client {
    let mut builder = aws_sdk_s3control::config::Builder::from(config);
    let given = endpoint.map(str::to_owned);
    if let Some(endpoint) = given.or_else(|| of_environment(config, "S3 Control")) {
        builder = builder.endpoint_resolver(Fixed(endpoint));
    }
    Client::from_conf(builder.build())
}

/// A given endpoint as it is. The SDK would put the account in front of its host, which a bare address does not bear;
/// the account stands in the header `x-amz-account-id` too.
#[derive(Debug)]
struct Fixed(String);

impl ResolveEndpoint for Fixed {
    fn resolve_endpoint<'a>(&'a self, _: &'a Params) -> EndpointFuture<'a> {
        EndpointFuture::ready(Ok(Endpoint::builder().url(self.0.clone()).build()))
    }
}

#[async_trait]
impl AccessPointRoutes for SdkRoutes {
    async fn routes(&self, arn: &str) -> Result<BTreeMap<Region, u8>, Error> {
        const OPERATION: &str = "GetMultiRegionAccessPointRoutes";
        let account = self.account(OPERATION, arn)?;
        let request = self
            .0
            .client()
            .await
            .get_multi_region_access_point_routes()
            .account_id(account)
            .mrap(arn);
        let answer = request.send().await;
        let answer = answer.map_err(|e| error(&self.0.call(OPERATION), &e))?;
        answer
            .routes()
            .iter()
            .map(|route| {
                let region = self
                    .0
                    .region(OPERATION, route.region().unwrap_or_default())?;
                let percent = self.0.number(OPERATION, route.traffic_dial_percentage())?;
                Ok((region, percent))
            })
            .collect()
    }

    async fn submit(&self, arn: &str, routes: &BTreeMap<Region, u8>) -> Result<(), Error> {
        const OPERATION: &str = "SubmitMultiRegionAccessPointRoutes";
        let account = self.account(OPERATION, arn)?;
        let updates: Result<Vec<_>, _> = routes
            .iter()
            .map(|(region, percent)| {
                MultiRegionAccessPointRoute::builder()
                    .region(region.as_str())
                    .traffic_dial_percentage(i32::from(*percent))
                    .build()
            })
            .collect();
        let updates = updates.map_err(|e| {
            self.0
                .call(OPERATION)
                .failed(ErrorKind::Other, e.to_string())
        })?;
        let call = self
            .0
            .client()
            .await
            .submit_multi_region_access_point_routes()
            .account_id(account)
            .mrap(arn)
            .set_route_updates(Some(updates));
        let once = Config::builder().retry_config(no_retries());
        let answer = call.customize().config_override(once).send().await;
        answer.map_err(|e| error(&self.0.call(OPERATION), &e))?;
        Ok(())
    }
}
