//! A configuration as it was written: modules, their objects, and where each stands. Nothing is evaluated.

use std::collections::BTreeMap;
use std::sync::Arc;

use cty::Value;

use crate::diagnostic::Diagnostic;
use crate::functions::Environment;
use crate::source::{FileId, Place, SourceFile, Sources, Span};
use crate::syntax::ast::{Block, Body, ExprId};

/// Shared text.
pub type Name = Arc<str>;

/// An expression in one of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprRef {
    /// The file.
    pub file: FileId,
    /// The expression.
    pub id: ExprId,
}

/// `name = value`, wherever it came from after overrides were merged.
#[derive(Clone, Copy, Debug)]
pub struct Argument {
    /// The value.
    pub value: ExprRef,
    /// Where the name stands.
    pub name: Span,
}

impl Argument {
    /// Where the name stands.
    pub fn place(&self) -> Place {
        Place {
            file: self.value.file,
            span: self.name,
        }
    }
}

/// A nested block.
#[derive(Clone, Debug)]
pub struct Nested {
    /// What it makes: its type, or what a `dynamic` block names.
    pub ty: Name,
    /// Whether it is a `dynamic` block.
    pub dynamic: bool,
    /// The file.
    pub file: FileId,
    /// The block.
    pub block: Block,
}

impl Nested {
    /// A block of a file.
    pub fn new(file: &SourceFile, block: &Block) -> Self {
        let name = file.ast.slice(block.name);
        let label = file.ast.label_texts(block).first().copied();
        let dynamic = name == "dynamic";
        Nested {
            ty: if dynamic {
                label.unwrap_or_default()
            } else {
                name
            }
            .into(),
            dynamic,
            file: file.id,
            block: *block,
        }
    }
}

/// What a block holds after override files were merged: arguments by name, nested blocks in order. Meta-arguments and
/// meta-blocks are taken out of what belongs to a resource.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// Arguments.
    pub arguments: BTreeMap<Name, Argument>,
    /// Nested blocks, `dynamic` among them.
    pub blocks: Vec<Nested>,
    /// From the JSON form: blocks may stand among the arguments.
    pub json: bool,
    /// A syntax error lies in it: what seems to be missing may have been there.
    pub damaged: bool,
}

/// A body that is read as it stands, such as that of a nested block.
#[derive(Clone, Copy, Debug)]
pub struct BodyRef {
    /// The file.
    pub file: FileId,
    /// The body.
    pub body: Body,
}

/// An input variable.
#[derive(Clone, Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an argument of its own"
)]
pub struct Variable {
    /// Its type constraint; any type where there is none.
    pub ty: Option<ExprRef>,
    /// Its default.
    pub default: Option<Argument>,
    /// Whether null may stand in it; else a null becomes the default.
    pub nullable: bool,
    /// Whether its value must not be shown.
    pub sensitive: bool,
    /// Whether its value exists only while Terraform runs.
    pub ephemeral: bool,
    /// Where its name stands.
    pub place: Place,
    /// A syntax error lies in it.
    pub damaged: bool,
}

/// An output value.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its value; `None` where the block is broken.
    pub value: Option<Argument>,
    /// Whether its value must not be shown.
    pub sensitive: bool,
    /// Whether its value exists only while Terraform runs.
    pub ephemeral: bool,
    /// Where it stands.
    pub place: Place,
}

/// Whether Terraform makes it or only reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// `resource`
    Managed,
    /// `data`
    Data,
    /// `ephemeral`
    Ephemeral,
}

/// What identifies a resource in its module.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceKey {
    /// Managed, data or ephemeral.
    pub mode: Mode,
    /// Its type, as `aws_vpc`.
    pub ty: Name,
    /// Its name.
    pub name: Name,
}

/// A provider configuration as a module names it: `aws`, `aws.secondary`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderRef {
    /// The local name.
    pub name: Name,
    /// The alias.
    pub alias: Option<Name>,
}

/// A resource, data source or ephemeral resource before expansion.
#[derive(Clone, Debug)]
pub struct Resource {
    /// `count`
    pub count: Option<Argument>,
    /// `for_each`
    pub for_each: Option<Argument>,
    /// The `provider` argument.
    pub provider: Option<(ProviderRef, Place)>,
    /// `depends_on`, as written.
    pub depends_on: Vec<ExprRef>,
    /// `lifecycle.ignore_changes`, names of the first level; `*` for all.
    pub ignore_changes: Vec<Name>,
    /// Everything that is not a meta-argument.
    pub content: Content,
    /// Where its type and name stand.
    pub place: Place,
}

/// Where a module call leads.
#[derive(Clone, Debug)]
pub enum Target {
    /// To a module that was read.
    Module(ModuleId),
    /// Nowhere that can be read. The text says why and what would settle it: its outputs are unknown.
    Opaque(Name),
}

/// A module call.
#[derive(Clone, Debug)]
pub struct ModuleCall {
    /// Where it leads.
    pub target: Target,
    /// Its source as written, if it is plain text.
    pub source: Option<Name>,
    /// `count`
    pub count: Option<Argument>,
    /// `for_each`
    pub for_each: Option<Argument>,
    /// The `providers` map: the child's name, the name here.
    pub providers: Vec<(ProviderRef, ProviderRef)>,
    /// Whether there is a `providers` map at all.
    pub has_providers: bool,
    /// Values of the child's variables.
    pub arguments: BTreeMap<Name, Argument>,
    /// Where it stands.
    pub place: Place,
    /// A syntax error lies in it.
    pub damaged: bool,
}

/// A `provider` block.
#[derive(Clone, Debug)]
pub struct ProviderBlock {
    /// What it configures.
    pub provider: ProviderRef,
    /// Its arguments.
    pub content: Content,
    /// Where it stands.
    pub place: Place,
}

/// An entry of `required_providers`.
#[derive(Clone, Debug)]
pub struct RequiredProvider {
    /// `hashicorp/aws`; `None` where only a version stands.
    pub source: Option<Name>,
    /// The version constraint, as written.
    pub version: Option<Name>,
    /// `configuration_aliases`, by alias.
    pub aliases: Vec<Name>,
}

/// `from` and `to` of a `moved` block, as written.
#[derive(Clone, Debug)]
pub struct Moved {
    /// The old address.
    pub from: Name,
    /// The new address.
    pub to: Name,
    /// Where it stands.
    pub place: Place,
}

/// Where a root keeps its state.
#[derive(Clone, Debug)]
pub struct Backend {
    /// `s3`, `cloud`, …
    pub ty: Name,
    /// Its settings.
    pub content: Content,
    /// Where it stands.
    pub place: Place,
}

/// What `terraform init` settled of a backend that is written in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Initialised {
    /// Its type.
    pub ty: Name,
    /// Its region.
    pub region: Option<Name>,
    /// Its bucket.
    pub bucket: Option<Name>,
}

/// A module of a [`Configuration`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleId(pub u32);

/// The files of one directory. A directory that is called twice is read once.
#[derive(Clone, Debug)]
pub struct Module {
    /// Its directory relative to the root, with forward slashes: `.`, `modules/network`, `../shared`. What `path.module`
    /// gives.
    pub directory: Name,
    /// Input variables.
    pub variables: BTreeMap<Name, Variable>,
    /// Local values.
    pub locals: BTreeMap<Name, Argument>,
    /// Outputs.
    pub outputs: BTreeMap<Name, Output>,
    /// Resources, data sources, ephemeral resources.
    pub resources: BTreeMap<ResourceKey, Resource>,
    /// Module calls.
    pub calls: BTreeMap<Name, ModuleCall>,
    /// Provider blocks, in order.
    pub providers: Vec<ProviderBlock>,
    /// `required_providers`, by local name.
    pub required_providers: BTreeMap<Name, RequiredProvider>,
    /// `moved` blocks.
    pub moved: Vec<Moved>,
    /// Where the state is kept; only the root's counts.
    pub backend: Option<Backend>,
    /// A file of it could not be read at all, or has errors outside of blocks: what seems to be missing may be there.
    pub incomplete: bool,
}

impl Module {
    /// A root that declares nothing.
    pub fn empty() -> Self {
        Module {
            directory: ".".into(),
            variables: BTreeMap::new(),
            locals: BTreeMap::new(),
            outputs: BTreeMap::new(),
            resources: BTreeMap::new(),
            calls: BTreeMap::new(),
            providers: Vec::new(),
            required_providers: BTreeMap::new(),
            moved: Vec::new(),
            backend: None,
            incomplete: false,
        }
    }
}

/// A value that was given to a root variable.
#[derive(Clone, Debug)]
pub enum Given {
    /// From the command line or the environment: text, which is an expression when the variable's type is not primitive,
    /// and plain text when it is.
    Text {
        /// What was given.
        text: Name,
        /// From where, as people say it: `--var`, `TF_VAR_region`.
        origin: Name,
    },
    /// From a file: an expression without references.
    File(Argument),
    /// Evaluated already, for tests and saved inputs.
    Value(Value),
}

/// Everything that was read.
#[derive(Debug)]
pub struct Configuration {
    /// All files.
    pub sources: Arc<Sources>,
    /// All modules; the root is the first.
    pub modules: Vec<Module>,
    /// Values of the root's variables, the strongest source for each.
    pub inputs: BTreeMap<Name, Given>,
    /// The workspace's name.
    pub workspace: Name,
    /// Accounts by region, from `dr.hcl` or the command line.
    pub accounts: BTreeMap<Name, Name>,
    /// Availability zones by region, from `dr.hcl`.
    pub zones: BTreeMap<Name, Vec<Name>>,
    /// Outputs of other roots by the address of a `terraform_remote_state` data source.
    pub remote_outputs: BTreeMap<Name, RemoteOutputs>,
    /// `AWS_REGION`, when told to use it.
    pub default_region: Option<Name>,
    /// The backend, as the root was initialised last.
    pub initialised: Option<Initialised>,
    /// Files that functions may read.
    pub environment: Environment,
    /// What could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// Outputs of another root, by name; what is not known there is not known here.
pub type RemoteOutputs = BTreeMap<Name, Value>;

impl Configuration {
    /// The root module.
    ///
    /// # Panics
    /// Never: the root is always there, if empty.
    pub fn root(&self) -> &Module {
        &self.modules[0]
    }

    /// A module.
    pub fn module(&self, id: ModuleId) -> &Module {
        &self.modules[id.0 as usize]
    }
}
