//! One base for all places: the top of the repository, or the working directory where there is none.

use super::{PlaceShown, Report};

/// Where the files of an estate are, from the base.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Base {
    /// The directory that files of a configuration are named from.
    pub directory: String,
    /// The working directory: documents are named from there.
    pub here: String,
}

impl Report {
    /// Names all places from the base.
    pub fn place_from(&mut self, base: &Base) {
        let documents: Vec<String> = self
            .sources
            .iter()
            .filter(|source| source.kind != "configuration")
            .map(|source| source.path.clone())
            .collect();
        let moved = |place: &mut PlaceShown| {
            let from = if documents.contains(&place.file) {
                &base.here
            } else {
                &base.directory
            };
            place.file = joined(from, &place.file);
        };
        for finding in &mut self.findings {
            let members = finding.members.iter_mut();
            let sides = members.flat_map(|member| [&mut member.primary, &mut member.secondary]);
            for side in sides.chain([&mut finding.primary, &mut finding.secondary]) {
                side.place.iter_mut().chain(&mut side.chain).for_each(moved);
            }
        }
        for gap in &mut self.gaps {
            for side in [&mut gap.primary, &mut gap.secondary] {
                side.place.iter_mut().chain(&mut side.chain).for_each(moved);
            }
        }
        for told in &mut self.diagnostics {
            told.place.iter_mut().for_each(moved);
        }
    }
}

/// A file of a directory, without detours.
fn joined(directory: &str, file: &str) -> String {
    if file.starts_with('/') || file == "-" {
        return file.to_owned();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in directory.split('/').chain(file.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn detours_are_left_out() {
        assert_eq!(
            joined("estates/live", "../modules/a.tf"),
            "estates/modules/a.tf"
        );
        assert_eq!(joined("", "../modules/a.tf"), "../modules/a.tf");
        assert_eq!(joined("a", "/b.json"), "/b.json");
    }
}
