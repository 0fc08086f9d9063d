//! Files that are whole or absent, whenever the machine stops.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The bytes of a file; `None` where there is none.
pub(super) fn read_if_there(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes a file that must not be there yet; false when it is.
pub(super) fn create_new(root: &Path, path: &Path, bytes: &[u8]) -> io::Result<bool> {
    make_parents(root, path)?;
    let written = Written::new(root, bytes)?;
    match fs::hard_link(&written.0, path) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
        // A file system without links: the caller's lock is all there is.
        Err(_) if !path.exists() => fs::rename(&written.0, path)?,
        Err(_) => return Ok(false),
    }
    sync_directory(path)?;
    Ok(true)
}

/// Writes a file in the place of what is there.
pub(super) fn replace(root: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    make_parents(root, path)?;
    let written = Written::new(root, bytes)?;
    fs::rename(&written.0, path)?;
    sync_directory(path)
}

/// Makes a change of a file's directory last.
pub(super) fn sync_directory(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) => File::open(parent)?.sync_all(),
        None => Ok(()),
    }
}

/// The keys under a directory of the root, however deep; hidden names are ours.
pub(super) fn list_into(root: &Path, under: &str, keys: &mut Vec<String>) -> io::Result<()> {
    let entries = match fs::read_dir(root.join(under)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else {
            continue;
        };
        let key = if under.is_empty() {
            name.to_owned()
        } else {
            format!("{under}/{name}")
        };
        if entry.file_type()?.is_dir() {
            list_into(root, &key, keys)?;
        } else {
            keys.push(key);
        }
    }
    Ok(())
}

/// Makes the directories above a file, each of them lasting.
fn make_parents(root: &Path, path: &Path) -> io::Result<()> {
    let Some(parent) = path.parent().filter(|parent| !parent.is_dir()) else {
        return Ok(());
    };
    fs::create_dir_all(parent)?;
    for made in parent.ancestors().take_while(|above| *above != root) {
        sync_directory(made)?;
    }
    Ok(())
}

/// A whole file under a name of its own, gone when it is dropped.
struct Written(PathBuf);

impl Written {
    fn new(root: &Path, bytes: &[u8]) -> io::Result<Self> {
        let path = root.join(format!(".new-{:016x}", fastrand::u64(..)));
        let mut options = File::options();
        let mut file = options.write(true).create_new(true).open(&path)?;
        let written = Written(path);
        file.write_all(bytes)?;
        file.sync_all()?;
        Ok(written)
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        // After a rename there is nothing left; a leftover is hidden and does no harm.
        let _gone = fs::remove_file(&self.0);
    }
}
