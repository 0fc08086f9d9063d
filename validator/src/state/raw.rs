//! The state as it is stored, version 4: it tells the provider of each resource, alias included.

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{HOW, Told, WHAT};
use crate::documents;
use crate::documents::address::joined;
use crate::inventory::{DocumentError, Index, Mode};

#[derive(Deserialize)]
struct State {
    #[serde(default)]
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    #[serde(default)]
    module: String,
    mode: String,
    #[serde(rename = "type")]
    ty: String,
    name: String,
    #[serde(default)]
    provider: String,
    #[serde(default)]
    instances: Vec<Instance>,
}

#[derive(Deserialize)]
struct Instance {
    #[serde(default)]
    index_key: Json,
    #[serde(default)]
    deposed: Option<String>,
    #[serde(default)]
    attributes: Json,
    #[serde(default)]
    sensitive_attributes: Json,
}

/// All instances of the document.
pub(super) fn read(text: &[u8], shown: &str) -> Result<Vec<Told>, DocumentError> {
    let state: State = documents::parse(text, shown, WHAT, HOW)?;
    Ok(state.resources.into_iter().flat_map(instances).collect())
}

fn instances(resource: Resource) -> Vec<Told> {
    let mode = match resource.mode.as_str() {
        "managed" => Mode::Managed,
        "data" => Mode::Data,
        _ => return Vec::new(),
    };
    let local = match mode {
        Mode::Data => format!("data.{}.{}", resource.ty, resource.name),
        _ => format!("{}.{}", resource.ty, resource.name),
    };
    let address = joined(&resource.module, &local);
    let key = provider_key(&resource.provider);
    // An object that waits to be destroyed is no instance.
    let standing = resource
        .instances
        .into_iter()
        .filter(|instance| instance.deposed.is_none());
    standing
        .map(|instance| {
            let index = match &instance.index_key {
                Json::String(text) => Some(Index::Key(text.as_str().into())),
                Json::Number(number) => number.as_u64().map(Index::Number),
                _ => None,
            };
            Told {
                address: crate::world::indexed(&address, index.as_ref()).to_string(),
                module: resource.module.clone(),
                mode,
                ty: resource.ty.clone(),
                name: resource.name.clone(),
                sensitive: mask(&instance.sensitive_attributes),
                index: instance.index_key,
                values: instance.attributes,
                provider_key: key.clone(),
            }
        })
        .collect()
}

/// `module.x.provider["registry.terraform.io/hashicorp/aws"].secondary` as plans name it: `module.x:aws.secondary`.
fn provider_key(text: &str) -> Option<String> {
    let (module, rest) = match text.strip_prefix("provider[") {
        Some(rest) => ("", rest),
        None => text.split_once(".provider[")?,
    };
    let (source, alias) = rest.strip_prefix('"')?.split_once("\"]")?;
    let name = source.rsplit('/').next()?;
    let module = if module.is_empty() {
        String::new()
    } else {
        format!("{module}:")
    };
    Some(format!("{module}{name}{alias}"))
}

/// Paths of sensitive attributes as a mask in the shape of the values.
fn mask(paths: &Json) -> Json {
    let mut mask = Json::Null;
    for path in paths.as_array().into_iter().flatten() {
        // Each path is a list of steps; older versions write names alone.
        let steps: Vec<&Json> = path.as_array().into_iter().flatten().collect();
        put(&mut mask, &steps);
    }
    mask
}

fn put(mask: &mut Json, steps: &[&Json]) {
    let Some((first, rest)) = steps.split_first() else {
        *mask = Json::Bool(true);
        return;
    };
    if *mask == Json::Bool(true) {
        return;
    }
    let value = &first["value"];
    let name = value.as_str().or_else(|| value["value"].as_str());
    let position = value.as_u64().or_else(|| value["value"].as_u64());
    match (name, position) {
        (Some(name), _) => {
            if !mask.is_object() {
                *mask = json!({});
            }
            put(&mut mask[name], rest);
        }
        (None, Some(position)) if position < 100_000 => {
            let position = usize::try_from(position).unwrap_or(0);
            if !mask.is_array() {
                *mask = json!([]);
            }
            if let Some(list) = mask.as_array_mut() {
                while list.len() <= position {
                    list.push(Json::Null);
                }
                put(&mut list[position], rest);
            }
        }
        // A step that cannot be read hides all of it.
        _ => *mask = Json::Bool(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_are_named_as_in_plans() {
        let source = "provider[\"registry.terraform.io/hashicorp/aws\"]";
        assert_eq!(provider_key(source).as_deref(), Some("aws"));
        assert_eq!(
            provider_key(&format!("{source}.secondary")).as_deref(),
            Some("aws.secondary")
        );
        assert_eq!(
            provider_key(&format!("module.own.{source}")).as_deref(),
            Some("module.own:aws")
        );
        assert_eq!(provider_key("provider.aws"), None);
    }

    #[test]
    fn sensitive_paths_cover_what_they_name() {
        let paths = json!([
            [{"type": "get_attr", "value": "password"}],
            [{"type": "get_attr", "value": "tags"}, {"type": "index", "value": {"value": "Key", "type": "string"}}],
            [{"type": "get_attr", "value": "rule"}, {"type": "index", "value": {"value": 1, "type": "number"}}],
        ]);
        assert_eq!(
            mask(&paths),
            json!({"password": true, "tags": {"Key": true}, "rule": [null, true]})
        );
    }
}
