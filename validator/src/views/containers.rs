//! Containers of task definitions: images, environment, secrets, log options, as seen from one end.

use crate::inventory::Name;
use crate::mirror::{End, InstanceId, Meaning, Mirror};

/// One container.
#[derive(Clone, Debug)]
pub(crate) struct Container {
    /// Its name.
    pub(crate) name: String,
    /// Its image.
    pub(crate) image: Meaning,
    /// Variables of its environment.
    pub(crate) environment: Vec<(String, Meaning)>,
    /// Secrets by the variables that get them.
    pub(crate) secrets: Vec<(String, Meaning)>,
    /// Ports that it listens on.
    pub(crate) ports: Meaning,
    /// Options of its log driver.
    pub(crate) log_options: Vec<(String, Meaning)>,
}

/// The containers of a task definition.
///
/// # Errors
/// What is not known of it.
pub(crate) fn of(
    mirror: &Mirror<'_>,
    task: InstanceId,
    end: End,
) -> Result<Vec<Container>, Vec<Name>> {
    let node = mirror.value(task, "container_definitions");
    let document = mirror.document(node, end, mirror.instance(task).root.as_ref())?;
    Ok(document.items().into_iter().map(container).collect())
}

fn container(meaning: &Meaning) -> Container {
    let text = |meaning: Option<&Meaning>| {
        meaning
            .and_then(Meaning::letters)
            .unwrap_or_default()
            .to_owned()
    };
    let named = |list: Option<&Meaning>, key: &str, value: &str| -> Vec<(String, Meaning)> {
        let items = list.map(Meaning::items).unwrap_or_default();
        items
            .into_iter()
            .map(|item| {
                (
                    text(item.get(key)),
                    item.get(value).cloned().unwrap_or(Meaning::Absent),
                )
            })
            .collect()
    };
    let options = match meaning
        .get("logConfiguration")
        .and_then(|log| log.get("options"))
    {
        Some(Meaning::Map(entries)) => entries
            .iter()
            .map(|(name, value)| (name.to_string(), value.clone()))
            .collect(),
        _ => Vec::new(),
    };
    Container {
        name: text(meaning.get("name")),
        image: meaning.get("image").cloned().unwrap_or(Meaning::Absent),
        environment: named(meaning.get("environment"), "name", "value"),
        secrets: named(meaning.get("secrets"), "name", "valueFrom"),
        ports: meaning
            .get("portMappings")
            .cloned()
            .unwrap_or(Meaning::Absent),
        log_options: options,
    }
}
