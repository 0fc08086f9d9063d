//! Several roots that make one estate, as `dr.hcl` names them, linked where one reads the state of another.

mod document;
mod link;
mod reading;
mod remote;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::boundary::{Boundary, lexical, read_given};
use super::config::{Configuration, Name};
use super::{Edited, GivenVariable, LoadError, Request};
use crate::diagnostic::Diagnostic;
use crate::source::{Location, Sources, Span};
use document::RootBlock;
use reading::Read;

/// Roots of one estate.
const MOST_ROOTS: usize = 1_000;

/// Which estate to load, and with which inputs.
#[derive(Clone, Debug, Default)]
pub struct EstateRequest {
    /// The file, usually `dr.hcl`. Paths in it are relative to its directory.
    pub file: PathBuf,
    /// Directory that files may be read from; else the repository that holds the file, else its directory.
    pub boundary: Option<PathBuf>,
    /// The environment: `TF_VAR_*`, `TF_WORKSPACE`, `AWS_REGION`.
    pub environment: BTreeMap<String, String>,
    /// Accounts by region that count more than those of the file.
    pub accounts: BTreeMap<String, String>,
    /// Take `AWS_REGION` for providers that name no region.
    pub use_environment_region: bool,
    /// What is read instead of what files hold.
    pub edited: Edited,
}

/// An estate.
#[derive(Debug)]
pub struct Estate {
    /// Its name.
    pub name: Option<Name>,
    /// Its roots, in the order of the file.
    pub roots: Vec<Root>,
    /// Accounts by region.
    pub accounts: BTreeMap<String, String>,
    /// Availability zones by region.
    pub zones: BTreeMap<String, Vec<String>>,
    /// The file itself; the places of `diagnostics` lie in it.
    pub sources: Arc<Sources>,
    /// What is odd about the file. What is wrong with a root is with that root.
    pub diagnostics: Vec<Diagnostic>,
}

/// A root of an estate.
#[derive(Debug)]
pub struct Root {
    /// Its name in the file.
    pub name: Name,
    /// What it was loaded with.
    pub request: Request,
    /// Its configuration; `None` for a root that is known by documents only.
    pub configuration: Option<Arc<Configuration>>,
    /// A plan of it.
    pub plan: Option<PathBuf>,
    /// A state of it.
    pub state: Option<PathBuf>,
    /// A saved inventory of it.
    pub inventory: Option<PathBuf>,
}

/// An estate that cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub struct EstateError {
    /// The file as it was given.
    pub path: String,
    /// Where in it.
    pub location: Option<Location>,
    /// What was seen and what to do.
    pub message: String,
}

impl std::fmt::Display for EstateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.location {
            Some(at) => write!(
                f,
                "{}:{}:{}: {}",
                self.path, at.line, at.column, self.message
            ),
            None => write!(f, "{}: {}", self.path, self.message),
        }
    }
}

impl EstateError {
    fn whole(path: &str, message: impl Into<String>) -> Self {
        EstateError {
            path: path.into(),
            location: None,
            message: message.into(),
        }
    }
}

/// Loads all roots of an estate.
///
/// # Errors
/// When the file cannot be read, is no estate, or one of its roots cannot be loaded at all.
pub fn load(request: &EstateRequest) -> Result<Estate, EstateError> {
    let shown = request.file.to_string_lossy().replace('\\', "/");
    let sources = Arc::new(Sources::new());
    let text = read_given(&request.file)
        .map_err(|why| EstateError::whole(&shown, format!("cannot be read: {why}")))?;
    let read = reading::read(&shown, text, &sources)?;
    let loading = Loading::new(request, &shown, &read)?;
    let mut roots = Vec::new();
    for (name, block) in &read.document.root.0 {
        roots.push(loading.root(name, block)?);
    }
    if roots.len() > MOST_ROOTS {
        return Err(EstateError::whole(
            &shown,
            format!("more than {MOST_ROOTS} roots"),
        ));
    }
    let wanted = read
        .document
        .root
        .0
        .iter()
        .map(|(_, block)| &block.outputs_of)
        .collect::<Vec<_>>();
    let roots = link::link(roots, &wanted, |root, message| {
        loading.refused(root, "outputs_of", message)
    })?;
    Ok(Estate {
        name: read
            .document
            .estate
            .0
            .first()
            .map(|(name, _)| Name::from(name.as_str())),
        roots,
        accounts: loading.accounts,
        zones: read.document.zones,
        sources,
        diagnostics: read.told,
    })
}

/// What all roots have in common while they are loaded.
struct Loading<'a> {
    request: &'a EstateRequest,
    read: &'a Read,
    boundary: Boundary,
    accounts: BTreeMap<String, String>,
    zones: BTreeMap<String, Vec<String>>,
}

impl<'a> Loading<'a> {
    fn new(request: &'a EstateRequest, shown: &str, read: &'a Read) -> Result<Self, EstateError> {
        let directory = match request.file.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let boundary = Boundary::around(directory, request.boundary.as_deref())
            .map_err(|error| EstateError::whole(shown, error.message))?;
        let mut accounts = BTreeMap::new();
        for (_, estate) in &read.document.estate.0 {
            accounts.extend(estate.accounts.clone());
        }
        let wrong = accounts
            .iter()
            .find(|(_, id)| !crate::world::is_account(id));
        if let Some((region, id)) = wrong {
            let message = format!("the account {id:?} of {region} is no ID of twelve digits");
            return Err(reading::at(
                &read.file,
                span(read, "estate", None, "accounts"),
                message,
            ));
        }
        accounts.extend(request.accounts.clone());
        Ok(Loading {
            request,
            read,
            boundary,
            accounts,
            zones: read.document.zones.clone(),
        })
    }

    /// An error about one argument of a root.
    fn refused(&self, root: &str, argument: &str, message: String) -> EstateError {
        reading::at(
            &self.read.file,
            span(self.read, "root", Some(root), argument),
            message,
        )
    }

    fn root(&self, name: &str, block: &RootBlock) -> Result<Root, EstateError> {
        let documents = [
            ("plan", &block.plan),
            ("state", &block.state),
            ("inventory", &block.inventory),
        ];
        let mut found = Vec::new();
        for (argument, path) in documents {
            let inside = |path: &String| self.inside(name, argument, Path::new(path));
            found.push(path.as_ref().map(inside).transpose()?);
        }
        let request = self.request_of(name, block)?;
        let configuration = match &request {
            Some(request) => {
                let refused = |error: LoadError| self.refused(name, "path", error.message);
                Some(Arc::new(super::load(request).map_err(refused)?))
            }
            None if found.iter().all(Option::is_none) => {
                let message = format!(
                    "root {name:?} has no path; add path = \"DIR\", or a plan, state or inventory"
                );
                return Err(self.refused(name, "path", message));
            }
            None => None,
        };
        let mut documents = found.into_iter();
        let mut next = || documents.next().flatten();
        Ok(Root {
            name: name.into(),
            request: request.unwrap_or_default(),
            configuration,
            plan: next(),
            state: next(),
            inventory: next(),
        })
    }

    fn request_of(&self, name: &str, block: &RootBlock) -> Result<Option<Request>, EstateError> {
        let Some(path) = &block.path else {
            return Ok(None);
        };
        Ok(Some(Request {
            root: self.inside(name, "path", Path::new(path))?,
            boundary: Some(self.boundary.limit().to_path_buf()),
            variables: block
                .var_files
                .iter()
                .cloned()
                .map(GivenVariable::Own)
                .collect(),
            environment: self.request.environment.clone(),
            workspace: block.workspace.clone(),
            accounts: self.accounts.clone(),
            use_environment_region: self.request.use_environment_region,
            zones: self.zones.clone(),
            remote_outputs: BTreeMap::new(),
            edited: self.request.edited.clone(),
        }))
    }

    /// A path of the file, which must lie inside of the boundary: an estate that is checked is not to be trusted.
    fn inside(&self, root: &str, argument: &str, path: &Path) -> Result<PathBuf, EstateError> {
        self.boundary
            .find(path)
            .map(|_| lexical(&self.boundary.root().join(path)))
            .map_err(|why| self.refused(root, argument, format!("{argument}: {why}")))
    }
}

/// Where an argument of a block stands; the block, where it has no such argument.
fn span(read: &Read, ty: &str, label: Option<&str>, argument: &str) -> Span {
    let ast = &read.file.ast;
    let labelled = |block| label.is_none_or(|label| ast.label_texts(block).first() == Some(&label));
    let block = ast
        .blocks(ast.root)
        .iter()
        .find(|block| ast.slice(block.name) == ty && labelled(block));
    block.map_or_else(Span::default, |block| {
        let found = ast
            .attributes(block.body)
            .iter()
            .find(|attribute| ast.slice(attribute.name) == argument);
        found.map_or(block.name, |attribute| ast.expr(attribute.value).span)
    })
}
