//! Global tables, as they are set by hand.

use async_trait::async_trait;

use super::refusal::Refusal;
use super::{Effect, FakeAws, Local};
use crate::tables::{Table, Tables};
use crate::{Error, ErrorKind, Region};

impl FakeAws {
    /// Adds a table of a region, or puts it in place of the one there.
    pub fn put_table(&self, region: &Region, table: Table) {
        let place = (region.clone(), table.name.clone());
        self.world().tables.insert(place, table);
    }
}

#[async_trait]
impl Tables for Local {
    async fn describe(&self, name: &str) -> Result<Table, Error> {
        self.answer("DescribeTable", name, |world| {
            let found = world.tables.get(&(self.region.clone(), name.to_owned()));
            let found = found.cloned().ok_or_else(|| {
                let (code, message) = ("ResourceNotFoundException", format!("no table {name}"));
                Refusal::of(ErrorKind::NotFound, "dynamodb", code, message)
            })?;
            Ok((found, Effect::Read))
        })
    }
}
