//! The action `conf_announce`: says lines, then ends as it is told to.

use terraform_framework::action::{Action, Progress};
use terraform_framework::validate::one_of;
use terraform_framework::{Cx, Diagnostics, Model, Value, async_trait};

use super::Store;

/// Says lines, then ends as it is told to.
#[derive(Model, Clone, Debug)]
pub(crate) struct Announcement {
    /// What is said, line by line.
    #[attr(required)]
    pub(crate) lines: Value<Vec<Value<String>>>,
    /// How it ends. Default: well.
    #[attr(optional, validate = one_of(["error", "panic", "stopped", "deaf"]))]
    pub(crate) ending: Value<String>,
}

/// The action.
pub(crate) struct Announce;

#[async_trait]
impl Action for Announce {
    type Client = Store;
    type Model = Announcement;

    fn name(&self) -> &'static str {
        "conf_announce"
    }

    async fn invoke(
        &self,
        cx: &Cx<Store>,
        config: Announcement,
        progress: &Progress,
        diags: &mut Diagnostics,
    ) {
        for line in config.lines.known().into_iter().flatten() {
            progress.say(line.text().unwrap_or_default());
        }
        match config.ending.text() {
            Some("error") => diags.error("The announcement failed", "It was told to."),
            Some("panic") => panic!("told to panic"),
            Some("stopped") => cx.cancel().cancelled().await,
            Some("deaf") => std::future::pending().await,
            _ => {}
        }
    }
}
