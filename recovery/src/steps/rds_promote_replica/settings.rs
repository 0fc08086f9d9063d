//! The settings of the promoted database: which the promotion itself takes, which follow, and which do not hold.

use std::fmt;

use aws::rds::{DbInstance, InstanceId, ModifyDbInstance};

/// What the promoted database shall have; `None` leaves a setting unmanaged. A replica has its own settings, so they
/// are compared with the writer only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Days that automated backups are kept, 0 to 35; 0 turns them off (AWS refuses it where replicas are fed).
    pub backup_retention_days: Option<u8>,
    /// Daily backup window in UTC, `hh:mm-hh:mm`, at least 30 minutes.
    pub backup_window: Option<String>,
    /// Whether a standby is kept in another zone. A promotion never implies it.
    pub multi_az: Option<bool>,
    /// Whether deletion is refused.
    pub deletion_protection: Option<bool>,
    /// The instance class, such as `db.r6g.large`. Changing it restarts the database.
    pub instance_class: Option<String>,
}

/// One setting that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The setting, by the name that configurations use.
    pub setting: &'static str,
    /// What was asked for.
    pub wanted: String,
    /// What AWS shows.
    pub found: String,
    /// Whether AWS shows the wanted value as pending already.
    pub pending: bool,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is {}, wanted {}",
            self.setting, self.found, self.wanted
        )?;
        if self.pending {
            f.write_str(" (pending)")?;
        }
        Ok(())
    }
}

impl Settings {
    /// What `PromoteReadReplica` takes; the rest needs `ModifyDBInstance` afterwards.
    #[must_use]
    pub fn taken_by_promotion(&self) -> Settings {
        Settings {
            backup_retention_days: self.backup_retention_days,
            backup_window: self.backup_window.clone(),
            ..Settings::default()
        }
    }

    /// What has to follow the promotion.
    #[must_use]
    pub fn after_promotion(&self) -> Settings {
        Settings {
            backup_retention_days: None,
            backup_window: None,
            ..self.clone()
        }
    }

    /// Only the settings that differ.
    pub(super) fn only(&self, differences: &[&Difference]) -> Settings {
        let differs = |setting: &str| differences.iter().any(|found| found.setting == setting);
        let mut only = self.clone();
        if !differs("backup_retention_days") {
            only.backup_retention_days = None;
        }
        if !differs("backup_window") {
            only.backup_window = None;
        }
        if !differs("multi_az") {
            only.multi_az = None;
        }
        if !differs("deletion_protection") {
            only.deletion_protection = None;
        }
        if !differs("instance_class") {
            only.instance_class = None;
        }
        only
    }

    /// The call that sets them, at once.
    pub(super) fn modification(&self, instance: InstanceId) -> ModifyDbInstance {
        let mut call = ModifyDbInstance::new(instance);
        call.backup_retention_days = self.backup_retention_days;
        call.backup_window.clone_from(&self.backup_window);
        call.multi_az = self.multi_az;
        call.deletion_protection = self.deletion_protection;
        call.instance_class.clone_from(&self.instance_class);
        call
    }
}

impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = [
            (
                "backup_retention_days",
                self.backup_retention_days.map(|days| days.to_string()),
            ),
            ("backup_window", self.backup_window.clone()),
            ("multi_az", self.multi_az.map(|on| on.to_string())),
            (
                "deletion_protection",
                self.deletion_protection.map(|on| on.to_string()),
            ),
            ("instance_class", self.instance_class.clone()),
        ]
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| format!("{name} = {value}")))
        .collect();
        f.write_str(&parts.join(", "))
    }
}

/// The settings that a standalone instance does not have yet; pure, also the drift of a promoted database.
pub fn unmet(instance: &DbInstance, settings: &Settings) -> Vec<Difference> {
    let pending = &instance.pending;
    [
        difference(
            "backup_retention_days",
            settings.backup_retention_days.as_ref(),
            Some(&instance.backup_retention_days),
            pending.backup_retention_days.as_ref(),
        ),
        difference(
            "backup_window",
            settings.backup_window.as_ref(),
            instance.backup_window.as_ref(),
            None,
        ),
        difference(
            "multi_az",
            settings.multi_az.as_ref(),
            Some(&instance.multi_az),
            pending.multi_az.as_ref(),
        ),
        difference(
            "deletion_protection",
            settings.deletion_protection.as_ref(),
            Some(&instance.deletion_protection),
            None,
        ),
        difference(
            "instance_class",
            settings.instance_class.as_ref(),
            Some(&instance.instance_class),
            pending.instance_class.as_ref(),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn difference<T: PartialEq + fmt::Display>(
    setting: &'static str,
    wanted: Option<&T>,
    found: Option<&T>,
    pending: Option<&T>,
) -> Option<Difference> {
    let wanted = wanted?;
    // A value that is about to be replaced by another one does not hold either.
    let holds = found == Some(wanted) && pending.is_none_or(|pending| pending == wanted);
    (!holds).then(|| Difference {
        setting,
        wanted: wanted.to_string(),
        found: found.map_or_else(|| "not set".to_owned(), ToString::to_string),
        pending: pending == Some(wanted),
    })
}
