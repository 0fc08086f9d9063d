//! What `dr.hcl`, comments and baselines say, and the commands that write them: run as a user would.

#[path = "settings/accepts.rs"]
mod accepts;
#[path = "settings/baseline.rs"]
mod baseline;
#[path = "settings/comments.rs"]
mod comments;
#[path = "settings/documentation.rs"]
mod documentation;
#[path = "settings/file.rs"]
mod file;
#[path = "settings/init.rs"]
mod init;
#[path = "settings/scene.rs"]
mod scene;
