//! Loading configurations: files, overrides, inputs, modules, the boundary, estates. Everything over the public API, on
//! directories that the tests make.

#[path = "load/boundary.rs"]
mod boundary;
#[path = "load/damage.rs"]
mod damage;
#[path = "load/estate_file.rs"]
mod estate_file;
#[path = "load/estates.rs"]
mod estates;
#[path = "load/files.rs"]
mod files;
#[path = "load/inputs.rs"]
mod inputs;
#[path = "load/json.rs"]
mod json;
#[path = "load/modules.rs"]
mod modules;
#[path = "load/overrides.rs"]
mod overrides;
#[path = "load/scene.rs"]
mod scene;
