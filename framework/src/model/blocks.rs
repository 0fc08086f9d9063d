//! Fields that are nested blocks. Blocks are never null: an absent one is an empty list, set or map, or no single block.

use std::collections::BTreeMap;

use cty::{Path, PathError, Type};

use super::{Model, Source};
use crate::schema::{Block, BlockNesting};

/// A field that is a nested block.
pub trait BlockField: Sized {
    /// How many there can be.
    const NESTING: BlockNesting;
    /// The schema of one.
    fn block() -> Block;
    /// Reads the block or blocks.
    ///
    /// # Errors
    /// When the value is of another type.
    fn read(value: &cty::Value, path: &Path) -> Result<Self, PathError>;
    /// Writes the block or blocks.
    fn write(&self) -> cty::Value;
}

/// Fields write values of their own type, so a collection of them always fits.
const FITS: &str = "each block is written with the type of its schema";

impl<M: Model> BlockField for Option<M> {
    const NESTING: BlockNesting = BlockNesting::Single;

    fn block() -> Block {
        M::block()
    }

    fn read(value: &cty::Value, path: &Path) -> Result<Self, PathError> {
        if value.is_null() {
            Ok(None)
        } else {
            M::read(&Source {
                value,
                path: path.clone(),
            })
            .map(Some)
        }
    }

    fn write(&self) -> cty::Value {
        self.as_ref()
            .map_or_else(|| cty::Value::null(M::ty()), Model::write)
    }
}

/// A block that always is there, its attributes null where it was not written.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Group<M>(pub M);

impl<M: Model> BlockField for Group<M> {
    const NESTING: BlockNesting = BlockNesting::Group;

    fn block() -> Block {
        M::block()
    }

    fn read(value: &cty::Value, path: &Path) -> Result<Self, PathError> {
        M::read(&Source {
            value,
            path: path.clone(),
        })
        .map(Group)
    }

    fn write(&self) -> cty::Value {
        self.0.write()
    }
}

/// Blocks in order. `unknown` while a `dynamic` block does not know yet how many there will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocks<M> {
    /// The blocks.
    pub items: Vec<M>,
    /// Whether their number is not known yet; then `items` is empty.
    pub unknown: bool,
}

impl<M> Default for Blocks<M> {
    fn default() -> Self {
        Blocks {
            items: Vec::new(),
            unknown: false,
        }
    }
}

impl<M> From<Vec<M>> for Blocks<M> {
    fn from(items: Vec<M>) -> Self {
        Blocks {
            items,
            unknown: false,
        }
    }
}

impl<M: Model> BlockField for Blocks<M> {
    const NESTING: BlockNesting = BlockNesting::List;

    fn block() -> Block {
        M::block()
    }

    fn read(value: &cty::Value, path: &Path) -> Result<Self, PathError> {
        let Some(elements) = value.elements() else {
            return Ok(Blocks {
                items: Vec::new(),
                unknown: !value.is_known(),
            });
        };
        let items: Result<Vec<M>, PathError> = elements
            .iter()
            .enumerate()
            .map(|(i, value)| {
                M::read(&Source {
                    value,
                    path: path.index(i),
                })
            })
            .collect();
        Ok(Blocks::from(items?))
    }

    fn write(&self) -> cty::Value {
        if self.unknown {
            return cty::Value::unknown(Type::list(M::ty()));
        }
        cty::Value::list(M::ty(), self.items.iter().map(Model::write).collect()).expect(FITS)
    }
}

/// Blocks without order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetBlocks<M>(pub Blocks<M>);

impl<M: Model> BlockField for SetBlocks<M> {
    const NESTING: BlockNesting = BlockNesting::Set;

    fn block() -> Block {
        M::block()
    }

    fn read(value: &cty::Value, path: &Path) -> Result<Self, PathError> {
        let Some(elements) = value.elements() else {
            return Ok(SetBlocks(Blocks {
                items: Vec::new(),
                unknown: !value.is_known(),
            }));
        };
        let items: Result<Vec<M>, PathError> = elements
            .iter()
            .map(|value| {
                M::read(&Source {
                    value,
                    path: path.element(value.clone()),
                })
            })
            .collect();
        Ok(SetBlocks(Blocks::from(items?)))
    }

    fn write(&self) -> cty::Value {
        if self.0.unknown {
            return cty::Value::unknown(Type::set(M::ty()));
        }
        cty::Value::set(M::ty(), self.0.items.iter().map(Model::write).collect()).expect(FITS)
    }
}

/// Blocks by their label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapBlocks<M> {
    /// The blocks.
    pub items: BTreeMap<String, M>,
    /// Whether their labels are not known yet; then `items` is empty.
    pub unknown: bool,
}

impl<M: Model> BlockField for MapBlocks<M> {
    const NESTING: BlockNesting = BlockNesting::Map;

    fn block() -> Block {
        M::block()
    }

    fn read(value: &cty::Value, path: &Path) -> Result<Self, PathError> {
        let Some(entries) = value.entries() else {
            return Ok(MapBlocks {
                items: BTreeMap::new(),
                unknown: !value.is_known(),
            });
        };
        let items: Result<_, PathError> = entries
            .iter()
            .map(|(key, value)| {
                Ok((
                    key.to_string(),
                    M::read(&Source {
                        value,
                        path: path.key(key),
                    })?,
                ))
            })
            .collect();
        Ok(MapBlocks {
            items: items?,
            unknown: false,
        })
    }

    fn write(&self) -> cty::Value {
        if self.unknown {
            return cty::Value::unknown(Type::map(M::ty()));
        }
        cty::Value::map(
            M::ty(),
            self.items.iter().map(|(key, block)| (key, block.write())),
        )
        .expect(FITS)
    }
}
