//! Log lines as Terraform reads them from standard error: one JSON object a line.
//!
//! Terraform panics on a line whose `@message`, `@level` or `@timestamp` is no string, and shows a line as raw text when
//! the timestamp has not exactly six fractional digits or the line is longer than 64 KiB.

use std::fmt::{Debug, Write as _};
use std::io::Write;

use jiff::Timestamp;
use serde_json::{Map, Value as Json};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

/// Longest text of one field, far enough below Terraform's limit of a line.
const LONGEST: usize = 16 << 10;
/// Parts of field names whose values are never written.
const SECRETS: [&str; 7] = [
    "password",
    "passwd",
    "secret",
    "token",
    "credential",
    "authorization",
    "private_key",
];
/// What stands in for a secret.
const MASK: &str = "***";

/// Whether a field of this name holds a secret, and what is written for its value.
pub fn redact<'a>(name: &str, value: &'a str) -> &'a str {
    let lower = name.to_ascii_lowercase();
    if SECRETS.iter().any(|secret| lower.contains(secret)) {
        MASK
    } else {
        value
    }
}

/// The level that the environment asks for; none is off.
fn level(provider: &str, environment: impl Fn(&str) -> Option<String>) -> Option<Level> {
    let own = format!("TF_LOG_PROVIDER_{}", provider.to_ascii_uppercase());
    let asked = [own.as_str(), "TF_LOG_PROVIDER", "TF_LOG"]
        .iter()
        .find_map(|name| environment(name).filter(|v| !v.is_empty()))?;
    match asked.to_ascii_uppercase().as_str() {
        "DEBUG" => Some(Level::DEBUG),
        "INFO" => Some(Level::INFO),
        "WARN" => Some(Level::WARN),
        "ERROR" => Some(Level::ERROR),
        "OFF" => None,
        // TRACE, JSON, and whatever Terraform itself takes for TRACE.
        _ => Some(Level::TRACE),
    }
}

/// Installs the log for the process, and a panic hook that writes through it. Without a level nothing is written.
pub(super) fn install(
    provider: &str,
    address: &'static str,
    environment: impl Fn(&str) -> Option<String>,
) {
    let level = level(provider, environment);
    std::panic::set_hook(Box::new(|panic| tracing::error!(panic = %panic, "panic")));
    if let Some(level) = level {
        let layer = Lines { level, address };
        // Fails only where a subscriber is installed already, which is then the one that counts.
        let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer));
    }
}

struct Lines {
    level: Level,
    address: &'static str,
}

impl Lines {
    /// Libraries say much that helps nobody: only their warnings pass, except at the lowest level.
    fn wants(&self, metadata: &Metadata<'_>) -> bool {
        const FOREIGN: [&str; 10] = [
            "h2",
            "hyper",
            "hyper_util",
            "tonic",
            "tower",
            "rustls",
            "aws_smithy",
            "aws_config",
            "aws_sdk",
            "aws_runtime",
        ];
        let foreign = FOREIGN
            .iter()
            .any(|name| metadata.target().starts_with(name));
        let most = if foreign && self.level != Level::TRACE {
            self.level.min(Level::WARN)
        } else {
            self.level
        };
        *metadata.level() <= most
    }
}

impl<S: Subscriber> Layer<S> for Lines {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        self.wants(metadata)
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut line = line(event.metadata(), self.address, Timestamp::now(), |fields| {
            event.record(fields);
        });
        line.push('\n');
        // Whoever cannot be told by the log cannot be told at all.
        let _ = std::io::stderr().lock().write_all(line.as_bytes());
    }
}

fn line(
    metadata: &Metadata<'_>,
    address: &str,
    now: Timestamp,
    record: impl FnOnce(&mut Fields),
) -> String {
    let mut fields = Fields(Map::new());
    record(&mut fields);
    let message = match fields.0.remove("message") {
        Some(Json::String(message)) => message,
        _ => String::new(),
    };
    let mut line = fields.0;
    line.retain(|name, _| !name.starts_with('@'));
    let mut set = |name: &str, value: String| line.insert(name.to_owned(), Json::String(value));
    set("@level", metadata.level().as_str().to_ascii_lowercase());
    set("@message", message);
    set("@module", metadata.target().replace("::", "."));
    set(
        "@timestamp",
        now.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string(),
    );
    set("tf_provider_addr", address.to_owned());
    Json::Object(line).to_string()
}

struct Fields(Map<String, Json>);

impl Fields {
    fn set(&mut self, field: &Field, value: &str) {
        let value = redact(field.name(), value);
        let end = value.floor_char_boundary(LONGEST);
        self.0.insert(
            field.name().to_owned(),
            Json::String(value[..end].to_owned()),
        );
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = String::new();
        let _ = write!(text, "{value:?}");
        self.set(field, &text);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

#[cfg(test)]
mod tests {
    use super::{Level, level, redact};

    #[test]
    fn the_most_special_variable_decides() {
        let only = |wanted: &'static str, value: &'static str| {
            move |name: &str| (name == wanted).then(|| value.to_owned())
        };
        assert_eq!(level("dr", only("TF_LOG", "info")), Some(Level::INFO));
        assert_eq!(level("dr", only("TF_LOG", "JSON")), Some(Level::TRACE));
        assert_eq!(
            level("dr", only("TF_LOG_PROVIDER_DR", "WARN")),
            Some(Level::WARN)
        );
        assert_eq!(level("dr", only("TF_LOG_CORE", "TRACE")), None);
        assert_eq!(level("dr", only("TF_LOG", "OFF")), None);
        let both = |name: &str| {
            Some(
                if name == "TF_LOG_PROVIDER" {
                    "ERROR"
                } else {
                    ""
                }
                .to_owned(),
            )
        };
        assert_eq!(level("dr", both), Some(Level::ERROR));
    }

    #[test]
    fn secrets_are_masked_by_the_name_of_their_field() {
        assert_eq!(redact("master_user_password", "hunter2"), "***");
        assert_eq!(redact("X-Amz-Security-Token", "abc"), "***");
        assert_eq!(redact("region", "us-east-1"), "us-east-1");
    }
}
