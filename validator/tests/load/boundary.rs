//! What may be read: attacks on the boundary by links, dots, manifests, pipes and sizes.

use std::fs::File;
use std::process::Command;

use crate::scene::{Scene, holds, said, value};
use drcheck::functions::Found;
use drcheck::load::config::Configuration;
use drcheck::load::{self, Request};

/// A repository `repo` with a root `repo/live`, and a file outside of it.
fn repository(main: &str) -> Scene {
    Scene::new(&[
        ("secret.txt", "secret"),
        ("secret.tfvars", "v = \"secret\""),
        ("outside/main.tf", "output \"o\" { value = \"outside\" }"),
        ("outside/own.txt", "secret"),
        ("repo/.git/HEAD", ""),
        ("repo/near.txt", "near"),
        ("repo/live/main.tf", main),
        ("repo/live/own.txt", "own"),
    ])
}

fn loaded(scene: &Scene) -> Configuration {
    load::load(&scene.request("repo/live")).expect("a root that can be loaded")
}

fn read(loaded: &Configuration, path: &str) -> Found<String> {
    match loaded.environment.files.read(path) {
        Found::Here(bytes) => Found::Here(String::from_utf8_lossy(&bytes).into_owned()),
        Found::Missing(why) => Found::Missing(why),
        Found::Outside(why) => Found::Outside(why),
    }
}

fn is_outside(loaded: &Configuration, path: &str) {
    let found = read(loaded, path);
    assert!(
        matches!(&found, Found::Outside(why) if why.contains("--boundary")),
        "{path}: {found:?}"
    );
    assert!(
        matches!(loaded.environment.files.exists(path), Found::Outside(_)),
        "{path}"
    );
    assert!(
        matches!(loaded.environment.files.list(path), Found::Outside(_)),
        "{path}"
    );
}

#[test]
fn the_repository_around_the_root_is_the_boundary() {
    let scene = repository("");
    let loaded = loaded(&scene);
    assert_eq!(read(&loaded, "own.txt"), Found::Here("own".into()));
    assert_eq!(
        read(&loaded, "./../live/../near.txt"),
        Found::Here("near".into())
    );
    let absolute = scene.path("repo/near.txt").canonicalize().unwrap();
    assert_eq!(
        read(&loaded, absolute.to_str().unwrap()),
        Found::Here("near".into())
    );
    assert!(matches!(read(&loaded, "gone.txt"), Found::Missing(_)));
    assert!(matches!(read(&loaded, "own.txt/x"), Found::Missing(_)));
    assert!(matches!(read(&loaded, "own\0.txt"), Found::Missing(_)));
}

#[test]
fn a_root_without_repository_is_its_own_boundary_unless_one_is_named() {
    let scene = Scene::new(&[("near.txt", "near"), ("live/main.tf", "")]);
    let own = load::load(&scene.request("live")).unwrap();
    is_outside(&own, "../near.txt");
    let request = Request {
        boundary: Some(scene.path("")),
        ..scene.request("live")
    };
    assert_eq!(
        read(&load::load(&request).unwrap(), "../near.txt"),
        Found::Here("near".into())
    );
    let request = Request {
        boundary: Some(scene.path("live")),
        ..scene.request("")
    };
    let error = load::load(&request).unwrap_err().to_string();
    holds(
        &error,
        &["outside of the boundary", "name a boundary that holds it"],
    );
}

#[test]
fn no_way_of_writing_leads_out() {
    let scene = repository("");
    scene.link("/etc", "repo/live/etc");
    scene.link("/etc/passwd", "repo/live/passwd");
    scene.link("../..", "repo/live/up");
    scene.link("up/secret.txt", "repo/live/chained");
    scene.link("/etc/there-is-no-such-file", "repo/live/dangling");
    scene.link(scene.path("secret.txt"), "repo/live/absolute");
    let loaded = loaded(&scene);
    for path in [
        "/etc/passwd",
        "/",
        "../../secret.txt",
        "../../there-is-no-such-file",
        "../../../../../../../../../../etc/passwd",
        "etc/passwd",
        "etc/there-is-no-such-file",
        "passwd",
        "up/secret.txt",
        "up/there-is-no-such-file",
        "chained",
        "dangling",
        "absolute",
    ] {
        is_outside(&loaded, path);
    }
}

#[test]
fn links_inside_are_followed_and_circles_end() {
    let scene = repository("");
    scene.link("../near.txt", "repo/live/link.txt");
    scene.link("../../repo/near.txt", "repo/live/detour.txt");
    scene.link("circle-b", "repo/live/circle-a");
    scene.link("circle-a", "repo/live/circle-b");
    scene.link(".", "repo/live/self");
    let loaded = loaded(&scene);
    assert_eq!(read(&loaded, "link.txt"), Found::Here("near".into()));
    assert!(matches!(read(&loaded, "circle-a"), Found::Missing(_)));
    assert_eq!(
        read(&loaded, &format!("{}own.txt", "self/".repeat(10))),
        Found::Here("own".into())
    );
    assert!(matches!(
        read(&loaded, &format!("{}own.txt", "self/".repeat(100))),
        Found::Missing(_)
    ));
    let Found::Here(mut names) = loaded.environment.files.list(".") else {
        panic!("the root can be listed");
    };
    names.sort();
    assert!(names.contains(&"link.txt".to_owned()));
    assert!(
        !names.iter().any(|name| name.starts_with("self/")),
        "{names:?}"
    );
}

#[test]
fn a_file_function_outside_is_unknown_and_one_inside_is_read() {
    let scene = repository(
        "output \"a\" { value = try(file(\"/etc/passwd\"), \"fallback\") }\noutput \"b\" { value = file(\"own.txt\") }\n\
         output \"c\" { value = try(file(\"gone.txt\"), \"fallback\") }\n",
    );
    let loaded = loaded(&scene);
    let world = drcheck::world::World::new(&loaded);
    assert!(!world.root_output("a").unwrap().is_known());
    assert_eq!(world.root_output("b").unwrap().as_str(), Some("own"));
    assert_eq!(world.root_output("c").unwrap().as_str(), Some("fallback"));
}

#[test]
fn links_among_configuration_files_may_not_lead_out() {
    let scene = repository("locals { a = 1 }");
    scene.write("repo/shared.tf", "locals { shared = 2 }");
    scene.link("../shared.tf", "repo/live/shared.tf");
    scene.link("/etc/passwd", "repo/live/passwd.tf");
    scene.link("../../outside/main.tf", "repo/live/outside.tf");
    scene.link("nowhere", "repo/live/dangling.tf");
    scene.link("../../secret.tfvars", "repo/live/terraform.tfvars");
    scene.write("repo/live/v.tf", "variable \"v\" { default = \"own\" }");
    let loaded = loaded(&scene);
    let said = said(&loaded);
    holds(
        &said,
        &[
            "error: passwd.tf cannot be read: it is a link that leads out of the boundary",
            "error: outside.tf cannot be read: it is a link that leads out of the boundary",
            "error: dangling.tf cannot be read: it is a link that leads nowhere",
            "error: terraform.tfvars cannot be read",
        ],
    );
    assert!(!said.contains("root:"), "{said}");
    assert_eq!(value(&loaded, "local.a + local.shared"), "3");
    assert_eq!(value(&loaded, "var.v"), "own");
    assert!(loaded.root().incomplete);
}

#[test]
fn modules_outside_are_read_but_nothing_beside_their_configuration() {
    let manifest = r#"{"Modules":[{"Key":"installed","Source":"x/y/z","Dir":"../../outside"}]}"#;
    let scene = repository(
        "module \"local\" { source = \"../../outside\" }\nmodule \"installed\" { source = \"x/y/z\" }\n\
         output \"o\" { value = \"${module.local.o} ${module.installed.o}\" }\n",
    );
    scene.write("repo/live/.terraform/modules/modules.json", manifest);
    scene.write(
        "outside/leak.tf",
        "output \"leak\" { value = try(file(\"${path.module}/own.txt\"), \"fallback\") }",
    );
    scene.link("/etc/passwd", "outside/passwd.tf");
    let loaded = loaded(&scene);
    let said = said(&loaded);
    holds(
        &said,
        &[
            "note: ../../outside lies outside of the boundary",
            "passwd.tf cannot be read",
        ],
    );
    assert_eq!(value(&loaded, "module.local.o"), "outside");
    assert_eq!(value(&loaded, "module.installed.o"), "outside");
    assert_eq!(value(&loaded, "module.local.leak"), "unknown");
}

#[test]
fn pipes_and_devices_are_never_opened() {
    let scene = repository("variable \"v\" { default = 1 }");
    for name in ["pipe.tf", "terraform.tfvars", "pipe.txt"] {
        let made = Command::new("mkfifo")
            .arg(scene.path(&format!("repo/live/{name}")))
            .status()
            .unwrap();
        assert!(made.success());
    }
    let loaded = loaded(&scene);
    holds(
        &said(&loaded),
        &[
            "pipe.tf cannot be read: it is no regular file",
            "terraform.tfvars cannot be read: it is no regular file",
        ],
    );
    assert!(
        matches!(read(&loaded, "pipe.txt"), Found::Missing(why) if why.contains("no regular file"))
    );
    assert!(
        matches!(loaded.environment.files.list("."), Found::Here(names) if !names.contains(&"pipe.txt".into()))
    );
}

#[test]
fn files_past_all_bounds_are_refused_unread() {
    let scene = repository("locals { a = 1 }");
    for name in ["huge.tf", "huge.txt"] {
        File::create(scene.path(&format!("repo/live/{name}")))
            .unwrap()
            .set_len(80 * 1024 * 1024)
            .unwrap();
    }
    let loaded = loaded(&scene);
    holds(
        &said(&loaded),
        &["huge.tf cannot be read: it has 83886080 bytes"],
    );
    assert_eq!(value(&loaded, "local.a"), "1");
    assert!(matches!(read(&loaded, "huge.txt"), Found::Missing(why) if why.contains("83886080")));
}
