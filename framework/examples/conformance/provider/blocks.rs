//! `conf_house`: blocks of every nesting.

use terraform_framework::identity::NoIdentity;
use terraform_framework::private::Private;
use terraform_framework::resource::{Applied, ApplyRequest, Resource};
use terraform_framework::validate::{between, one_of};
use terraform_framework::{
    Blocks, Cx, Diagnostics, Group, MapBlocks, Model, SetBlocks, Value, async_trait,
};

use super::Store;

/// A window.
#[derive(Model, Clone, Debug)]
pub(crate) struct Window {
    /// Where it looks.
    #[attr(required, validate = one_of(["north", "south"]))]
    pub(crate) side: Value<String>,
}

/// A room.
#[derive(Model, Clone, Debug)]
pub(crate) struct Room {
    /// What it is for.
    #[attr(required)]
    pub(crate) purpose: Value<String>,
    /// Square metres. Default: 10.
    #[attr(optional, default = 10, validate = between(1, 1000))]
    pub(crate) size: Value<i64>,
    /// Number on the door.
    #[attr(computed, keep)]
    pub(crate) number: Value<String>,
    /// Windows of the room.
    #[block]
    pub(crate) window: Blocks<Window>,
}

/// The roof.
#[derive(Model, Clone, Debug)]
pub(crate) struct Roof {
    /// What it is made of. Another needs a new house.
    #[attr(required, replace)]
    pub(crate) material: Value<String>,
}

/// The owner.
#[derive(Model, Clone, Debug)]
pub(crate) struct Owner {
    /// Who.
    #[attr(optional)]
    pub(crate) person: Value<String>,
}

/// A house with blocks of every nesting.
#[derive(Model, Clone, Debug)]
pub(crate) struct House {
    /// Where it stands.
    #[attr(required)]
    pub(crate) street: Value<String>,
    /// The roof, if there is one.
    #[block]
    pub(crate) roof: Option<Roof>,
    /// Rooms in order.
    #[block(max = 5)]
    pub(crate) room: Blocks<Room>,
    /// Doors without order.
    #[block]
    pub(crate) door: SetBlocks<Owner>,
    /// Gardens by name.
    #[block]
    pub(crate) garden: MapBlocks<Room>,
    /// The owner; always there, perhaps unknown to all.
    #[block]
    pub(crate) owner: Group<Owner>,
}

/// The resource.
pub(crate) struct Houses;

fn built(mut house: House) -> House {
    for (i, room) in house.room.items.iter_mut().enumerate() {
        room.number = room
            .number
            .clone()
            .into_known()
            .unwrap_or_else(|| format!("room {i}"))
            .into();
    }
    for (name, room) in &mut house.garden.items {
        room.number = room
            .number
            .clone()
            .into_known()
            .unwrap_or_else(|| format!("garden {name}"))
            .into();
    }
    house
}

#[async_trait]
impl Resource for Houses {
    type Client = Store;
    type Model = House;
    type Identity = NoIdentity;

    fn name(&self) -> &'static str {
        "conf_house"
    }

    async fn create(
        &self,
        _: &Cx<Store>,
        request: ApplyRequest<House>,
        _: &mut Diagnostics,
    ) -> Applied<House> {
        Applied {
            state: Some(built(request.planned)),
            private: request.private,
        }
    }

    async fn read(
        &self,
        _: &Cx<Store>,
        state: House,
        _: &mut Private,
        _: &mut Diagnostics,
    ) -> Option<House> {
        Some(state)
    }

    async fn update(
        &self,
        _: &Cx<Store>,
        request: ApplyRequest<House>,
        _: &mut Diagnostics,
    ) -> Applied<House> {
        Applied {
            state: Some(built(request.planned)),
            private: request.private,
        }
    }

    async fn delete(&self, _: &Cx<Store>, _: House, _: &Private, _: &mut Diagnostics) {}
}
