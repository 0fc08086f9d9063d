//! Several roots from `dr.hcl`, and the states that one reads of another.

use crate::scene::{Scene, holds, parts, said, value};
use drcheck::load::config::Configuration;
use drcheck::load::estate::{self, Estate, EstateRequest, Root};

pub(crate) fn try_load(scene: &Scene) -> Result<Estate, String> {
    let request = EstateRequest {
        file: scene.path("dr.hcl"),
        ..EstateRequest::default()
    };
    estate::load(&request).map_err(|error| {
        error
            .to_string()
            .replace(&scene.path("").display().to_string(), "")
    })
}

fn root<'a>(estate: &'a Estate, name: &str) -> &'a Root {
    estate
        .roots
        .iter()
        .find(|root| &*root.name == name)
        .expect("a root of this name")
}

fn configuration<'a>(estate: &'a Estate, name: &str) -> &'a Configuration {
    root(estate, name)
        .configuration
        .as_deref()
        .expect("a root with a path")
}

pub(crate) fn root_value(estate: &Estate, name: &str, expression: &str) -> String {
    value(configuration(estate, name), expression)
}

pub(crate) fn root_said(estate: &Estate, name: &str) -> String {
    said(configuration(estate, name))
}

#[test]
fn one_directory_is_two_roots_with_their_own_values() {
    let scene = Scene::new(&[
        (
            "dr.hcl",
            "estate \"shop\" {\n  primary   = \"us-east-1\"\n  secondary = [\"us-west-2\"]\n  accounts  = { \"us-east-1\" = \"123456789012\" }\n}\n\
             zones = { \"us-west-2\" = [\"us-west-2a\", \"us-west-2c\"] }\n\
             root \"prod\" {\n  path      = \"live\"\n  var_files = [\"prod.tfvars\"]\n}\n\
             root \"dr\" {\n  path      = \"live\"\n  var_files = [\"../dr.tfvars\"]\n  workspace = \"dr\"\n}\n\
             tier \"critical\" {\n  rto = \"1h\"\n}\nrelation \"aws_x\" \"y\" {\n  must = \"equal\"\n}\npair {\n}\n",
        ),
        (
            "live/main.tf",
            "variable \"region\" {}\noutput \"o\" { value = \"${var.region} ${terraform.workspace}\" }",
        ),
        ("live/prod.tfvars", "region = \"us-east-1\""),
        ("dr.tfvars", "region = \"us-west-2\""),
        (".git/HEAD", ""),
    ]);
    let estate = try_load(&scene).unwrap();
    assert_eq!(estate.name.as_deref(), Some("shop"));
    assert_eq!(
        estate
            .roots
            .iter()
            .map(|root| &*root.name)
            .collect::<Vec<_>>(),
        ["prod", "dr"]
    );
    assert_eq!(
        root_value(&estate, "prod", "\"${var.region} ${terraform.workspace}\""),
        "us-east-1 default"
    );
    assert_eq!(
        root_value(&estate, "dr", "\"${var.region} ${terraform.workspace}\""),
        "us-west-2 dr"
    );
    let configuration = root(&estate, "dr").configuration.as_deref().unwrap();
    assert_eq!(configuration.accounts["us-east-1"], "123456789012".into());
    assert_eq!(
        configuration.zones["us-west-2"],
        ["us-west-2a".into(), "us-west-2c".into()]
    );
    assert!(estate.diagnostics.is_empty());
}

const READS: &str = "data \"terraform_remote_state\" \"net\" {\n  backend = \"s3\"\n  config = {\n    bucket = var.bucket\n    key    = \"net/${var.stage}.tfstate\"\n    region = \"us-east-1\"\n  }\n}\nvariable \"bucket\" { default = \"states\" }\nvariable \"stage\" { default = \"prod\" }\n";

fn two_roots(dr: &str, reader: &str) -> Scene {
    Scene::new(&[
        ("dr.hcl", dr),
        (
            "net/main.tf",
            "terraform {\n  backend \"s3\" {\n    bucket = \"states\"\n    key = \"net/prod.tfstate\"\n  }\n}\noutput \"vpc\" { value = \"vpc-1\" }",
        ),
        ("app/main.tf", reader),
    ])
}

const BOTH: &str = "root \"app\" { path = \"app\" }\nroot \"net\" { path = \"net\" }\n";

#[test]
fn a_state_is_found_by_the_settings_of_its_backend() {
    let estate = try_load(&two_roots(BOTH, READS)).unwrap();
    assert_eq!(
        root_value(
            &estate,
            "app",
            "data.terraform_remote_state.net.outputs.vpc"
        ),
        "vpc-1"
    );
    assert_eq!(root_said(&estate, "app"), "");
}

#[test]
fn a_state_of_another_key_or_workspace_is_not_it() {
    for reader in [
        READS.replace("net/${", "other/${"),
        READS.replace("\"states\"", "\"other\""),
        READS.replace("backend =", "workspace = \"blue\"\n  backend ="),
        READS.replace("\"s3\"", "\"gcs\""),
    ] {
        let estate = try_load(&two_roots(BOTH, &reader)).unwrap();
        assert_eq!(
            root_value(
                &estate,
                "app",
                "data.terraform_remote_state.net.outputs.vpc"
            ),
            "unknown",
            "{reader}"
        );
        holds(
            &root_said(&estate, "app"),
            &[
                "note main.tf:1:1: data.terraform_remote_state.net has no values",
                "outputs_of = {",
            ],
        );
    }
}

#[test]
fn outputs_of_names_the_root_where_settings_cannot() {
    let dr = "root \"app\" {\n  path = \"app\"\n  outputs_of = { \"data.terraform_remote_state.net\" = \"net\" }\n}\nroot \"net\" { path = \"net\" }\n";
    let reader = "data \"terraform_remote_state\" \"net\" {\n  count = 1\n  backend = \"s3\"\n  config = { key = var.unknown }\n}\nvariable \"unknown\" {}\n";
    let estate = try_load(&two_roots(dr, reader)).unwrap();
    assert_eq!(
        root_value(
            &estate,
            "app",
            "data.terraform_remote_state.net[0].outputs.vpc"
        ),
        "vpc-1"
    );
}

#[test]
fn a_module_that_reads_a_state_gets_it_too() {
    let reader = "module \"m\" {\n  source = \"./m\"\n  for_each = toset([\"a\"])\n}\n";
    let scene = two_roots(BOTH, reader);
    let module = "data \"terraform_remote_state\" \"x\" {\n  backend = \"s3\"\n  config = {\n    bucket = \"states\"\n    key = \"net/prod.tfstate\"\n  }\n}\noutput \"o\" { value = data.terraform_remote_state.x.outputs.vpc }\n";
    scene.write("app/m/main.tf", module);
    let estate = try_load(&scene).unwrap();
    assert_eq!(root_value(&estate, "app", "module.m[\"a\"].o"), "vpc-1");
}

#[test]
fn local_states_are_found_by_their_path() {
    let scene = Scene::new(&[
        ("dr.hcl", BOTH),
        ("net/main.tf", "output \"vpc\" { value = \"vpc-2\" }"),
        (
            "app/main.tf",
            "data \"terraform_remote_state\" \"net\" {\n  backend = \"local\"\n  config = { path = \"${path.module}/../net/terraform.tfstate\" }\n}\n",
        ),
    ]);
    let estate = try_load(&scene).unwrap();
    assert_eq!(
        root_value(
            &estate,
            "app",
            "data.terraform_remote_state.net.outputs.vpc"
        ),
        "vpc-2"
    );
}

#[test]
fn roots_that_read_each_other_keep_what_can_be_known() {
    let reads = |other: &str| {
        format!(
            "terraform {{\n  backend \"s3\" {{\n    bucket = \"b\"\n    key = \"{}\"\n  }}\n}}\ndata \"terraform_remote_state\" \"o\" {{\n  backend = \"s3\"\n  config = {{\n    bucket = \"b\"\n    key = \"{other}\"\n  }}\n}}\noutput \"plain\" {{ value = \"{other}\" }}\noutput \"read\" {{ value = data.terraform_remote_state.o.outputs.plain }}\n",
            if other == "net" { "app" } else { "net" }
        )
    };
    let scene = Scene::new(&[
        ("dr.hcl", BOTH),
        ("app/main.tf", &reads("net")),
        ("net/main.tf", &reads("app")),
    ]);
    let estate = try_load(&scene).unwrap();
    assert_eq!(
        root_value(
            &estate,
            "app",
            "data.terraform_remote_state.o.outputs.plain"
        ),
        "app"
    );
    assert_eq!(
        root_value(
            &estate,
            "net",
            "data.terraform_remote_state.o.outputs.plain"
        ),
        "unknown"
    );
    holds(
        &root_said(&estate, "net"),
        &["reads a root that reads this one"],
    );
}

#[test]
fn a_long_chain_of_roots_costs_no_more_than_its_roots() {
    let dr = parts(60, |at| format!("root \"r{at}\" {{ path = \"r{at}\" }}\n"));
    let scene = Scene::new(&[]);
    for at in 0..60 {
        let reader = |n: usize| {
            format!(
                "data \"terraform_remote_state\" \"o{n}\" {{\n  backend = \"local\"\n  config = {{ path = \"../r{}/terraform.tfstate\" }}\n}}\n",
                at + 1
            )
        };
        let text = if at == 59 {
            "output \"o\" { value = \"end\" }".to_owned()
        } else {
            format!(
                "{}{}{}output \"o\" {{ value = data.terraform_remote_state.o0.outputs.o == data.terraform_remote_state.o1.outputs.o ? data.terraform_remote_state.o2.outputs.o : \"differs\" }}",
                reader(0),
                reader(1),
                reader(2)
            )
        };
        scene.write(&format!("r{at}/main.tf"), text);
    }
    scene.write("dr.hcl", &dr);
    let estate = try_load(&scene).unwrap();
    assert_eq!(
        root_value(&estate, "r0", "data.terraform_remote_state.o2.outputs.o"),
        "end"
    );
}
