//! Elements of lists and sets, also of a set that is unknown as a whole because one of its elements is.

use crate::inventory::{Name, Node, Sealer};
use crate::symbol::Symbol;

/// The elements.
///
/// # Errors
/// Why they are not known.
pub(crate) fn of(node: Option<&Node>) -> Result<Vec<Node>, Vec<Name>> {
    match node {
        None | Some(Node::Null) => Ok(Vec::new()),
        Some(Node::List(nodes) | Node::Set(nodes)) => Ok(nodes.to_vec()),
        Some(Node::Unknown(unknown)) => {
            if unknown.because.iter().all(|reason| &**reason == "aws") {
                return Ok(Vec::new());
            }
            let Some(Symbol::Call {
                function,
                arguments,
            }) = unknown.symbol.as_deref()
            else {
                return Err(unknown.because.clone());
            };
            let elements = match arguments.as_slice() {
                [only] if matches!(&**function, "toset" | "tolist" | "distinct" | "compact") => {
                    only.elements()
                }
                _ => None,
            };
            let Some(elements) = elements else {
                return Err(unknown.because.clone());
            };
            // What is secret is no element that anybody compares here.
            let sealer = Sealer::with_key(Vec::new());
            Ok(elements
                .iter()
                .map(|value| Node::from_value(value, &sealer).unwrap_or(Node::Null))
                .collect())
        }
        Some(Node::Sensitive(_)) => Err(vec!["a sensitive value".into()]),
        Some(_) => Err(vec!["a value of another type".into()]),
    }
}

/// The entry of an object.
pub(crate) fn entry<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    match node {
        Node::Object(nodes) | Node::Map(nodes) => nodes.get(name),
        Node::Unknown(_) => Some(node),
        _ => None,
    }
}
