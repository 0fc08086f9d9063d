//! Which region a data source asks, which of them ask the same, and what an answer is: a thing of that region, or a value.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{InstanceId, Mirror, Outcome, Pair, Standing};
use crate::inventory::{Instance, Inventory, Mode, Name, Node, Scope};
use crate::schema;
use crate::symbol::PathStep;

/// Data sources that answer the same in every region, beside those of global services.
const ACCOUNT_WIDE: [&str; 14] = [
    "aws_arn",
    "aws_billing_service_account",
    "aws_caller_identity",
    "aws_canonical_user_id",
    "aws_default_tags",
    "aws_identitystore_",
    "aws_ip_ranges",
    "aws_kms_ciphertext",
    "aws_kms_secrets",
    "aws_organizations_",
    "aws_partition",
    "aws_pricing_product",
    "aws_regions",
    "aws_ssoadmin_",
];

/// What a catalogue of AWS answers: the same question means the same thing in each region, another question another.
const CATALOGUES: [&str; 4] = [
    "aws_ami",
    "aws_ssm_parameter",
    "aws_prefix_list",
    "aws_ec2_managed_prefix_list",
];

/// Whether an instance is a data source whose answer is of the region that it asks.
pub(crate) fn is_of_region(instance: &Instance) -> bool {
    instance.mode == Mode::Data
        && instance.scope == Scope::Regional
        && instance.ty.starts_with("aws_")
        && !ACCOUNT_WIDE.iter().any(|ty| instance.ty.starts_with(ty))
}

/// Whether an attribute of such a data source is a thing of the region, as an id is. A value that somebody stored there is the
/// same everywhere once it is read.
pub(crate) fn is_thing(instance: &Instance, path: &[PathStep]) -> bool {
    let Some(PathStep::Name(name)) = path.first() else {
        return true;
    };
    let stored = matches!(
        &**name,
        "value"
            | "insecure_value"
            | "secret_string"
            | "secret_binary"
            | "plaintext"
            | "body"
            | "result"
            | "outputs"
            | "tags"
            | "description"
            | "names_and_values"
    );
    if stored {
        // Parameters of AWS hold ids of the region.
        return &*instance.ty == "aws_ssm_parameter" && names_aws(instance);
    }
    !name.contains("cidr")
}

/// Whether a parameter is one that AWS keeps in each region.
fn names_aws(instance: &Instance) -> bool {
    matches!(instance.values.get("name"), Some(Node::String(name)) if name.starts_with("/aws/"))
}

/// What a data source asks: all that can be set. `None` where nothing is.
pub(super) fn question(instance: &Instance) -> Option<BTreeMap<&str, &Node>> {
    let block = schema::data_source(&instance.ty)?;
    let asked = |name: &Name| {
        let attribute = block.attributes.get(name);
        block.blocks.contains_key(name)
            || attribute.is_some_and(|attribute| attribute.required || attribute.optional)
    };
    let values = instance.values.iter().filter(|(name, _)| asked(name));
    let found: BTreeMap<&str, &Node> = values.map(|(name, node)| (&**name, node)).collect();
    (!found.is_empty()).then_some(found)
}

/// Data sources as pairs and equals of others.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Those that ask what another one asks in the same region: that one.
    same: FxHashMap<InstanceId, InstanceId>,
    /// Pairs by name that ask for different things, or may.
    unlike: rustc_hash::FxHashSet<InstanceId>,
    /// Of what it is not known whether it has a counterpart: why.
    open: FxHashMap<InstanceId, Vec<Name>>,
}

impl Found {
    /// Of an inventory: which ask the same.
    pub(super) fn new(inventory: &Inventory, standing: &dyn Fn(InstanceId) -> Standing) -> Self {
        let mut found = Found::default();
        let mut first: BTreeMap<(Standing, Name, String), InstanceId> = BTreeMap::new();
        for (at, instance) in inventory.instances.iter().enumerate() {
            if !is_of_region(instance) {
                continue;
            }
            let id = InstanceId(u32::try_from(at).unwrap_or(u32::MAX));
            if let Some(asked) = question(instance) {
                let key = (standing(id), instance.ty.clone(), format!("{asked:?}"));
                let one = *first.entry(key).or_insert(id);
                if one != id {
                    found.same.insert(id, one);
                }
            }
        }
        found
    }

    /// The first one that asks the same in the same region.
    pub(super) fn first(&self, id: InstanceId) -> InstanceId {
        self.same.get(&id).copied().unwrap_or(id)
    }

    /// Whether a pair is one in name only.
    pub(super) fn is_unlike(&self, id: InstanceId) -> bool {
        self.unlike.contains(&id)
    }

    /// Why it is not known what stands for an answer in the other region.
    pub(super) fn open(&self, id: InstanceId) -> &[Name] {
        self.open.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Compares what pairs ask, and says of what is left over that it may stand for each other.
    pub(super) fn compared(mut self, mirror: &Mirror<'_>) -> Self {
        for pair in mirror.pairs() {
            let Some(secondary) = pair.instance() else {
                continue;
            };
            let instance = mirror.instance(pair.primary);
            if !is_of_region(instance) || !CATALOGUES.contains(&&*instance.ty) {
                continue;
            }
            match alike(mirror, pair, secondary) {
                Outcome::Same => {}
                Outcome::Differs(_) => self.unlike.extend([pair.primary, secondary]),
                Outcome::Unknown(because) => {
                    for id in [pair.primary, secondary] {
                        self.unlike.insert(id);
                        self.open.insert(id, because.clone());
                    }
                }
            }
        }
        for (id, instance) in mirror.instances() {
            if !is_of_region(instance) || mirror.pairing.pair_of(id, None).is_some() {
                continue;
            }
            let known = question(instance).is_some_and(|asked| {
                CATALOGUES.contains(&&*instance.ty)
                    && asked.values().all(|node| node.is_wholly_known())
            });
            if !known {
                let why = format!("what {} finds", instance.address);
                self.open.insert(id, vec![why.into()]);
            }
        }
        self
    }
}

/// Whether both sides of a pair ask for the same.
fn alike(mirror: &Mirror<'_>, pair: &Pair, secondary: InstanceId) -> Outcome {
    let (one, other) = (mirror.instance(pair.primary), mirror.instance(secondary));
    // Parameters of one's own have names of one's own.
    if &*one.ty == "aws_ssm_parameter" && !names_aws(one) && !names_aws(other) {
        return Outcome::Same;
    }
    let (Some(asked), Some(others)) = (question(one), question(other)) else {
        return Outcome::Same;
    };
    let bare = |asked: &BTreeMap<&str, &Node>| mirror.roles.bare(&format!("{asked:?}"));
    let known = |asked: &BTreeMap<&str, &Node>| asked.values().all(|node| node.is_wholly_known());
    if known(&asked) && known(&others) && bare(&asked) == bare(&others) {
        return Outcome::Same;
    }
    let names: std::collections::BTreeSet<&str> =
        asked.keys().chain(others.keys()).copied().collect();
    names
        .into_iter()
        .filter(|name| !matches!(*name, "most_recent" | "include_deprecated" | "region"))
        .map(|name| {
            mirror.compare_sets(pair.id, asked.get(name).copied(), others.get(name).copied())
        })
        .fold(Outcome::Same, Outcome::and)
}
