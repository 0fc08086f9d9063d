//! Module calls: local, installed, missing, endless.

use crate::scene::{Scene, holds, parts, said, value};
use drcheck::load::config::Target;

#[test]
fn local_modules_are_found_from_the_module_that_calls_them() {
    let scene = Scene::new(&[
        (
            "main.tf",
            "module \"a\" { source = \"./modules/a\" }\noutput \"o\" { value = module.a.o }",
        ),
        (
            "modules/a/main.tf",
            "module \"b\" { source = \"../b\" }\noutput \"o\" { value = \"${path.module}+${module.b.o}\" }",
        ),
        ("modules/b/main.tf", "output \"o\" { value = path.module }"),
    ]);
    let loaded = scene.load();
    assert_eq!(said(&loaded), "");
    assert_eq!(value(&loaded, "module.a.o"), "modules/a+modules/b");
}

#[test]
fn a_directory_that_is_called_often_is_read_once() {
    let scene = Scene::new(&[
        (
            "main.tf",
            "module \"a\" { source = \"./m\" }\nmodule \"b\" { source = \"./x/../m\" }",
        ),
        ("m/main.tf", "variable \"v\" { default = 1 }"),
    ]);
    let loaded = scene.load();
    assert_eq!(loaded.modules.len(), 2);
    assert_eq!(loaded.sources.all().len(), 2);
}

#[test]
fn installed_modules_are_found_by_the_path_of_calls() {
    let manifest = r#"{"Modules":[{"Key":"","Source":"","Dir":"."},
        {"Key":"net","Source":"registry.terraform.io/x/net/aws","Version":"1.0.0","Dir":".terraform/modules/net"},
        {"Key":"net.inner","Source":"git::https://example.com/i.git","Dir":".terraform/modules/net.inner/sub"},
        {"Key":"chosen","Source":"./kinds/large","Dir":"kinds/large"}]}"#;
    let scene = Scene::new(&[
        (
            "main.tf",
            "variable \"kind\" {\n  default = \"large\"\n  const = true\n}\nmodule \"net\" { source = \"x/net/aws\" }\nmodule \"chosen\" { source = \"./kinds/${var.kind}\" }",
        ),
        (".terraform/modules/modules.json", manifest),
        (
            ".terraform/modules/net/main.tf",
            "module \"inner\" { source = \"git::https://example.com/i.git//sub\" }\noutput \"o\" { value = module.inner.o }",
        ),
        (
            ".terraform/modules/net.inner/sub/main.tf",
            "output \"o\" { value = \"inner\" }",
        ),
        ("kinds/large/main.tf", "output \"o\" { value = \"large\" }"),
    ]);
    let loaded = scene.load();
    assert_eq!(said(&loaded), "");
    assert_eq!(
        value(&loaded, "\"${module.net.o} ${module.chosen.o}\""),
        "inner large"
    );
}

#[test]
fn a_module_that_is_missing_says_what_would_bring_it() {
    let scene = Scene::new(&[
        (
            "main.tf",
            "module \"remote\" { source = \"x/net/aws\" }\nmodule \"local\" { source = \"./gone\" }\nmodule \"empty\" { source = \"./empty\" }\n\
             module \"chosen\" { source = var.s }\nmodule \"none\" {}\n",
        ),
        ("empty/notes.txt", ""),
    ]);
    let loaded = scene.load();
    let said = said(&loaded);
    holds(
        &said,
        &[
            "warning main.tf:1:1: module \"remote\" cannot be looked into. x/net/aws is not installed; terraform init installs it",
            "warning main.tf:2:1: module \"local\" cannot be looked into. there is no directory gone",
            "warning main.tf:3:1: module \"empty\" cannot be looked into. there are no configuration files in empty",
            "main.tf:4:1: module \"chosen\" cannot be looked into. its source is not plain text: terraform init",
            "main.tf:5:1: module \"none\" cannot be looked into. it has no source",
        ],
    );
    assert_eq!(said.lines().count(), 5, "{said}");
    assert_eq!(value(&loaded, "module.remote.anything"), "unknown");
}

#[test]
fn a_broken_manifest_is_told_and_costs_only_what_it_names() {
    let scene = Scene::new(&[
        (
            "main.tf",
            "module \"a\" { source = \"./a\" }\nmodule \"b\" { source = \"x/b/aws\" }",
        ),
        ("a/main.tf", "output \"o\" { value = 1 }"),
        (".terraform/modules/modules.json", "{\"Modules\": [{"),
    ]);
    let loaded = scene.load();
    assert_eq!(value(&loaded, "module.a.o"), "1");
    holds(
        &said(&loaded),
        &["modules.json cannot be read", "x/b/aws is not installed"],
    );
}

#[test]
fn a_module_that_calls_itself_is_cut() {
    let scene = Scene::new(&[(
        "main.tf",
        "module \"self\" { source = \"./\" }\noutput \"o\" { value = 1 }",
    )]);
    let loaded = scene.load();
    holds(
        &said(&loaded),
        &["error main.tf:1:1: module \"self\" is not followed. it leads back to \".\""],
    );
    assert_eq!(value(&loaded, "module.self.o"), "unknown");
}

#[test]
fn modules_that_call_each_other_are_cut_where_they_meet() {
    let scene = Scene::new(&[
        (
            "main.tf",
            "module \"a\" { source = \"./a\" }\nmodule \"b\" { source = \"./b\" }",
        ),
        (
            "a/main.tf",
            "module \"b\" { source = \"../b\" }\noutput \"o\" { value = 1 }",
        ),
        (
            "b/main.tf",
            "module \"a\" { source = \"../a\" }\noutput \"o\" { value = 2 }",
        ),
    ]);
    let loaded = scene.load();
    let said = said(&loaded);
    holds(
        &said,
        &["error b/main.tf:1:1: module \"a\" is not followed"],
    );
    assert_eq!(said.lines().count(), 1, "{said}");
    assert_eq!(value(&loaded, "module.a.o + module.b.o"), "3");
}

#[test]
fn a_chain_of_a_thousand_calls_ends_within_bounds() {
    let scene = Scene::new(&[]);
    for at in 0..1_000 {
        let text = format!(
            "module \"m\" {{ source = \"../m{}\" }}\noutput \"o\" {{ value = module.m.o }}",
            at + 1
        );
        scene.write(&format!("m{at}/main.tf"), text);
    }
    scene.write("m1000/main.tf", "output \"o\" { value = 1 }");
    scene.write("main.tf", "module \"m\" { source = \"./m0\" }");
    let loaded = scene.load();
    assert!(loaded.modules.len() > 1_000);
    holds(
        &said(&loaded),
        &["is part of more than 100 calls below one another"],
    );
    assert_eq!(value(&loaded, "module.m.o"), "unknown");
}

#[test]
fn a_chain_that_real_estates_may_have_is_followed_to_its_end() {
    let scene = Scene::new(&[("main.tf", "module \"m\" { source = \"./m0\" }")]);
    for at in 0..90 {
        let text = format!(
            "module \"m\" {{ source = \"../m{}\" }}\noutput \"o\" {{ value = module.m.o }}",
            at + 1
        );
        scene.write(&format!("m{at}/main.tf"), text);
    }
    scene.write("m90/main.tf", "output \"o\" { value = \"end\" }");
    let loaded = scene.load();
    assert_eq!(said(&loaded), "");
    assert_eq!(value(&loaded, "module.m.o"), "end");
}

#[test]
fn modules_that_all_call_all_others_end_within_bounds() {
    let scene = Scene::new(&[]);
    let calls = parts(60, |at| {
        format!("module \"m{at:02}\" {{ source = \"../m{at}\" }}\n")
    });
    for at in 0..60 {
        scene.write(&format!("m{at}/main.tf"), &calls);
    }
    scene.write("main.tf", "module \"m\" { source = \"./m0\" }");
    let loaded = scene.load();
    // What is left has no way back: no module leads to itself.
    let mut calls: Vec<(usize, usize)> = Vec::new();
    for (at, module) in loaded.modules.iter().enumerate() {
        calls.extend(module.calls.values().filter_map(|call| match call.target {
            Target::Module(id) => Some((at, id.0 as usize)),
            Target::Opaque(_) => None,
        }));
    }
    let mut left = vec![true; loaded.modules.len()];
    while let Some(leaf) = (0..left.len())
        .find(|at| left[*at] && !calls.iter().any(|(from, to)| from == at && left[*to]))
    {
        left[leaf] = false;
    }
    assert!(!left.contains(&true));
}

#[test]
fn calls_that_double_with_each_level_end_within_bounds() {
    let scene = Scene::new(&[("main.tf", "module \"m\" { source = \"./m0\" }")]);
    for at in 0..40 {
        let call = |name: &str| format!("module \"{name}\" {{ source = \"../m{}\" }}\n", at + 1);
        scene.write(&format!("m{at}/main.tf"), call("a") + &call("b"));
    }
    scene.write("m40/main.tf", "resource \"terraform_data\" \"r\" {}");
    let loaded = scene.load();
    holds(&said(&loaded), &["is one of more than 20000 calls in all"]);
    let world = drcheck::world::World::new(&loaded);
    let instances = world.instances(&drcheck::inventory::Sealer::random(), &|_| {});
    assert!(
        (1_000..20_000).contains(&instances.len()),
        "{}",
        instances.len()
    );
}

#[test]
fn modules_that_are_repeated_in_modules_that_are_repeated_end_within_bounds() {
    let scene = Scene::new(&[("main.tf", "module \"m\" { source = \"./m0\" }")]);
    for at in 0..12 {
        let text = format!(
            "module \"m\" {{\n  source = \"../m{}\"\n  count = 30\n}}\n",
            at + 1
        );
        scene.write(&format!("m{at}/main.tf"), text);
    }
    scene.write("m12/main.tf", "resource \"terraform_data\" \"r\" {}");
    let loaded = scene.load();
    let world = drcheck::world::World::new(&loaded);
    let instances = world.instances(&drcheck::inventory::Sealer::random(), &|_| {});
    assert!(instances.len() <= 200_000, "{}", instances.len());
    let told = world.take_diagnostics();
    assert!(
        told.iter()
            .any(|diagnostic| diagnostic.summary.contains("instances")),
        "{told:?}"
    );
}
