//! The block `timeouts`: how long each operation may take, with the provider's defaults.

use std::time::Duration;

use cty::{Path, PathError};

use crate::Value;
use crate::duration;
use crate::model::{BlockField, Field, Source};
use crate::schema::{Attribute, Block, BlockNesting};
use crate::validate;

/// The block `timeouts` of a resource. The parameters are the defaults in seconds; an operation with 0 has no timeout
/// that could be set.
///
/// ```
/// use terraform_framework::timeouts::Timeouts;
/// type MyTimeouts = Timeouts<{ 40 * 60 }, { 80 * 60 }, { 60 * 60 }>;
/// assert_eq!(MyTimeouts::default().create().as_secs(), 2_400);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Timeouts<const CREATE: u64, const UPDATE: u64, const DELETE: u64, const READ: u64 = 0> {
    written: bool,
    create: Value<String>,
    update: Value<String>,
    delete: Value<String>,
    read: Value<String>,
}

/// What is written, if it is a duration; the default where nothing is.
fn limit(written: &Value<String>, default: u64) -> Duration {
    let written = written.text().and_then(|text| duration::parse(text).ok());
    written.unwrap_or(Duration::from_secs(default))
}

impl<const CREATE: u64, const UPDATE: u64, const DELETE: u64, const READ: u64>
    Timeouts<CREATE, UPDATE, DELETE, READ>
{
    /// How long a create may take.
    pub fn create(&self) -> Duration {
        limit(&self.create, CREATE)
    }

    /// How long an update may take.
    pub fn update(&self) -> Duration {
        limit(&self.update, UPDATE)
    }

    /// How long a delete may take.
    pub fn delete(&self) -> Duration {
        limit(&self.delete, DELETE)
    }

    /// How long a read may take.
    pub fn read(&self) -> Duration {
        limit(&self.read, READ)
    }

    /// The operations that have a timeout, with their defaults in seconds.
    fn offered() -> impl Iterator<Item = (&'static str, u64)> {
        let all = [
            ("create", CREATE),
            ("read", READ),
            ("update", UPDATE),
            ("delete", DELETE),
        ];
        all.into_iter().filter(|(_, default)| *default > 0)
    }
}

impl<const CREATE: u64, const UPDATE: u64, const DELETE: u64, const READ: u64> BlockField
    for Timeouts<CREATE, UPDATE, DELETE, READ>
{
    const NESTING: BlockNesting = BlockNesting::Single;

    fn block() -> Block {
        let block = Block::new("How long operations may take.");
        Self::offered().fold(block, |block, (name, default)| {
            let default = duration::text(Duration::from_secs(default));
            let description = format!(
                "How long the {name} may take, such as `90s` or `1h30m`. Default: `{default}`."
            );
            let attribute = Attribute::of::<Value<String>>(name, &description);
            block.attribute(attribute.optional().validate(validate::duration()))
        })
    }

    fn read(value: &cty::Value, path: &Path) -> Result<Self, PathError> {
        let mut timeouts = Self::default();
        if value.is_null() {
            return Ok(timeouts);
        }
        timeouts.written = true;
        let source = Source {
            value,
            path: path.clone(),
        };
        for (name, _) in Self::offered() {
            let written = source.attribute(name)?;
            match name {
                "create" => timeouts.create = written,
                "update" => timeouts.update = written,
                "delete" => timeouts.delete = written,
                _ => timeouts.read = written,
            }
        }
        Ok(timeouts)
    }

    fn write(&self) -> cty::Value {
        if !self.written {
            return cty::Value::null(<Self as BlockField>::block().ty());
        }
        cty::Value::object(Self::offered().map(|(name, _)| {
            let written = match name {
                "create" => &self.create,
                "update" => &self.update,
                "delete" => &self.delete,
                _ => &self.read,
            };
            (name, Field::write(written))
        }))
    }
}

/// Why work ended before it was done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stopped {
    /// It took too long.
    #[error("gave up after {} of waiting for {waited_for}; it may still happen. Look at it, then apply again, with a longer timeout if it is healthy", duration::text(*.limit))]
    TimedOut {
        /// What did not happen in time.
        waited_for: String,
        /// How long it was waited for.
        limit: Duration,
    },
    /// Terraform asked the provider to stop.
    #[error(
        "stopped while waiting for {waited_for}; it may still happen. Look at it, then apply again"
    )]
    Cancelled {
        /// What was waited for.
        waited_for: String,
    },
}

impl<C> crate::Cx<C> {
    /// Waits for work at most so long, and not beyond a stop. `waited_for` completes "waiting for …".
    ///
    /// The work is dropped at the point where it waits; what it must hand back in any case, it keeps outside.
    ///
    /// # Errors
    /// When it took too long, or Terraform asked the provider to stop.
    pub async fn within<T>(
        &self,
        limit: Duration,
        waited_for: &str,
        work: impl Future<Output = T>,
    ) -> Result<T, Stopped> {
        let waited_for = waited_for.to_owned();
        tokio::select! {
            biased;
            done = work => Ok(done),
            () = self.cancel.cancelled() => Err(Stopped::Cancelled { waited_for }),
            () = tokio::time::sleep(limit) => Err(Stopped::TimedOut { waited_for, limit }),
        }
    }
}
