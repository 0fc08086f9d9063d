//! Follows an expression to where its values come from: places, link by link, and the resources that it refers to.
//!
//! What is followed is what is written, not what is evaluated: `var.network.vpc_id` leads to the argument of the module call,
//! from there to the output of the other module, and on to `aws_vpc.this.id`.

mod like;
mod needed;
mod traversal;
mod walk;

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use super::expansion::Repetition;
use super::{ModuleInstance, World, names};
use crate::inventory::Link;
use crate::load::config::{Argument, ExprRef, Given, Mode, Name, ResourceKey, Variable};
use crate::source::Place;
use crate::symbol::PathStep;
use needed::Part as Wanted;
use traversal::{Part, Traversal};

/// Links of one chain: enough for any finding, and an end for circles.
const MOST_LINKS: usize = 16;
/// Expressions that one chain may look at.
const MOST_LOOKS: usize = 400;

/// What was found behind an expression.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    pub(crate) links: Vec<Link>,
    pub(crate) references: BTreeSet<(Name, Vec<PathStep>)>,
}

/// Where an expression stands while it is followed.
#[derive(Clone)]
pub(crate) struct Stand {
    pub(crate) module: Rc<ModuleInstance>,
    pub(crate) repetition: Repetition,
    /// What `each` and `count` go through here.
    pub(crate) repeated_by: Option<Argument>,
}

/// A trace in the making.
struct Follow<'w, 'c> {
    world: &'w World<'c>,
    trace: Trace,
    looks: usize,
    depth: u16,
    seen: BTreeSet<(Name, ExprRef, Vec<Name>, Wanted)>,
}

impl World<'_> {
    /// The chain of an argument: its own place first.
    pub(crate) fn trace(&self, argument: &Argument, what: &str, stand: &Stand) -> Trace {
        self.follow(argument, what, stand, Wanted::All)
    }

    /// The chain of what decides which instances there are: how many elements or which keys, not what stands under them.
    pub(crate) fn deciding(&self, argument: &Argument, what: &str, stand: &Stand) -> Vec<Link> {
        let wanted = if what == "for_each" {
            Wanted::Keys
        } else {
            Wanted::All
        };
        self.follow(argument, what, stand, wanted).links
    }

    /// The chains of the parts of a text that is encoded from what is written out: by element, and by name in it.
    pub(crate) fn encoded(
        &self,
        argument: &Argument,
        stand: &Stand,
    ) -> Vec<(Vec<PathStep>, Trace)> {
        let file = self.file(argument.value.file);
        let mut parts = Vec::new();
        if let Some(written) = walk::encoded(&file.ast, argument.value.id) {
            walk::written_parts(&file.ast, written, &mut Vec::new(), &mut parts);
        }
        parts
            .into_iter()
            .map(|(path, id)| {
                let part = Argument {
                    name: file.ast.expr(id).span,
                    value: ExprRef {
                        id,
                        ..argument.value
                    },
                };
                let what = path.iter().rev().find_map(|step| match step {
                    PathStep::Name(name) => Some(name.clone()),
                    PathStep::Index(_) => None,
                });
                let trace = self.trace(&part, what.as_deref().unwrap_or_default(), stand);
                (path, trace)
            })
            .collect()
    }

    fn follow(&self, argument: &Argument, what: &str, stand: &Stand, wanted: Wanted) -> Trace {
        let mut follow = Follow {
            world: self,
            trace: Trace::default(),
            looks: 0,
            depth: 0,
            seen: BTreeSet::new(),
        };
        follow.link(argument.place(), what);
        follow.expression(argument.value, &[], stand, wanted);
        follow.trace
    }
}

impl Follow<'_, '_> {
    fn link(&mut self, place: Place, what: &str) {
        self.link_like(place, what, 0);
    }

    fn link_like(&mut self, place: Place, what: &str, like: u32) {
        if self.trace.links.len() < MOST_LINKS {
            self.trace.links.push(Link {
                location: self.world.configuration.sources.location(place),
                what: what.into(),
                depth: self.depth,
                like,
            });
        }
    }

    /// Follows an expression, of which only the part at these steps is meant. What it leads to is one link further.
    fn expression(&mut self, expr: ExprRef, steps: &[Part], stand: &Stand, wanted: Wanted) {
        self.looks += 1;
        let key = (
            stand.module.address.clone(),
            expr,
            steps.iter().map(Part::shown).collect(),
            wanted,
        );
        if self.looks > MOST_LOOKS || self.trace.links.len() >= MOST_LINKS || !self.seen.insert(key)
        {
            return;
        }
        let file = self.world.file(expr.file);
        let (id, rest) = walk::part(&file.ast, expr.id, steps);
        let mut found = Vec::new();
        needed::traversals(&file.ast, id, wanted, &mut found);
        let whole = walk::is_traversal(&file.ast, id);
        self.depth += 1;
        for (mut traversal, wanted) in found {
            for part in &mut traversal.parts {
                if let Part::Key(id) = part {
                    let key = ExprRef {
                        file: expr.file,
                        id: *id,
                    };
                    *part = Part::KeyAt(Rc::new((key, stand.clone())));
                }
            }
            if whole {
                traversal.parts.extend(rest.iter().cloned());
            }
            self.traversal(&traversal, stand, wanted);
        }
        self.depth -= 1;
    }

    fn traversal(&mut self, traversal: &Traversal, stand: &Stand, wanted: Wanted) {
        let name = |at: usize| traversal.parts.get(at).and_then(Part::name);
        match (&*traversal.root, name(0)) {
            ("var", Some(name)) => self.variable(&name, &traversal.parts[1..], stand, wanted),
            ("local", Some(name)) => self.local(&name, &traversal.parts[1..], stand, wanted),
            ("module", Some(name)) => self.module(&name, &traversal.parts[1..], stand, wanted),
            ("each" | "count", part) => {
                if let Some(argument) = stand.repeated_by {
                    let each = &*traversal.root == "each";
                    self.link(argument.place(), if each { "for_each" } else { "count" });
                    let key = each && part.as_deref() == Some("key");
                    let wanted = if key { Wanted::Keys } else { Wanted::All };
                    self.expression(argument.value, &[], &stand.at_large(), wanted);
                }
            }
            ("data", Some(ty)) => self.resource(Mode::Data, &ty, &traversal.parts[1..], stand),
            ("resource", Some(ty)) => {
                self.resource(Mode::Managed, &ty, &traversal.parts[1..], stand);
            }
            ("path" | "terraform" | "self" | "ephemeral", _) | (_, None) => {}
            (ty, Some(_)) => self.resource(Mode::Managed, ty, &traversal.parts, stand),
        }
    }

    fn local(&mut self, name: &str, steps: &[Part], stand: &Stand, wanted: Wanted) {
        let module = self.world.configuration.module(stand.module.id);
        if let Some(argument) = module.locals.get(name) {
            let place = self.part_place(argument, steps);
            self.link(place, &stand.module.absolute(&format!("local.{name}")));
            self.expression(argument.value, steps, &stand.at_large(), wanted);
        }
    }

    fn variable(&mut self, name: &str, steps: &[Part], stand: &Stand, wanted: Wanted) {
        let declared = self.world.configuration.module(stand.module.id);
        let Some(variable) = declared.variables.get(name) else {
            return;
        };
        let like = self
            .world
            .variable(&stand.module, name)
            .map_or(0, |value| like::mark(&value, steps, wanted));
        let what = stand.module.absolute(&format!("var.{name}"));
        let Some((parent, call_name)) = &stand.module.parent else {
            return self.given(name, &what, variable, steps, like);
        };
        let module = self.world.configuration.module(parent.id);
        let Some(call) = module.calls.get(call_name) else {
            return self.default(variable, &what, steps, like);
        };
        let Some(argument) = call.arguments.get(name) else {
            // The call is where an argument can be put: a default is shared by all calls.
            let silent = format!("{} gives no {name}", stand.module.address);
            self.link_like(call.place, &silent, like);
            self.depth += 1;
            self.default(variable, &what, steps, like);
            self.depth -= 1;
            return;
        };
        let what = format!("{name} of {}", stand.module.address);
        self.link_like(argument.place(), &what, like);
        let above = Stand {
            module: parent.clone(),
            repetition: stand.module.repetition.clone(),
            repeated_by: call.for_each.or(call.count),
        };
        self.expression(argument.value, steps, &above, wanted);
    }

    /// The link to what a variable of the root is given.
    fn given(&mut self, name: &str, what: &str, variable: &Variable, steps: &[Part], like: u32) {
        match self.world.configuration.inputs.get(name) {
            Some(Given::File(argument)) => {
                let place = self.part_place(argument, steps);
                self.link_like(place, what, like);
            }
            Some(_) => {}
            None => self.default(variable, what, steps, like),
        }
    }

    fn default(&mut self, variable: &Variable, what: &str, steps: &[Part], like: u32) {
        let place = variable
            .default
            .map_or(variable.place, |default| self.part_place(&default, steps));
        if variable.default.is_some() {
            self.link_like(place, &format!("default of {what}"), like);
        } else {
            self.link_like(place, what, like);
        }
    }

    /// Where the part of a value that is meant is written; the whole argument where it is not written out.
    fn part_place(&self, argument: &Argument, steps: &[Part]) -> Place {
        let ast = &self.world.file(argument.value.file).ast;
        let (id, rest) = walk::part(ast, argument.value.id, steps);
        if rest.len() == steps.len() {
            return argument.place();
        }
        Place {
            file: argument.value.file,
            span: ast.expr(id).span,
        }
    }

    fn module(&mut self, name: &str, parts: &[Part], stand: &Stand, wanted: Wanted) {
        let Some(call) = self.world.call(&stand.module, name) else {
            return;
        };
        let (children, parts) = match parts.first() {
            Some(Part::KeyAt(key)) => {
                let wanted = self.index(key, call.expansion.keys);
                let at = wanted.and_then(|index| call.expansion.position(&index));
                let children = match at {
                    Some(at) => call.modules.get(at..=at).unwrap_or_default(),
                    None => call.modules.as_slice(),
                };
                (children, &parts[1..])
            }
            Some(Part::All) => (call.modules.as_slice(), &parts[1..]),
            _ => (call.modules.as_slice(), parts),
        };
        let Some(output) = parts.first().and_then(Part::name) else {
            return;
        };
        for child in children.iter().take(8) {
            let module = self.world.configuration.module(child.id);
            if let Some(argument) = module.outputs.get(&output).and_then(|output| output.value) {
                self.link(
                    argument.place(),
                    &child.absolute(&format!("output.{output}")),
                );
                let below = Stand {
                    module: child.clone(),
                    repetition: Repetition::None,
                    repeated_by: None,
                };
                self.expression(argument.value, &parts[1..], &below, wanted);
            }
        }
    }

    fn resource(&mut self, mode: Mode, ty: &str, parts: &[Part], stand: &Stand) {
        let Some(name) = parts.first().and_then(Part::name) else {
            return;
        };
        let key = ResourceKey {
            mode,
            ty: ty.into(),
            name,
        };
        // A name of a `for` looks like a type; what is not declared is none.
        let Some((state, _)) = self.world.resource(&stand.module, &key) else {
            return;
        };
        let local = names::resource(&key);
        let (address, rest) = match parts.get(1) {
            Some(Part::KeyAt(key)) => {
                let index = self.index(key, state.expansion.keys);
                let known = index.filter(|index| state.expansion.position(index).is_some());
                (names::indexed(&local, known.as_ref()), &parts[2..])
            }
            Some(Part::All) => (Name::from(local.as_str()), &parts[2..]),
            _ => (Name::from(local.as_str()), &parts[1..]),
        };
        let path = rest.iter().map_while(Part::step).collect();
        self.trace
            .references
            .insert((stand.module.absolute(&address), path));
    }

    /// The key that an expression names where it stands; nothing is reported when it cannot be told.
    fn index(
        &self,
        key: &(ExprRef, Stand),
        keys: super::expansion::Keys,
    ) -> Option<crate::inventory::Index> {
        let (expr, stand) = key;
        let scope = self.world.scope_in(&stand.module, &stand.repetition);
        let value = self.world.evaluate(*expr, &scope, None).ok()?;
        super::expansion::index_of(&value.unmark().0, keys)
            .ok()
            .flatten()
    }
}

impl Stand {
    /// The module at large, outside of any instance.
    fn at_large(&self) -> Stand {
        Stand {
            module: self.module.clone(),
            repetition: Repetition::None,
            repeated_by: None,
        }
    }
}

/// Links as they are kept.
pub(crate) fn shared(links: Vec<Link>) -> Arc<[Link]> {
    links.into()
}
