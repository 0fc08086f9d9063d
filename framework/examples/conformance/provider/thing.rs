//! `conf_thing`: every kind of attribute, identity, import, drift.

use std::collections::BTreeMap;

use terraform_framework::cty::Number;
use terraform_framework::model::Dynamic;
use terraform_framework::private::Private;
use terraform_framework::resource::{
    Applied, ApplyRequest, ImportFrom, Imported, Plan, PlanRequest, Resource,
};
use terraform_framework::timeouts::Timeouts;
use terraform_framework::validate::{between, conflicts_with, length, one_of};
use terraform_framework::{Cx, Diagnostics, Model, Nested, Set, Value, async_trait};

use super::Store;

/// A part of a thing.
#[derive(Model, Clone, Debug, Default)]
pub(crate) struct Part {
    /// Name of the part.
    #[attr(required, validate = length(1, 20))]
    pub(crate) label: Value<String>,
    /// How many. Default: 1.
    #[attr(optional, default = 1, validate = between(1, 99))]
    pub(crate) count: Value<i64>,
    /// Material; a change needs a new thing.
    #[attr(optional, replace)]
    pub(crate) material: Value<String>,
    /// Serial number, given on creation.
    #[attr(computed, keep)]
    pub(crate) serial: Value<String>,
}

/// A thing with every kind of attribute.
#[derive(Model, Clone, Debug, Default)]
pub(crate) struct Thing {
    /// Name, unique. Changing it makes a new thing.
    #[attr(required, replace, validate = length(1, 30))]
    pub(crate) name: Value<String>,
    /// Identifier, `thing-` and the name.
    #[attr(computed, keep)]
    pub(crate) id: Value<String>,
    /// Counts the updates.
    #[attr(computed)]
    pub(crate) revision: Value<i64>,
    /// Colour. Default: `red`.
    #[attr(optional, default = "red", validate = one_of(["red", "green", "blue"]))]
    pub(crate) color: Value<String>,
    /// Whether it is switched on.
    #[attr(optional)]
    pub(crate) on: Value<bool>,
    /// An exact number of any size.
    #[attr(optional)]
    pub(crate) exact: Value<Number>,
    /// Zone; chosen if not set. Setting another makes a new thing.
    #[attr(optional, computed, keep, replace_if_configured)]
    pub(crate) zone: Value<String>,
    /// Words in order.
    #[attr(optional)]
    pub(crate) words: Value<Vec<Value<String>>>,
    /// Words without order.
    #[attr(optional)]
    pub(crate) labels: Value<Set<Value<String>>>,
    /// Words by key.
    #[attr(optional)]
    pub(crate) tags: Value<BTreeMap<String, Value<String>>>,
    /// Anything.
    #[attr(optional)]
    pub(crate) anything: Value<Dynamic>,
    /// A password; not shown.
    #[attr(optional, sensitive, validate = length(4, 40))]
    pub(crate) password: Value<String>,
    /// A key that is passed on and forgotten.
    #[attr(optional, write_only)]
    pub(crate) key: Value<String>,
    /// Passes the key on again when it grows.
    #[attr(optional)]
    pub(crate) key_version: Value<i64>,
    /// Length of the key that was passed on last.
    #[attr(computed, keep)]
    pub(crate) key_length: Value<i64>,
    /// An older name of `color`.
    #[attr(optional, deprecated = "Use color instead")]
    pub(crate) paint: Value<String>,
    /// A JSON document; spelling and order of keys do not matter.
    #[attr(optional)]
    pub(crate) document: Value<String>,
    /// The main part.
    #[attr(optional)]
    pub(crate) main_part: Value<Nested<Part>>,
    /// Parts in order.
    #[attr(optional)]
    pub(crate) parts: Value<Vec<Value<Nested<Part>>>>,
    /// Parts without order.
    #[attr(optional)]
    pub(crate) spares: Value<Set<Value<Nested<Part>>>>,
    /// Parts by place.
    #[attr(optional)]
    pub(crate) places: Value<BTreeMap<String, Value<Nested<Part>>>>,
    /// How long operations may take.
    #[block]
    pub(crate) timeouts: Timeouts<60, 60, 60>,
}

/// What names a thing.
#[derive(Model, Clone, Debug)]
pub(crate) struct ThingIdentity {
    /// Name of the thing.
    #[attr(required)]
    pub(crate) name: Value<String>,
}

/// Gives every part its serial number.
fn assemble(thing: &mut Thing) {
    let name = thing.name.text().unwrap_or_default().to_owned();
    let number = |part: &mut Part, place: String| {
        if part.serial.known().is_none() {
            part.serial = format!("{name}-{place}").into();
        }
    };
    if let Value::Known(part) = &mut thing.main_part {
        number(&mut part.0, "main".to_owned());
    }
    for (i, part) in known(&mut thing.parts).into_iter().flatten().enumerate() {
        part.iter_mut_known(|p| number(p, i.to_string()));
    }
    for part in known(&mut thing.spares).into_iter().flat_map(|s| &mut s.0) {
        part.iter_mut_known(|p| {
            let place = p.label.text().unwrap_or_default().to_owned();
            number(p, place);
        });
    }
    for (place, part) in known(&mut thing.places).into_iter().flatten() {
        part.iter_mut_known(|p| number(p, place.clone()));
    }
}

fn known<T>(value: &mut Value<T>) -> Option<&mut T> {
    if let Value::Known(value) = value {
        Some(value)
    } else {
        None
    }
}

trait IterMutKnown {
    fn iter_mut_known(&mut self, edit: impl FnMut(&mut Part));
}

impl IterMutKnown for Value<Nested<Part>> {
    fn iter_mut_known(&mut self, mut edit: impl FnMut(&mut Part)) {
        if let Value::Known(part) = self {
            edit(&mut part.0);
        }
    }
}

/// What the API makes of a plan.
fn realised(mut thing: Thing, config: &Thing, revision: i64) -> Thing {
    let name = thing.name.text().unwrap_or_default().to_owned();
    thing.id = format!("thing-{name}").into();
    thing.revision = revision.into();
    if thing.zone.is_unknown() {
        thing.zone = "zone-1".into();
    }
    if thing.key_length.is_unknown() {
        thing.key_length = config
            .key
            .text()
            .and_then(|key| i64::try_from(key.len()).ok())
            .into();
    }
    assemble(&mut thing);
    thing
}

fn same_json(a: &str, b: &str) -> bool {
    let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    a == b || (parse(a).is_some() && parse(a) == parse(b))
}

/// The resource.
pub(crate) struct Things;

impl Things {
    fn save(cx: &Cx<Store>, thing: &Thing, diags: &mut Diagnostics) {
        if let Err(error) = cx.client().put(thing.id.text().unwrap_or_default(), thing) {
            diags.error("The thing was not saved", error.to_string());
        }
    }
}

#[async_trait]
impl Resource for Things {
    type Client = Store;
    type Model = Thing;
    type Identity = ThingIdentity;

    fn name(&self) -> &'static str {
        "conf_thing"
    }

    fn version(&self) -> i64 {
        2
    }

    fn upgrade(
        &self,
        version: i64,
        mut state: serde_json::Value,
    ) -> Result<serde_json::Value, String> {
        if version < 1 {
            return Err("things of version 0 were clay; make them anew".to_owned());
        }
        // Version 1 called the colour hue.
        let entries = state.as_object_mut().ok_or("a state is an object")?;
        let hue = entries.remove("hue").unwrap_or_default();
        entries.insert("color".to_owned(), hue);
        Ok(state)
    }

    fn identity(&self, model: &Thing) -> Option<ThingIdentity> {
        Some(ThingIdentity {
            name: model.name.clone(),
        })
    }

    async fn validate(&self, config: &Thing, diags: &mut Diagnostics) {
        conflicts_with(
            &[
                ("color", (&config.color).into()),
                ("paint", (&config.paint).into()),
            ],
            diags,
        );
    }

    async fn plan(
        &self,
        _: &Cx<Store>,
        request: PlanRequest<'_, Thing>,
        plan: &mut Plan<Thing>,
        diags: &mut Diagnostics,
    ) {
        let Some(prior) = request.prior else { return };
        let passed_on = plan.planned.key_version != prior.key_version;
        plan.planned.key_length = if passed_on {
            Value::UNKNOWN
        } else {
            prior.key_length.clone()
        };
        // Another spelling of the same document is no change, and the revision grows with changes only.
        if let (Some(was), Some(will)) = (prior.document.text(), plan.planned.document.text())
            && same_json(was, will)
        {
            plan.planned.document = prior.document.clone();
            if unchanged_but_revision(prior, &plan.planned) {
                plan.planned = prior.clone();
            }
        }
        if prior.on == Value::Known(true) && request.config.on == Value::Known(false) {
            diags.warning("The thing is switched off", "Nothing it does will be done.");
        }
    }

    async fn create(
        &self,
        cx: &Cx<Store>,
        request: ApplyRequest<Thing>,
        diags: &mut Diagnostics,
    ) -> Applied<Thing> {
        let thing = realised(request.planned, &request.config, 1);
        Self::save(cx, &thing, diags);
        Applied {
            state: Some(thing),
            private: request.private,
        }
    }

    async fn read(
        &self,
        cx: &Cx<Store>,
        state: Thing,
        _: &mut Private,
        _: &mut Diagnostics,
    ) -> Option<Thing> {
        if !cx.client().is_real() {
            return Some(state);
        }
        let mut found: Thing = cx.client().get(state.id.text()?)?;
        if let (Some(stored), Some(real)) = (state.document.text(), found.document.text())
            && same_json(stored, real)
        {
            found.document = state.document.clone();
        }
        found.timeouts = state.timeouts;
        Some(found)
    }

    async fn update(
        &self,
        cx: &Cx<Store>,
        request: ApplyRequest<Thing>,
        diags: &mut Diagnostics,
    ) -> Applied<Thing> {
        let revision = request
            .prior
            .and_then(|p| p.revision.known().copied())
            .unwrap_or_default();
        let thing = realised(request.planned, &request.config, revision + 1);
        Self::save(cx, &thing, diags);
        Applied {
            state: Some(thing),
            private: request.private,
        }
    }

    async fn delete(&self, cx: &Cx<Store>, state: Thing, _: &Private, _: &mut Diagnostics) {
        cx.client().remove(state.id.text().unwrap_or_default());
    }

    async fn import(
        &self,
        cx: &Cx<Store>,
        from: ImportFrom<ThingIdentity>,
        diags: &mut Diagnostics,
    ) -> Option<Imported<Thing>> {
        let name = match &from {
            ImportFrom::Id(id) => id.strip_prefix("thing-").unwrap_or_default(),
            ImportFrom::Identity(identity) => identity.name.text().unwrap_or_default(),
        };
        if name.is_empty() {
            diags.error(
                "This is not the id of a thing",
                format!("{from:?} was given; expected `thing-NAME`, such as `thing-lamp`."),
            );
            return None;
        }
        let id = format!("thing-{name}");
        let state = cx.client().get(&id).unwrap_or(Thing {
            id: id.into(),
            name: name.into(),
            ..Thing::default()
        });
        Some(Imported {
            state,
            private: Private::default(),
        })
    }
}

fn unchanged_but_revision(prior: &Thing, planned: &Thing) -> bool {
    let planned = Thing {
        revision: prior.revision.clone(),
        ..planned.clone()
    };
    planned.write() == prior.write()
}
