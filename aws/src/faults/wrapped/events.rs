//! Functions and topics, each call through the schedule.

use async_trait::async_trait;

use super::Wrapped;
use crate::Error;
use crate::lambda::{Functions, Invoked, Mapping};
use crate::topics::Topics;

#[async_trait]
impl Functions for Wrapped<dyn Functions> {
    async fn mapping(&self, uuid: &str) -> Result<Mapping, Error> {
        let work = self.inner.mapping(uuid);
        self.faulty
            .call("lambda", "GetEventSourceMapping", &self.region, work)
            .await
    }

    async fn set_enabled(&self, uuid: &str, enabled: bool) -> Result<(), Error> {
        let work = self.inner.set_enabled(uuid, enabled);
        self.faulty
            .call("lambda", "UpdateEventSourceMapping", &self.region, work)
            .await
    }

    async fn invoke(&self, function: &str, payload: &str) -> Result<Invoked, Error> {
        let work = self.inner.invoke(function, payload);
        self.faulty
            .call("lambda", "InvokeFunction", &self.region, work)
            .await
    }
}

#[async_trait]
impl Topics for Wrapped<dyn Topics> {
    async fn publish(&self, topic: &str, subject: &str, text: &str) -> Result<String, Error> {
        let work = self.inner.publish(topic, subject, text);
        self.faulty.call("sns", "Publish", &self.region, work).await
    }
}
