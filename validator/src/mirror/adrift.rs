//! Arguments that are not known and lead to nothing known: they may lead anywhere, and what is left proves no absence.

use rustc_hash::FxHashMap;

use super::{Graph, InstanceId, Roles, Standing};
use crate::inventory::{Inventory, Mode, Name, Node};

/// One such argument: whose it is, where that stands, and why it is not known.
#[derive(Debug)]
pub(super) struct Loose {
    pub(super) id: InstanceId,
    standing: Standing,
    pub(super) because: Vec<Name>,
}

/// All of them, by type and argument.
#[derive(Debug, Default)]
pub(super) struct Adrift(FxHashMap<Name, FxHashMap<Name, Vec<Loose>>>);

impl Adrift {
    pub(super) fn new(inventory: &Inventory, roles: &Roles, graph: &Graph) -> Self {
        let mut adrift = Adrift::default();
        for (at, instance) in inventory.instances.iter().enumerate() {
            let id = InstanceId(u32::try_from(at).unwrap_or(u32::MAX));
            if instance.mode != Mode::Managed {
                continue;
            }
            for (name, node) in &instance.values {
                let Some(because) = why(node).filter(|_| graph.targets(id, name).is_empty()) else {
                    continue;
                };
                let arguments = adrift.0.entry(instance.ty.clone()).or_default();
                arguments.entry(name.clone()).or_default().push(Loose {
                    id,
                    standing: roles.standing(id),
                    because,
                });
            }
        }
        adrift
    }

    /// Those of a type's argument that stand there, or may.
    pub(super) fn of(
        &self,
        ty: &str,
        argument: &str,
        standing: Standing,
    ) -> impl Iterator<Item = &Loose> {
        let all = self.0.get(ty).and_then(|arguments| arguments.get(argument));
        all.into_iter()
            .flatten()
            .filter(move |loose| loose.standing == standing || loose.standing == Standing::Unknown)
    }
}

/// Why a value is not known, where not AWS alone decides it.
fn why(node: &Node) -> Option<Vec<Name>> {
    let because = match node {
        Node::Unknown(unknown) => unknown.because.clone(),
        Node::Sensitive(sealed) if sealed.because.is_empty() => vec!["a sensitive value".into()],
        Node::Sensitive(sealed) => sealed.because.clone(),
        _ => return None,
    };
    (!super::decided_by_aws(&because)).then_some(because)
}
