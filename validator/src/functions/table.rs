//! All functions in one list, held against the names that Terraform has: one that is missing does not compile.

use super::Function;

/// One group of functions a file.
const GROUPS: &[&[Function]] = &[
    super::choosing::FUNCTIONS,
    super::cidr::FUNCTIONS,
    super::date::FUNCTIONS,
    super::encoding::FUNCTIONS,
    super::files::FUNCTIONS,
    super::format::FUNCTIONS,
    super::json::FUNCTIONS,
    super::mapping::FUNCTIONS,
    super::numeric::FUNCTIONS,
    super::opaque::FUNCTIONS,
    super::ordering::FUNCTIONS,
    super::pairing::FUNCTIONS,
    super::regex::FUNCTIONS,
    super::sequence::FUNCTIONS,
    super::sets::FUNCTIONS,
    super::tables::FUNCTIONS,
    super::text::FUNCTIONS,
    super::types::FUNCTIONS,
    super::yaml::FUNCTIONS,
];

/// The function of this name, also written `core::name`.
pub fn find(name: &str) -> Option<&'static Function> {
    let name = name.strip_prefix("core::").unwrap_or(name);
    GROUPS
        .iter()
        .flat_map(|group| group.iter())
        .find(|function| function.name == name)
}

/// Names of all functions here, in no order.
pub fn names() -> impl Iterator<Item = &'static str> {
    GROUPS
        .iter()
        .flat_map(|group| group.iter())
        .map(|function| function.name)
}

/// Those that see expressions instead of values; the evaluator has them.
const IN_THE_EVALUATOR: &[&str] = &["can", "convert", "templatefile", "templatestring", "try"];

/// The functions of Terraform 1.15.5, as `terraform metadata functions -json` names them.
const TERRAFORM: &[&str] = &[
    "abs",
    "abspath",
    "alltrue",
    "anytrue",
    "base64decode",
    "base64encode",
    "base64gzip",
    "base64sha256",
    "base64sha512",
    "basename",
    "bcrypt",
    "can",
    "ceil",
    "chomp",
    "chunklist",
    "cidrhost",
    "cidrnetmask",
    "cidrsubnet",
    "cidrsubnets",
    "coalesce",
    "coalescelist",
    "compact",
    "concat",
    "contains",
    "convert",
    "csvdecode",
    "dirname",
    "distinct",
    "element",
    "endswith",
    "ephemeralasnull",
    "file",
    "filebase64",
    "filebase64sha256",
    "filebase64sha512",
    "fileexists",
    "filemd5",
    "fileset",
    "filesha1",
    "filesha256",
    "filesha512",
    "flatten",
    "floor",
    "format",
    "formatdate",
    "formatlist",
    "indent",
    "index",
    "issensitive",
    "join",
    "jsondecode",
    "jsonencode",
    "keys",
    "length",
    "log",
    "lookup",
    "lower",
    "matchkeys",
    "max",
    "md5",
    "merge",
    "min",
    "nonsensitive",
    "one",
    "parseint",
    "pathexpand",
    "plantimestamp",
    "pow",
    "range",
    "regex",
    "regexall",
    "replace",
    "reverse",
    "rsadecrypt",
    "sensitive",
    "setintersection",
    "setproduct",
    "setsubtract",
    "setunion",
    "sha1",
    "sha256",
    "sha512",
    "signum",
    "slice",
    "sort",
    "split",
    "startswith",
    "strcontains",
    "strrev",
    "substr",
    "sum",
    "templatefile",
    "templatestring",
    "textdecodebase64",
    "textencodebase64",
    "timeadd",
    "timecmp",
    "timestamp",
    "title",
    "tobool",
    "tolist",
    "tomap",
    "tonumber",
    "toset",
    "tostring",
    "transpose",
    "trim",
    "trimprefix",
    "trimspace",
    "trimsuffix",
    "try",
    "upper",
    "urlencode",
    "uuid",
    "uuidv5",
    "values",
    "yamldecode",
    "yamlencode",
    "zipmap",
];

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

const fn is_here(name: &str) -> bool {
    let mut group = 0;
    while group < GROUPS.len() {
        let mut at = 0;
        while at < GROUPS[group].len() {
            if same(GROUPS[group][at].name, name) {
                return true;
            }
            at += 1;
        }
        group += 1;
    }
    let mut at = 0;
    while at < IN_THE_EVALUATOR.len() {
        if same(IN_THE_EVALUATOR[at], name) {
            return true;
        }
        at += 1;
    }
    false
}

const _: () = {
    let mut at = 0;
    while at < TERRAFORM.len() {
        assert!(
            is_here(TERRAFORM[at]),
            "a function of Terraform is missing from the list"
        );
        at += 1;
    }
    let mut count = IN_THE_EVALUATOR.len();
    let mut group = 0;
    while group < GROUPS.len() {
        count += GROUPS[group].len();
        group += 1;
    }
    assert!(
        count == TERRAFORM.len(),
        "a function is here that Terraform does not have, or one stands twice"
    );
};

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::*;

    #[test]
    fn parameters_are_those_of_terraform() {
        let listed: Json =
            serde_json::from_str(include_str!("../../data/functions.json")).expect("JSON");
        for (name, signature) in listed.as_object().expect("an object") {
            assert!(TERRAFORM.contains(&name.as_str()), "{name} is in the list");
            let Some(function) = find(name) else {
                assert!(
                    IN_THE_EVALUATOR.contains(&name.as_str()),
                    "{name} is somewhere"
                );
                continue;
            };
            let parameters = signature["parameters"].as_array().expect("parameters");
            let found: Vec<&str> = function
                .parameters
                .iter()
                .map(|parameter| parameter.name)
                .collect();
            let wanted: Vec<&str> = parameters
                .iter()
                .filter_map(|parameter| parameter["name"].as_str())
                .collect();
            assert_eq!(found, wanted, "parameters of {name}");
            for (ours, theirs) in function.parameters.iter().zip(parameters) {
                assert_eq!(
                    Some(ours.null),
                    theirs["nullable"].as_bool(),
                    "{} of {name} may be null",
                    ours.name
                );
            }
            assert_eq!(
                function.variadic.is_some(),
                !signature["variadic"].is_null(),
                "{name} takes any number"
            );
        }
    }
}
