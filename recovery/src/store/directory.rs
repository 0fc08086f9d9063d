//! A store in a directory, for laboratories and exercises: the semantics of a bucket for the processes of one machine.
//!
//! A body is a plain file at its key. Beside it, once it was changed, `.changes/<key>` counts the changes; it stays when
//! the body is removed, so that the same bytes never have the same entity tag twice. A change is counted before it is
//! made: a process that dies in between leaves a new tag on old bytes, and whoever holds the old tag looks again. The
//! file `.lock` is locked for every call, shared for reads. Calls block for the length of a few small writes.

mod file;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use aws::clock::Clock;
use aws::{Error, ErrorKind, Region};
use jiff::Timestamp;

use super::{Kept, Store, Stored};
use crate::canonical;
use file::{create_new, list_into, read_if_there, replace, sync_directory};

/// A store in a directory.
pub struct DirectoryStore {
    region: Region,
    root: PathBuf,
    clock: Arc<dyn Clock>,
}

/// Why a call failed, before it is worded.
enum Failed {
    Io(io::Error),
    Condition,
    Key(String),
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Failed::Io(error)
    }
}

/// Which writes are let through.
#[derive(Clone, Copy)]
enum Condition<'a> {
    Always,
    Absent,
    Unchanged(&'a str),
}

impl DirectoryStore {
    /// The store in a directory, which the first write makes. Dates are the clock's.
    pub fn new(region: Region, root: impl Into<PathBuf>, clock: Arc<dyn Clock>) -> Self {
        DirectoryStore {
            region,
            root: root.into(),
            clock,
        }
    }

    #[allow(
        clippy::unnecessary_wraps,
        reason = "the trait's dates are of stores that may not tell"
    )]
    fn date(&self) -> Option<Timestamp> {
        Some(self.clock.now())
    }

    /// Where a key's body is.
    fn path(&self, key: &str) -> Result<PathBuf, Failed> {
        let fits = |part: &str| {
            let known = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
            !part.is_empty() && !part.starts_with('.') && part.chars().all(known)
        };
        if key.split('/').all(fits) {
            Ok(self.root.join(key))
        } else {
            Err(Failed::Key(key.chars().take(200).collect()))
        }
    }

    /// Keeps other processes out until it is dropped. A directory that was never written has nobody to keep out.
    fn lock_for_reading(&self) -> io::Result<Option<File>> {
        match File::open(self.root.join(".lock")) {
            Ok(file) => {
                file.lock_shared()?;
                Ok(Some(file))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn lock_for_writing(&self) -> io::Result<File> {
        std::fs::create_dir_all(&self.root)?;
        let mut options = File::options();
        let file = options
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.root.join(".lock"))?;
        file.lock()?;
        Ok(file)
    }

    fn changes_path(&self, key: &str) -> PathBuf {
        self.root.join(".changes").join(key)
    }

    /// How often the key was changed after its first body.
    fn changes(&self, key: &str) -> io::Result<u64> {
        let Some(text) = read_if_there(&self.changes_path(key))? else {
            return Ok(0);
        };
        let number = std::str::from_utf8(&text)
            .ok()
            .and_then(|text| text.trim().parse().ok());
        number.ok_or_else(|| {
            let path = self.changes_path(key);
            io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{} does not hold a number", path.display()),
            )
        })
    }

    fn count_change(&self, key: &str) -> io::Result<()> {
        let path = self.changes_path(key);
        let next = self.changes(key)?.saturating_add(1);
        replace(&self.root, &path, next.to_string().as_bytes())
    }

    fn stored(&self, key: &str, path: &Path) -> io::Result<Option<Stored>> {
        let Some(body) = read_if_there(path)? else {
            return Ok(None);
        };
        let etag = etag(&body, self.changes(key)?);
        Ok(Some(Stored {
            body,
            etag,
            date: self.date(),
        }))
    }

    fn write(&self, key: &str, body: &[u8], condition: Condition<'_>) -> Result<Kept, Failed> {
        let path = self.path(key)?;
        let _kept_out = self.lock_for_writing()?;
        let there = self.stored(key, &path)?;
        match (condition, &there) {
            (Condition::Absent, Some(_)) | (Condition::Unchanged(_), None) => {
                return Err(Failed::Condition);
            }
            (Condition::Unchanged(etag), Some(there)) if there.etag != etag => {
                return Err(Failed::Condition);
            }
            _ => {}
        }
        if there.is_some() {
            self.count_change(key)?;
            replace(&self.root, &path, body)?;
        } else if !create_new(&self.root, &path, body)? {
            // Somebody who does not honour the lock was first.
            return Err(Failed::Condition);
        }
        Ok(Kept {
            etag: etag(body, self.changes(key)?),
            date: self.date(),
        })
    }

    fn delete(&self, key: &str, etag: &str) -> Result<(), Failed> {
        let path = self.path(key)?;
        let _kept_out = self.lock_for_writing()?;
        let Some(there) = self.stored(key, &path)? else {
            return Ok(());
        };
        if there.etag != etag {
            return Err(Failed::Condition);
        }
        self.count_change(key)?;
        std::fs::remove_file(&path)?;
        sync_directory(&path)?;
        Ok(())
    }

    fn keys(&self, prefix: &str) -> Result<Vec<String>, Failed> {
        let _kept_out = self.lock_for_reading()?;
        let mut keys = Vec::new();
        // Only the directory that the prefix names is walked.
        let directory = prefix
            .rsplit_once('/')
            .map_or("", |(directory, _)| directory);
        if !directory.is_empty() {
            self.path(directory)?;
        }
        list_into(&self.root, directory, &mut keys)?;
        keys.retain(|key| key.starts_with(prefix));
        keys.sort();
        Ok(keys)
    }

    fn try_to_write(&self) -> Result<(), Failed> {
        let _kept_out = self.lock_for_writing()?;
        let probe = self.root.join(format!(".probe-{:016x}", fastrand::u64(..)));
        create_new(&self.root, &probe, b"may this directory be written?")?;
        std::fs::remove_file(&probe)?;
        Ok(())
    }

    fn error(&self, operation: &str, failed: Failed) -> Error {
        let root = self.root.display();
        let (kind, code, message) = match failed {
            Failed::Condition => (
                ErrorKind::PreconditionFailed,
                Some("PreconditionFailed"),
                format!("what is kept in {root} is not what the condition says"),
            ),
            Failed::Key(key) => (
                ErrorKind::Other,
                None,
                format!(
                    "{key:?} is no key; expected parts of letters, digits and -_.: joined by /"
                ),
            ),
            Failed::Io(error) => {
                let kind = match error.kind() {
                    io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                        ErrorKind::AccessDenied
                    }
                    io::ErrorKind::Interrupted => ErrorKind::Unavailable,
                    _ => ErrorKind::Other,
                };
                let message = format!(
                    "{root}: {error}; expected a directory that this user may write, on a disk with space"
                );
                (kind, None, message)
            }
        };
        Error {
            kind,
            service: "directory".to_owned(),
            operation: operation.to_owned(),
            region: self.region.to_string(),
            code: code.map(str::to_owned),
            message,
            request_id: None,
        }
    }
}

fn etag(body: &[u8], changes: u64) -> String {
    format!("\"{}-{changes}\"", canonical::hash(body))
}

#[async_trait]
impl Store for DirectoryStore {
    fn region(&self) -> &Region {
        &self.region
    }

    fn place(&self) -> String {
        self.root.display().to_string()
    }

    async fn get(&self, key: &str) -> Result<Option<Stored>, Error> {
        let read = || -> Result<Option<Stored>, Failed> {
            let path = self.path(key)?;
            let _kept_out = self.lock_for_reading()?;
            Ok(self.stored(key, &path)?)
        };
        read().map_err(|failed| self.error("read", failed))
    }

    async fn create(&self, key: &str, body: &[u8]) -> Result<Kept, Error> {
        self.write(key, body, Condition::Absent)
            .map_err(|failed| self.error("create", failed))
    }

    async fn replace(&self, key: &str, body: &[u8], etag: &str) -> Result<Kept, Error> {
        self.write(key, body, Condition::Unchanged(etag))
            .map_err(|failed| self.error("replace", failed))
    }

    async fn put(&self, key: &str, body: &[u8]) -> Result<Kept, Error> {
        self.write(key, body, Condition::Always)
            .map_err(|failed| self.error("write", failed))
    }

    async fn remove(&self, key: &str, etag: &str) -> Result<(), Error> {
        self.delete(key, etag)
            .map_err(|failed| self.error("remove", failed))
    }

    async fn list(&self, prefix: &str) -> Result<Vec<String>, Error> {
        self.keys(prefix)
            .map_err(|failed| self.error("list", failed))
    }

    async fn unfit(&self) -> Result<Option<String>, Error> {
        match self.try_to_write() {
            Ok(()) => Ok(None),
            Err(failed) => Ok(Some(self.error("write", failed).message)),
        }
    }
}
