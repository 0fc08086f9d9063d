//! Terraform's type system: types, values, unknowns with refinements, exact numbers, conversion, and the codecs of the plugin wire.
