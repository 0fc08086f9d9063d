//! Which files of a directory are read, and what stands in them.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use crate::scene::{Scene, holds, said, value};

fn names(configuration: &drcheck::load::config::Configuration) -> Vec<String> {
    configuration
        .sources
        .all()
        .iter()
        .map(|file| file.name.to_string())
        .collect()
}

#[test]
fn files_are_read_by_name_and_overrides_last() {
    let scene = Scene::new(&[
        ("z.tf", "locals { z = 1 }"),
        ("a_override.tf", "locals { z = 2 }"),
        ("b.tf", "locals { b = 1 }"),
        ("override.tf", "locals { b = 3 }"),
    ]);
    let loaded = scene.load();
    assert_eq!(
        names(&loaded),
        ["b.tf", "z.tf", "a_override.tf", "override.tf"]
    );
    assert_eq!(value(&loaded, "local.z + local.b"), "5");
    assert_eq!(said(&loaded), "");
}

#[test]
fn files_of_editors_and_directories_are_left_alone() {
    let scene = Scene::new(&[
        ("main.tf", "locals { a = 1 }"),
        (".hidden.tf", "locals { b = 1 }"),
        ("#main.tf#", "nonsense {"),
        ("main.tf~", "nonsense {"),
        ("notes.txt", "nonsense {"),
        ("folder.tf/inner.tf", "nonsense {"),
    ]);
    scene.link("host@example:1", ".#main.tf");
    let loaded = scene.load();
    assert_eq!(names(&loaded), ["main.tf"]);
    assert_eq!(said(&loaded), "");
}

#[test]
fn a_tofu_file_stands_in_for_the_tf_file_of_its_name() {
    let scene = Scene::new(&[
        ("main.tf", "locals { a = \"terraform\" }"),
        ("main.tofu", "locals { a = \"tofu\" }"),
        ("more.tofu", "locals { b = \"more\" }"),
        ("other.tf", "locals { c = \"other\" }"),
    ]);
    let loaded = scene.load();
    assert_eq!(names(&loaded), ["main.tofu", "more.tofu", "other.tf"]);
    assert_eq!(
        value(&loaded, "\"${local.a} ${local.b} ${local.c}\""),
        "tofu more other"
    );
}

#[test]
fn a_byte_order_mark_and_windows_lines_do_no_harm() {
    let scene = Scene::new(&[("main.tf", "\u{feff}locals {\r\n  a = 1\r\n}\r\n")]);
    let loaded = scene.load();
    assert_eq!(value(&loaded, "local.a"), "1");
    assert_eq!(said(&loaded), "");
}

#[test]
fn a_file_name_that_is_not_unicode_is_read_all_the_same() {
    let scene = Scene::new(&[("main.tf", "locals { a = 1 }")]);
    let path = scene.path("").join(OsStr::from_bytes(b"odd\xff.tf"));
    std::fs::write(path, "locals { b = 2 }").unwrap();
    let path = scene
        .path("")
        .join(OsStr::from_bytes(b"odd\xff.auto.tfvars"));
    std::fs::write(path, "v = 3").unwrap();
    scene.write("v.tf", "variable \"v\" {}");
    let loaded = scene.load();
    assert_eq!(value(&loaded, "local.b + var.v"), "5");
    assert!(names(&loaded).contains(&"odd\u{fffd}.tf".to_owned()));
}

#[test]
fn declaring_twice_is_refused_and_the_first_counts() {
    let scene = Scene::new(&[
        (
            "a.tf",
            "variable \"v\" { default = 1 }\nlocals { l = 1 }\noutput \"o\" { value = 1 }\n\
             resource \"terraform_data\" \"r\" { input = 1 }\nprovider \"aws\" { region = \"a\" }\n\
             provider \"aws\" {\n  alias = \"x\"\n}\nmodule \"m\" { source = \"./m\" }\n\
             terraform {\n  backend \"s3\" { key = \"first\" }\n}\n",
        ),
        (
            "b.tf",
            "variable \"v\" { default = 2 }\nlocals { l = 2 }\noutput \"o\" { value = 2 }\n\
             resource \"terraform_data\" \"r\" { input = 2 }\nprovider \"aws\" { region = \"b\" }\n\
             provider \"aws\" {\n  alias = \"x\"\n}\nmodule \"m\" { source = \"./m\" }\n\
             terraform {\n  backend \"gcs\" {}\n}\ndata \"terraform_data\" \"r\" {}\n",
        ),
        ("m/main.tf", ""),
    ]);
    let loaded = scene.load();
    let said = said(&loaded);
    holds(
        &said,
        &[
            "error b.tf:1:1: variable \"v\" is declared twice",
            "error b.tf:2:10: local.l is declared twice",
            "error b.tf:3:1: output \"o\" is declared twice",
            "error b.tf:4:1: resource \"terraform_data\" \"r\" is declared twice",
            "error b.tf:5:1: provider \"aws\" is declared twice",
            "error b.tf:6:1: provider \"aws\" is declared twice",
            "error b.tf:9:1: module \"m\" is declared twice",
            "error b.tf:11:3: a second backend",
        ],
    );
    assert_eq!(said.lines().count(), 8, "{said}");
    assert_eq!(
        value(
            &loaded,
            "[var.v, local.l, terraform_data.r.input] == [1, 1, 1]"
        ),
        "true"
    );
    assert_eq!(&*loaded.root().backend.as_ref().unwrap().ty, "s3");
}

#[test]
fn a_root_without_configuration_says_what_to_name_instead() {
    let scene = Scene::new(&[("notes.txt", ""), ("plan.json", "{}")]);
    let empty = scene.try_load().unwrap_err().to_string();
    holds(
        &empty,
        &[
            "no configuration files",
            "name the directory of a root module",
        ],
    );
    let file = drcheck::load::load(&scene.request("plan.json"))
        .unwrap_err()
        .to_string();
    holds(&file, &["is a file", "--plan"]);
    let missing = drcheck::load::load(&scene.request("nowhere"))
        .unwrap_err()
        .to_string();
    holds(&missing, &["cannot open the root module"]);
}

#[test]
fn loading_twice_gives_the_same_to_the_last_letter() {
    let files: Vec<(String, String)> = (0..40)
        .map(|at| (format!("f{at}.tf"), format!("locals {{\n  a{at} = {at}\n  a{at} = 0\n}}\nodd \"{at}\" {{\n}}\nmodule \"m{at}\" {{\n  source = \"./m{}\"\n}}\n", at % 7)))
        .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (&**name, &**text))
        .collect();
    let scene = Scene::new(&files);
    for at in 0..5 {
        scene.write(
            &format!("m{at}/main.tf"),
            "output \"o\" { value = path.module }",
        );
    }
    let first = scene.load();
    for _ in 0..5 {
        let again = scene.load();
        assert_eq!(said(&again), said(&first));
        assert_eq!(names(&again), names(&first));
        let directories = |loaded: &drcheck::load::config::Configuration| {
            loaded
                .modules
                .iter()
                .map(|module| module.directory.to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(directories(&again), directories(&first));
    }
}
