//! The objects that switch.

use aws::{Aws, Error, Region};

use crate::argument::Arguments;

/// An object that switches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Switch {
    pub(super) region: Region,
    pub(super) bucket: String,
    pub(super) key: String,
}

/// The switches that the document names.
pub(super) fn switches(arguments: &Arguments) -> Vec<Switch> {
    let objects = arguments.objects("switches");
    let switch = |object: &Arguments| {
        Some(Switch {
            region: Region::new(object.text("region")?).ok()?,
            bucket: object.text("bucket")?.to_owned(),
            key: object.text("key")?.to_owned(),
        })
    };
    objects.iter().filter_map(switch).collect()
}

/// Whether a switch is on.
pub(super) async fn on(aws: &dyn Aws, switch: &Switch) -> Result<bool, Error> {
    let object = aws
        .objects(&switch.region)?
        .get(&switch.bucket, &switch.key)
        .await?;
    Ok(object.is_some())
}
