//! Directories made for one test, and short ways to ask what was loaded.

use std::fs;
use std::path::{Path, PathBuf};

use drcheck::diagnostic::{Diagnostic, Severity};
use drcheck::load::config::Configuration;
use drcheck::load::{self, GivenVariable, LoadError, Request};
use drcheck::syntax::parse_expression;
use drcheck::world::World;
use tempfile::TempDir;

/// A directory with files.
pub(crate) struct Scene {
    directory: TempDir,
}

impl Scene {
    /// With these files.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let scene = Scene {
            directory: TempDir::new().expect("a temporary directory"),
        };
        for (path, text) in files {
            scene.write(path, text);
        }
        scene
    }

    /// Writes one more.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a file in a directory")).expect("a new directory");
        fs::write(path, text).expect("a new file");
    }

    /// Makes a link.
    pub(crate) fn link(&self, target: impl AsRef<Path>, path: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a file in a directory")).expect("a new directory");
        std::os::unix::fs::symlink(target, path).expect("a new link");
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.directory.path().join(path)
    }

    /// Asks for a directory of it as root.
    pub(crate) fn request(&self, root: &str) -> Request {
        Request {
            root: self.path(root),
            ..Request::default()
        }
    }

    pub(crate) fn try_load(&self) -> Result<Configuration, LoadError> {
        load::load(&self.request(""))
    }

    pub(crate) fn load(&self) -> Configuration {
        self.try_load().expect("a root that can be loaded")
    }

    /// With values in their order: `name=value`, or the path of a file.
    pub(crate) fn load_with(&self, given: &[&str], environment: &[(&str, &str)]) -> Configuration {
        let variable = |text: &&str| match text.split_once('=') {
            Some((name, value)) => GivenVariable::Text {
                name: name.into(),
                value: value.into(),
            },
            None => GivenVariable::File(self.path(text)),
        };
        let environment = environment
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let request = Request {
            variables: given.iter().map(variable).collect(),
            environment: environment.collect(),
            ..self.request("")
        };
        load::load(&request).expect("a root that can be loaded")
    }
}

/// An expression's value in the root, as text; `unknown` or `refused` where it has none.
pub(crate) fn value(configuration: &Configuration, expression: &str) -> String {
    let world = World::new(configuration);
    let file = world.add_source(
        "expression",
        parse_expression(expression.as_bytes().to_vec()),
    );
    let id = file.ast.template.expect("an expression");
    match world.evaluate_in_root(&file, id) {
        Ok(value) if value.is_null() => "null".into(),
        Ok(value) if !value.is_known() => "unknown".into(),
        Ok(value) => {
            let value = value.unmark().0;
            let text = value.as_str().map(str::to_owned);
            text.or_else(|| value.as_number().map(ToString::to_string))
                .or_else(|| value.as_bool().map(|b| b.to_string()))
                .unwrap_or_else(|| format!("{value:?}"))
        }
        Err(_) => "refused".into(),
    }
}

/// All that was said, one a line: severity, place, summary, detail.
pub(crate) fn said(configuration: &Configuration) -> String {
    configuration
        .diagnostics
        .iter()
        .map(|diagnostic| line(configuration, diagnostic))
        .collect()
}

fn line(configuration: &Configuration, diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let place = diagnostic
        .place
        .map(|place| configuration.sources.location(place));
    let place = place.map_or_else(String::new, |at| {
        format!(" {}:{}:{}", at.file, at.line, at.column)
    });
    format!(
        "{severity}{place}: {}. {}\n",
        diagnostic.summary, diagnostic.detail
    )
}

/// Whether all of these stand in the text, with the text in the message if not.
pub(crate) fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in:\n{text}");
    }
}

/// Text of this many parts, each made from its number.
pub(crate) fn parts(count: usize, mut part: impl FnMut(usize) -> String) -> String {
    (0..count).fold(String::new(), |text, at| text + &part(at))
}
