//! Which properties of the JSON form are blocks, how many labels they have, and how their texts are read.

/// How the strings of a property are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// As templates.
    Template,
    /// As they stand: `${` means nothing.
    Text,
    /// As expressions in native syntax: references, types, keywords.
    Expression,
    /// An entry of `required_providers`: text, but for its `configuration_aliases`.
    Requirement,
}

/// What the body of a block holds.
pub(super) struct Shape {
    /// Blocks in it: name, number of labels, body.
    blocks: &'static [(&'static str, usize, &'static Shape)],
    /// How the other properties are read, by name.
    reading: fn(&str) -> Reading,
    /// Some of the other properties may be blocks, as a provider's schema says.
    pub(super) open: bool,
}

impl Shape {
    /// The number of labels and the body of a block, if the property is one.
    pub(super) fn block(&self, name: &str) -> Option<(usize, &'static Shape)> {
        let (_, labels, shape) = self.blocks.iter().find(|(known, ..)| *known == name)?;
        Some((*labels, shape))
    }

    /// Whether a file of this shape may be a list of objects.
    pub(super) fn takes_lists(&self) -> bool {
        !self.blocks.is_empty()
    }

    /// How a property is read that is no block.
    pub(super) fn reading(&self, name: &str) -> Reading {
        (self.reading)(name)
    }
}

use Reading::{Expression, Requirement, Template, Text};

/// The top of a file.
pub(super) static FILE: Shape = Shape {
    blocks: &[
        ("terraform", 0, &TERRAFORM),
        ("provider", 1, &PROVIDER),
        ("variable", 1, &VARIABLE),
        ("locals", 0, &LOCALS),
        ("output", 1, &OUTPUT),
        ("module", 1, &MODULE),
        ("resource", 2, &RESOURCE),
        ("data", 2, &DATA),
        ("ephemeral", 2, &DATA),
        ("moved", 0, &MOVED),
        ("import", 0, &IMPORT),
        ("removed", 0, &REMOVED),
        ("check", 1, &CHECK),
        ("action", 2, &ACTION),
    ],
    reading: |_| Template,
    open: false,
};

/// A file of values for variables.
pub(super) static VALUES: Shape = Shape {
    blocks: &[],
    reading: |_| Text,
    open: false,
};

static TERRAFORM: Shape = Shape {
    blocks: &[
        ("required_providers", 0, &REQUIREMENTS),
        ("backend", 1, &SETTINGS),
        ("cloud", 0, &SETTINGS),
        ("provider_meta", 1, &OPEN),
    ],
    reading: |name| {
        if name == "experiments" {
            Expression
        } else {
            Text
        }
    },
    open: false,
};

static REQUIREMENTS: Shape = Shape {
    blocks: &[],
    reading: |_| Requirement,
    open: false,
};

/// Settings of a backend: read before anything can be evaluated.
static SETTINGS: Shape = Shape {
    blocks: &[],
    reading: |_| Text,
    open: true,
};

static OPEN: Shape = Shape {
    blocks: &[],
    reading: |_| Template,
    open: true,
};

static PROVIDER: Shape = Shape {
    blocks: &[],
    reading: |name| {
        if matches!(name, "alias" | "version") {
            Text
        } else {
            Template
        }
    },
    open: true,
};

static VARIABLE: Shape = Shape {
    blocks: &[("validation", 0, &CONDITION)],
    reading: |name| if name == "type" { Expression } else { Text },
    open: false,
};

/// `validation`, `precondition`, `postcondition`, `assert`.
static CONDITION: Shape = Shape {
    blocks: &[],
    reading: |_| Template,
    open: false,
};

static LOCALS: Shape = Shape {
    blocks: &[],
    reading: |_| Template,
    open: false,
};

static OUTPUT: Shape = Shape {
    blocks: &[("precondition", 0, &CONDITION)],
    reading: |name| match name {
        "value" => Template,
        "depends_on" | "type" => Expression,
        _ => Text,
    },
    open: false,
};

static MODULE: Shape = Shape {
    blocks: &[],
    reading: |name| {
        if matches!(name, "providers" | "depends_on") {
            Expression
        } else {
            Template
        }
    },
    open: false,
};

fn of_resource(name: &str) -> Reading {
    if matches!(name, "provider" | "depends_on") {
        Expression
    } else {
        Template
    }
}

static RESOURCE: Shape = Shape {
    blocks: &[
        ("lifecycle", 0, &LIFECYCLE),
        ("connection", 0, &OPEN),
        ("provisioner", 1, &PROVISIONER),
    ],
    reading: of_resource,
    open: true,
};

static DATA: Shape = Shape {
    blocks: &[("lifecycle", 0, &LIFECYCLE)],
    reading: of_resource,
    open: true,
};

static ACTION: Shape = Shape {
    blocks: &[("config", 0, &OPEN)],
    reading: of_resource,
    open: false,
};

static LIFECYCLE: Shape = Shape {
    blocks: &[
        ("precondition", 0, &CONDITION),
        ("postcondition", 0, &CONDITION),
        ("action_trigger", 0, &TRIGGER),
    ],
    reading: |name| {
        if matches!(name, "ignore_changes" | "replace_triggered_by") {
            Expression
        } else {
            Text
        }
    },
    open: false,
};

static TRIGGER: Shape = Shape {
    blocks: &[],
    reading: |name| {
        if matches!(name, "events" | "actions") {
            Expression
        } else {
            Template
        }
    },
    open: false,
};

static PROVISIONER: Shape = Shape {
    blocks: &[("connection", 0, &OPEN)],
    reading: |name| {
        if matches!(name, "when" | "on_failure") {
            Expression
        } else {
            Template
        }
    },
    open: true,
};

static MOVED: Shape = Shape {
    blocks: &[],
    reading: |_| Expression,
    open: false,
};

static IMPORT: Shape = Shape {
    blocks: &[],
    reading: |name| {
        if matches!(name, "to" | "provider") {
            Expression
        } else {
            Template
        }
    },
    open: false,
};

static REMOVED: Shape = Shape {
    blocks: &[
        ("lifecycle", 0, &LIFECYCLE),
        ("connection", 0, &OPEN),
        ("provisioner", 1, &PROVISIONER),
    ],
    reading: |_| Expression,
    open: false,
};

static CHECK: Shape = Shape {
    blocks: &[("data", 2, &DATA), ("assert", 0, &CONDITION)],
    reading: |_| Template,
    open: false,
};
