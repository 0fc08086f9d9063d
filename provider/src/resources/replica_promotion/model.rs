//! The schema, and the checks that need more than one value.

use aws::rds::InstanceId;
use recovery::steps::rds_promote_replica::Settings;
use terraform_framework::validate::{Validator, between, duration, one_of, text, timestamp};
use terraform_framework::{Blocks, Model, Value};

use crate::provider_block::region;
use crate::roles::consents::ConsentBlock;
use crate::roles::timeouts::Timeouts;

/// Holds the role of one RDS instance in a recovery region: `replica` in peace, `primary` after a failover.
///
/// Promotion is one-way and happens only under gates: the replica follows the source that you name, and the data at
/// risk is known and within `max_data_loss`. A role that was changed outside Terraform is recorded and never reverted.
/// Destroying the resource forgets it; nothing in AWS is touched.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct ReplicaPromotion {
    /// Region that the instance lives in. Default: the provider's region. Changing it makes this another resource.
    #[attr(optional, computed, keep, replace, validate = region())]
    pub(crate) region: Value<String>,
    /// Identifier of the instance. Changing it makes this another resource.
    #[attr(required, replace, validate = instance_id())]
    pub(crate) db_instance_identifier: Value<String>,
    /// What the instance should be: `replica` changes nothing, `primary` promotes it. There is no way back by an edit:
    /// a standalone instance cannot follow its old source again.
    #[attr(required, validate = one_of(["replica", "primary"]))]
    pub(crate) role: Value<String>,
    /// The role that you know to be the present one. Needed to promote where nothing records what was applied last: for
    /// a new, imported, tainted or replaced resource, or after its state was lost.
    #[attr(optional, validate = one_of(["replica", "primary"]))]
    pub(crate) from: Value<String>,
    /// The instance that it must be following when it is promoted: an ARN, or an identifier in the same region.
    /// Default: any source.
    #[attr(optional)]
    pub(crate) source: Value<String>,
    /// How much data may be lost, as time, such as `5m`. The bound on the data at risk, which is the measured lag plus
    /// the age of that measurement; `CloudWatch` publishes it once a minute. Default: `5m`.
    #[attr(default = "5m", validate = duration())]
    pub(crate) max_data_loss: Value<String>,
    /// When the source was lost, in RFC 3339. Replication lag after that moment is not data loss. Default: the source
    /// counts as alive unless its region is declared lost.
    #[attr(optional, validate = timestamp())]
    pub(crate) lost_at: Value<String>,
    /// The role that this resource applied last.
    #[attr(computed)]
    pub(crate) last_applied: Value<String>,
    /// The role as it was last seen in AWS.
    #[attr(computed)]
    pub(crate) observed: Value<String>,
    /// `adopted` where the role was found as configured, `done` after a promotion by this resource.
    #[attr(computed)]
    pub(crate) execution_status: Value<String>,
    /// ARN of the instance.
    #[attr(computed)]
    pub(crate) arn: Value<String>,
    /// ARN or identifier of the instance that it follows; null once it is primary.
    #[attr(computed)]
    pub(crate) source_arn: Value<String>,
    /// A named risk that somebody accepts. It counts for one source and one target, and ends within 24 hours; one that
    /// does not fit is inert and warned about.
    #[block]
    pub(crate) consent: Blocks<ConsentBlock>,
    /// Settings of the standalone database. While it is a replica they are only stored; they are applied together with
    /// the promotion, and drift is corrected from then on. What is not set is not managed.
    #[block]
    pub(crate) on_promotion: Option<OnPromotion>,
    /// How long the operations may take.
    #[block]
    pub(crate) timeouts: Option<Timeouts>,
}

/// Settings of the standalone database.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct OnPromotion {
    /// Days that automated backups are kept, 1 to 35. AWS's default after a promotion is 1.
    #[attr(optional, validate = between(1, 35))]
    pub(crate) backup_retention_days: Value<i64>,
    /// Daily window of backups in UTC, such as `03:00-04:00`; at least 30 minutes.
    #[attr(optional, validate = text("backup window", window))]
    pub(crate) backup_window: Value<String>,
    /// Whether a standby runs in another zone. A promotion alone does not make one.
    #[attr(optional)]
    pub(crate) multi_az: Value<bool>,
    /// Whether the database is protected from deletion.
    #[attr(optional)]
    pub(crate) deletion_protection: Value<bool>,
    /// Class of the instance, such as `db.r6g.xlarge`; changing it restarts the database.
    #[attr(optional, validate = text("instance class", class))]
    pub(crate) instance_class: Value<String>,
}

/// What names the resource for good.
#[derive(Model, Clone, Debug)]
pub(crate) struct Identity {
    /// Region that the instance lives in.
    #[attr(required)]
    pub(crate) region: Value<String>,
    /// Identifier of the instance.
    #[attr(required)]
    pub(crate) db_instance_identifier: Value<String>,
}

pub(crate) fn instance_id() -> impl Validator {
    text("instance identifier", |seen| {
        InstanceId::new(seen).map(|_| ()).map_err(|e| e.to_string())
    })
}

fn class(seen: &str) -> Result<(), String> {
    let parts: Vec<&str> = seen.split('.').collect();
    let fits = parts.len() == 3 && parts[0] == "db" && parts.iter().all(|p| !p.is_empty());
    if fits {
        Ok(())
    } else {
        Err(format!(
            "{seen:?} is not an instance class; expected one such as db.r6g.xlarge"
        ))
    }
}

/// A daily window of at least 30 minutes (Amazon RDS API Reference, `PreferredBackupWindow`).
fn window(seen: &str) -> Result<(), String> {
    let minutes = |text: &str| {
        let (hours, minutes) = text
            .split_once(':')
            .filter(|(h, m)| h.len() == 2 && m.len() == 2)?;
        let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
        ((0..24).contains(&hours) && (0..60).contains(&minutes)).then_some(hours * 60 + minutes)
    };
    let ends = seen
        .split_once('-')
        .and_then(|(from, to)| Some((minutes(from)?, minutes(to)?)));
    match ends {
        Some((from, to)) if (to - from).rem_euclid(24 * 60) >= 30 => Ok(()),
        Some(_) => Err(format!("{seen:?} is shorter than 30 minutes")),
        None => Err(format!(
            "{seen:?} is not a daily window; expected UTC times such as 03:00-04:00"
        )),
    }
}

impl ReplicaPromotion {
    /// The settings asked for; what is not known counts as not set.
    pub(super) fn settings(&self) -> Settings {
        let Some(on) = &self.on_promotion else {
            return Settings::default();
        };
        Settings {
            backup_retention_days: on
                .backup_retention_days
                .known()
                .and_then(|days| u8::try_from(*days).ok()),
            backup_window: on.backup_window.known().cloned(),
            multi_az: on.multi_az.known().copied(),
            deletion_protection: on.deletion_protection.known().copied(),
            instance_class: on.instance_class.known().cloned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{class, window};

    #[test]
    fn windows_and_classes_have_a_shape() {
        for good in ["03:00-04:00", "23:45-00:15"] {
            assert!(window(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "3:00-4:00",
            "03:00-03:10",
            "25:00-26:00",
            "03:00",
            "mon:03:00-mon:04:00",
        ] {
            assert!(window(bad).is_err(), "{bad}");
        }
        assert!(class("db.r6g.xlarge").is_ok());
        assert!(class("r6g.xlarge").is_err());
    }
}
