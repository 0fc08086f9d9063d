//! What stands beside the instances in the JSON form: moves, comments, modules that were not read. Left out where there are none.

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::read::{SavedLocation, location};
use crate::inventory::{Comment, Move, Unread};
use crate::source::Location;

/// A saved move.
#[derive(Deserialize)]
pub(super) struct SavedMove {
    from: String,
    to: String,
}

/// A saved comment.
#[derive(Deserialize)]
pub(super) struct SavedComment {
    text: String,
    file: String,
    line: u32,
    column: u32,
    about: u32,
    #[serde(default)]
    modules: Vec<String>,
}

impl SavedMove {
    pub(super) fn read(self) -> Move {
        Move {
            from: self.from.into(),
            to: self.to.into(),
        }
    }
}

impl SavedComment {
    pub(super) fn read(self) -> Comment {
        Comment {
            text: self.text.into(),
            place: Location {
                file: self.file.into(),
                line: self.line,
                column: self.column,
            },
            line: self.about,
            modules: self.modules.into_iter().map(Into::into).collect(),
        }
    }
}

pub(super) fn moved(moved: &Move) -> Json {
    json!({ "from": *moved.from, "to": *moved.to })
}

pub(super) fn comment(comment: &Comment) -> Json {
    let modules: Vec<&str> = comment.modules.iter().map(|name| &**name).collect();
    json!({
        "text": *comment.text,
        "file": *comment.place.file,
        "line": comment.place.line,
        "column": comment.place.column,
        "about": comment.line,
        "modules": modules,
    })
}

/// A saved module call that was not read.
#[derive(Deserialize)]
pub(super) struct SavedUnread {
    address: String,
    root: Option<String>,
    source: Option<String>,
    region: Option<String>,
    why: String,
    place: Option<SavedLocation>,
}

impl SavedUnread {
    pub(super) fn read(self) -> Unread {
        Unread {
            address: self.address.into(),
            root: self.root.map(Into::into),
            source: self.source.map(Into::into),
            region: self.region.map(Into::into),
            why: self.why.into(),
            place: self.place.map(location),
        }
    }
}

pub(super) fn unread(unread: &Unread) -> Json {
    json!({
        "address": *unread.address,
        "root": unread.root.as_deref(),
        "source": unread.source.as_deref(),
        "region": unread.region.as_deref(),
        "why": *unread.why,
        "place": unread.place.as_ref().map(super::write::location),
    })
}
