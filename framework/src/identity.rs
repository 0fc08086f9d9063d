//! Resource identity: the few values that name an object for good.

use cty::PathError;

use crate::Model;
use crate::model::Source;
use crate::schema::Block;

/// For resources without an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoIdentity {}

impl Model for NoIdentity {
    fn block() -> Block {
        Block::default()
    }

    fn read(_: &Source<'_>) -> Result<Self, PathError> {
        Err(PathError::new(
            &cty::Path::root(),
            "the resource has no identity",
        ))
    }

    fn write(&self) -> cty::Value {
        match *self {}
    }
}
