//! Watches every call for the circuit breaker: who is called, by the request's signature, and whether an answer came.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;

use super::breaker::{Breaker, Leave, Party};
use super::errors::unsent_or_unanswered;
use crate::ErrorKind;

/// The breaker of all clients, and time.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    breaker: Arc<Mutex<Breaker>>,
    started: Instant,
    patience: Duration,
}

/// An attempt was not sent: the party has just not answered.
#[derive(Debug)]
pub(super) struct HeldBack {
    region: String,
    wait: Duration,
    /// Whether an earlier attempt of the same call was sent, and may have arrived.
    earlier: bool,
}

impl HeldBack {
    /// What it means for the call.
    pub(super) fn kind(&self) -> ErrorKind {
        if self.earlier {
            ErrorKind::Timeout
        } else {
            ErrorKind::Unreachable
        }
    }
}

impl std::error::Error for HeldBack {}

impl fmt::Display for HeldBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let region = &self.region;
        let sent = if self.earlier {
            "not sent again"
        } else {
            "not sent"
        };
        write!(f, "{sent}: {region} has not answered twice in a row, and ")?;
        match self.wait.as_millis().div_ceil(1000) {
            0 => f.write_str("another call is finding out whether it does now"),
            seconds => write!(f, "is asked again in {seconds} s"),
        }
    }
}

/// A call under way. Dropped without an end it counts as unanswered where it was silent for long enough.
pub(super) struct Watched {
    watch: Watch,
    party: Party,
    probe: bool,
    sent: Instant,
    ended: bool,
}

impl Watch {
    pub(super) fn new(patience: Duration) -> Self {
        Watch {
            breaker: Arc::default(),
            started: Instant::now(),
            patience,
        }
    }

    /// Begins a call, or holds it back.
    pub(super) fn begin(&self, request: &HttpRequest) -> Result<Watched, ConnectorError> {
        let party = party(request);
        let leave = self.breaker().ask(&party, self.started.elapsed());
        if let Leave::Refused(wait) = leave {
            let region = party.region;
            let earlier = !is_first(request);
            let held_back = HeldBack {
                region,
                wait,
                earlier,
            };
            return Err(ConnectorError::other(held_back.into(), None));
        }
        Ok(Watched {
            watch: self.clone(),
            party,
            probe: leave == Leave::Probe,
            sent: Instant::now(),
            ended: false,
        })
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watched {
    /// It ended: with an answer, whatever that says, or with an error.
    pub(super) fn ended(&mut self, error: Option<&ConnectorError>) {
        self.ended = true;
        let Some(error) = error else {
            self.watch.breaker().answered(&self.party);
            return;
        };
        // A connection that breaks at once tells of a restart or a proxy, not of silence.
        let silent = error.is_timeout()
            || self.was_silent()
            || unsent_or_unanswered(error) == ErrorKind::Unreachable;
        self.tell(silent);
    }

    fn was_silent(&self) -> bool {
        self.sent.elapsed() >= self.watch.patience
    }

    fn tell(&self, silent: bool) {
        let now = self.watch.started.elapsed();
        let mut breaker = self.watch.breaker();
        if silent {
            breaker.unanswered(&self.party, now);
        } else if self.probe {
            breaker.untold(&self.party);
        }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if !self.ended {
            self.tell(self.was_silent());
        }
    }
}

/// Whether this is the first attempt of its call, as the SDK says: `attempt=1; max=3`.
fn is_first(request: &HttpRequest) -> bool {
    let attempt = request.headers().get("amz-sdk-request");
    let attempt = attempt.and_then(|it| it.split_once("attempt="));
    let number = attempt.map(|(_, rest)| rest.split(';').next().unwrap_or(rest).trim());
    number.is_none_or(|number| number == "1")
}

/// Who is called: region and service of the signature; the host where there is none.
fn party(request: &HttpRequest) -> Party {
    let signed = request.headers().get("authorization").and_then(scope);
    signed.unwrap_or_else(|| Party {
        region: host(request.uri()).to_owned(),
        service: String::new(),
    })
}

/// `AWS4-HMAC-SHA256 Credential=KEY/20260801/us-east-1/rds/aws4_request, …`
fn scope(authorization: &str) -> Option<Party> {
    let (_, scope) = authorization.split_once("Credential=")?;
    let scope = scope.split([',', ' ']).next()?;
    let parts: Vec<&str> = scope.rsplit('/').collect();
    let ["aws4_request", service, region, _date, ..] = parts.as_slice() else {
        return None;
    };
    Some(Party {
        region: (*region).to_owned(),
        service: (*service).to_owned(),
    })
}

fn host(uri: &str) -> &str {
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(uri: &str, authorization: Option<&str>) -> HttpRequest {
        let mut request = HttpRequest::empty();
        request.set_uri(uri).unwrap();
        if let Some(value) = authorization {
            request
                .headers_mut()
                .insert("authorization", value.to_owned());
        }
        request
    }

    #[test]
    fn the_party_is_read_from_the_signature_and_else_it_is_the_host() {
        let signed = "AWS4-HMAC-SHA256 Credential=AKID/20260801/us-east-1/rds/aws4_request, SignedHeaders=host, Signature=0";
        for (authorization, region, service) in [
            (Some(signed), "us-east-1", "rds"),
            (
                Some("AWS4-HMAC-SHA256 Credential=a/b/20260801/eu-west-1/s3/aws4_request"),
                "eu-west-1",
                "s3",
            ),
            (Some("Bearer x"), "sso.example.com:8443", ""),
            (
                Some("AWS4-ECDSA-P256-SHA256 Credential=AKID/20260801/s3, x"),
                "sso.example.com:8443",
                "",
            ),
            (None, "sso.example.com:8443", ""),
        ] {
            let request = request("https://sso.example.com:8443/a/b", authorization);
            let party = party(&request);
            assert_eq!(
                (party.region.as_str(), party.service.as_str()),
                (region, service)
            );
        }
    }

    /// With somebody elsewhere who answers.
    fn watch(patience: Duration) -> Watch {
        let watch = Watch::new(patience);
        let elsewhere = request("http://127.0.0.2/", None);
        watch.begin(&elsewhere).unwrap().ended(None);
        watch
    }

    #[test]
    fn a_call_that_was_silent_and_given_up_counts_and_one_that_was_given_up_at_once_does_not() {
        for (patience, held_back) in [(Duration::ZERO, true), (Duration::from_mins(1), false)] {
            let watch = watch(patience);
            let request = request("http://127.0.0.1/", None);
            for _ in 0..2 {
                drop(watch.begin(&request).unwrap());
            }
            assert_eq!(watch.begin(&request).is_err(), held_back, "{patience:?}");
        }
    }

    #[test]
    fn an_error_at_once_is_no_silence_unless_no_connection_came_about() {
        for (words, held_back) in [
            ("connection reset by peer", false),
            ("client error (Connect)", true),
        ] {
            let watch = watch(Duration::from_mins(1));
            let request = request("http://127.0.0.1/", None);
            for _ in 0..2 {
                let error = ConnectorError::io(words.into());
                watch.begin(&request).unwrap().ended(Some(&error));
            }
            let again = watch.begin(&request);
            assert_eq!(again.is_err(), held_back, "{words}");
        }
    }
}
