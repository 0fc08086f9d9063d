//! Resolves a path step by step and stops where it would leave: nothing outside is even asked whether it exists.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// Links that one path may lead through, as Linux bounds them.
const MOST_LINKS: usize = 40;

/// Where a path leads.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Walked {
    /// To something inside: its path without links.
    Inside(PathBuf),
    /// To nothing, or round in circles.
    Missing,
    /// Out.
    Outside,
}

/// Follows a cleaned absolute path below `limit`, a directory without links in its own path.
pub(crate) fn inside(path: &Path, limit: &Path) -> Walked {
    let Ok(rest) = path.strip_prefix(limit) else {
        return Walked::Outside;
    };
    let mut at = limit.to_path_buf();
    let mut waiting: Vec<PathBuf> = rest
        .components()
        .rev()
        .map(|part| part.as_os_str().into())
        .collect();
    let mut links = 0;
    while let Some(part) = waiting.pop() {
        match part.components().next() {
            Some(Component::Normal(name)) => at.push(name),
            Some(Component::ParentDir) => drop(at.pop()),
            // The target of a link that begins at the top.
            Some(Component::RootDir | Component::Prefix(_)) => {
                at = at.ancestors().last().unwrap_or(&at).to_path_buf();
            }
            Some(Component::CurDir) | None => {}
        }
        if limit.starts_with(&at) {
            // On the way back in: these directories are no links, or they would not be in the resolved limit.
            continue;
        }
        if !at.starts_with(limit) {
            return Walked::Outside;
        }
        let Ok(metadata) = fs::symlink_metadata(&at) else {
            return Walked::Missing;
        };
        if metadata.is_symlink() {
            links += 1;
            let Ok(target) = fs::read_link(&at) else {
                return Walked::Missing;
            };
            if links > MOST_LINKS {
                return Walked::Missing;
            }
            at.pop();
            waiting.extend(
                target
                    .components()
                    .rev()
                    .map(|part| PathBuf::from(part.as_os_str())),
            );
        }
    }
    if at.starts_with(limit) {
        Walked::Inside(at)
    } else {
        Walked::Outside
    }
}

/// Follows a link in a resolved directory. Says why it may not be read.
pub(crate) fn link(path: &Path, limit: &Path) -> Result<PathBuf, String> {
    match inside(path, limit) {
        Walked::Inside(resolved) => Ok(resolved),
        Walked::Missing => Err("it is a link that leads nowhere".into()),
        Walked::Outside => Err(
            "it is a link that leads out of the boundary; a wider one is given with --boundary"
                .into(),
        ),
    }
}
