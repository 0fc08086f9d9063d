//! What the document wants the application to read.

use aws::Region;
use serde_json::Value;

use crate::argument::Arguments;
use crate::message::Message;
use crate::steps::parts;

/// A text that a parameter or a secret has to hold.
pub(super) struct Wanted {
    pub(super) name: String,
    pub(super) pointer: String,
    pub(super) value: String,
}

impl Wanted {
    /// Name and pointer, never the value.
    pub(super) fn place(&self) -> String {
        if self.pointer.is_empty() {
            self.name.clone()
        } else {
            format!("{} at {}", self.name, self.pointer)
        }
    }
}

/// The texts of a list of the document.
pub(super) fn wanted(
    arguments: &Arguments,
    list: &str,
    name: &str,
    region: &Region,
) -> Result<Vec<Wanted>, Message> {
    let objects = arguments.objects(list);
    let each = objects.iter().enumerate().map(|(index, object)| {
        let value = object.text_in("values", region);
        let path = || format!("{list}[{index}].values");
        Ok(Wanted {
            name: object.text(name).unwrap_or_default().to_owned(),
            pointer: object.text("pointer").unwrap_or_default().to_owned(),
            value: value
                .ok_or_else(|| parts::names_nothing(&path(), region))?
                .to_owned(),
        })
    });
    each.collect()
}

/// Cluster and service of each service of a region.
pub(super) fn services(
    arguments: &Arguments,
    region: &Region,
) -> Result<Vec<(String, String)>, Message> {
    if !arguments.as_json().contains_key("services") {
        return Ok(Vec::new());
    }
    let list = arguments
        .in_region("services", region)
        .and_then(Value::as_array);
    let list = list.ok_or_else(|| parts::names_nothing("services", region))?;
    let text =
        |object: &Value, name: &str| object.get(name).and_then(Value::as_str).map(str::to_owned);
    let place = |object: &Value| Some((text(object, "cluster")?, text(object, "service")?));
    Ok(list.iter().filter_map(place).collect())
}
