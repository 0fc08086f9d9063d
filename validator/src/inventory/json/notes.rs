//! What stands beside the instances in the JSON form: moves and comments. Left out where there are none.

use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::inventory::{Comment, Move};
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
