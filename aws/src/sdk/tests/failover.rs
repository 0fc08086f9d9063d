//! The services of a whole failover.

mod changes;
mod compute;
mod databases;
mod endpoints;
mod hosts;
mod metrics;
mod names;
mod objects;
mod permissions;
mod values;
mod web;

use super::{Answer, Server, Settings, aws, region, remembering, settings, with, xml};

const ARN: &str = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap";

/// An answer in JSON.
fn json(body: &str) -> Answer {
    Answer::Http(200, "application/x-amz-json-1.1", body.to_owned())
}

/// An error as the services that speak JSON write it.
fn refused_in_json(status: u16, code: &str) -> Answer {
    let body = format!("{{\"__type\":\"{code}\",\"message\":\"no\"}}");
    Answer::Http(status, "application/x-amz-json-1.1", body)
}

/// Each part stands in the request.
fn contains(request: &str, parts: &[&str]) {
    for part in parts {
        assert!(request.contains(part), "{part} in {request}");
    }
}
