//! The web of the fake: URLs answer what they were told to, one answer after the other, the last for ever.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use async_trait::async_trait;

use super::FakeAws;
use crate::web::{Web, WebAnswer};
use crate::{Error, ErrorKind};

#[derive(Default)]
pub(super) struct State {
    answers: BTreeMap<String, VecDeque<(u16, String)>>,
}

/// The client.
pub(super) struct FakeWeb(pub(super) FakeAws);

impl FakeAws {
    /// Lets a URL answer this once all that it was told before is answered. Status 0: it cannot be connected to.
    pub fn answer_web(&self, url: &str, status: u16, body: &str) {
        let mut services = self.services();
        let answers = services.web.answers.entry(url.to_owned()).or_default();
        answers.push_back((status, body.to_owned()));
    }
}

#[async_trait]
impl Web for FakeWeb {
    async fn get(&self, url: &str, _timeout: Duration) -> Result<WebAnswer, Error> {
        let mut services = self.0.services();
        let answers = services.web.answers.get_mut(url);
        let answer = answers.and_then(|answers| {
            let first = answers.front().cloned();
            if answers.len() > 1 {
                answers.pop_front();
            }
            first
        });
        match answer {
            Some((status, body)) if status > 0 => Ok(WebAnswer {
                status,
                body,
                elapsed: Duration::from_millis(20),
            }),
            _ => Err(Error {
                kind: ErrorKind::Unreachable,
                service: "web".to_owned(),
                operation: "GET".to_owned(),
                region: String::new(),
                code: None,
                message: "connection refused".to_owned(),
                request_id: None,
            }),
        }
    }
}
