//! SNS of the fake.

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::services::absent;
use super::{Effect, FakeAws, Local};
use crate::topics::Topics;
use crate::{Error, Region};

/// A message that was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Where.
    pub region: Region,
    /// The topic.
    pub topic: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

#[derive(Default)]
pub(super) struct State {
    topics: BTreeSet<(Region, String)>,
    published: Vec<Published>,
}

impl FakeAws {
    /// Adds a topic.
    pub fn add_topic(&self, region: &Region, arn: &str) {
        let place = (region.clone(), arn.to_owned());
        self.services().topics.topics.insert(place);
    }

    /// What was published, in order.
    pub fn published(&self) -> Vec<Published> {
        self.services().topics.published.clone()
    }
}

#[async_trait]
impl Topics for Local {
    async fn publish(&self, topic: &str, subject: &str, text: &str) -> Result<String, Error> {
        self.serve("Publish", topic, |services, _| {
            if !services.topics.topics.contains(&self.place(topic)) {
                return Err(absent("sns", "NotFound", topic));
            }
            services.topics.published.push(Published {
                region: self.region.clone(),
                topic: topic.to_owned(),
                subject: subject.to_owned(),
                text: text.to_owned(),
            });
            let id = format!("message-{}", services.topics.published.len());
            Ok((id, Effect::Changed))
        })
    }
}
