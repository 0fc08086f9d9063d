//! A client of one service in one region, made at the first call.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use tokio::sync::OnceCell;

use super::access::Access;
use super::errors::Call;
use crate::{Error, ErrorKind, Region};

/// Makes a client: from the configuration of the region, and an endpoint where it is not AWS's own. The endpoint is set
/// here and not in the shared configuration, where the environment would win.
pub(super) type Make<C> = fn(&SdkConfig, Option<&str>) -> C;

/// A client of one service in one region, made at the first call.
pub(super) struct Regional<C> {
    pub(super) access: Arc<Access>,
    pub(super) region: Region,
    service: &'static str,
    make: Make<C>,
    client: OnceCell<C>,
}

impl<C> Regional<C> {
    pub(super) fn new(
        access: &Arc<Access>,
        region: &Region,
        service: &'static str,
        make: Make<C>,
    ) -> Self {
        Regional {
            access: Arc::clone(access),
            region: region.clone(),
            service,
            make,
            client: OnceCell::new(),
        }
    }

    /// The client.
    pub(super) async fn client(&self) -> &C {
        self.client
            .get_or_init(|| async {
                let config = self.access.config(&self.region).await;
                let endpoint = self.access.settings.endpoint(self.service, &self.region);
                (self.make)(&config, endpoint)
            })
            .await
    }

    /// Names a call for its error.
    pub(super) fn call(&self, operation: &'static str) -> Call<'_> {
        Call {
            service: self.service,
            operation,
            region: &self.region,
        }
    }

    /// An answer that does not contain what was asked for.
    pub(super) fn empty(&self, operation: &'static str, kind: ErrorKind, what: &str) -> Error {
        let message = format!("the answer does not contain {what}");
        self.call(operation).failed(kind, message)
    }
}

#[cfg(feature = "sdk-failover")]
impl<C> Regional<C> {
    /// A name of a region in an answer.
    pub(super) fn region(&self, operation: &'static str, name: &str) -> Result<Region, Error> {
        Region::new(name)
            .map_err(|e| self.unreadable(operation, &format!("a region that cannot be read: {e}")))
    }

    /// A number in an answer, where only numbers that fit make sense.
    pub(super) fn number<N, T>(&self, operation: &'static str, number: N) -> Result<T, Error>
    where
        N: Copy + std::fmt::Display,
        T: TryFrom<N>,
    {
        T::try_from(number)
            .map_err(|_| self.unreadable(operation, &format!("the impossible number {number}")))
    }

    /// An answer that says something we cannot read. The call was accepted.
    pub(super) fn unreadable(&self, operation: &'static str, what: &str) -> Error {
        let message = format!("the answer contains {what}");
        self.call(operation).failed(ErrorKind::Other, message)
    }
}

/// For changes: the client never repeats them, since the first attempt may have taken effect.
pub(super) fn no_retries() -> RetryConfig {
    RetryConfig::disabled()
}
