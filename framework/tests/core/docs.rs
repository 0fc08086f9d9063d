//! The pages for the registry.

use std::fs;
use std::path::Path;

use terraform_framework::docs::{Docs, Problem, render};

use crate::conformance::provider::Conformance;
use crate::greeting::Greeting;

fn pages_of_greeting(root: &Path) -> Docs {
    let example = |file: &str, text: &str| {
        let file = root.join("examples").join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    };
    example("provider/provider.tf", "provider \"greeting\" {}\n");
    example(
        "resources/greeting_note/resource.tf",
        "resource \"greeting_note\" \"ada\" {\n  name = \"Ada\"\n}\n",
    );
    example(
        "functions/shout/function.tf",
        "output \"loud\" {\n  value = provider::greeting::shout(\"hello\")\n}\n",
    );
    render(&Greeting, &root.join("examples")).unwrap()
}

#[test]
fn c15_pages_show_example_schema_and_signature() {
    let root = tempfile::tempdir().unwrap();
    let docs = pages_of_greeting(root.path());
    let pages = docs
        .pages()
        .iter()
        .map(|(page, text)| format!("==> {}\n{text}", page.display()));
    let all = pages.collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!("greeting", all);
}

#[test]
fn c15_pages_of_every_kind_of_attribute_and_block() {
    let docs = render(&Conformance, Path::new("no examples")).unwrap();
    for name in ["thing", "house"] {
        insta::assert_snapshot!(
            name,
            docs.pages()[&Path::new("resources").join(format!("{name}.md"))]
        );
    }
    insta::assert_snapshot!("announce", docs.pages()[Path::new("actions/announce.md")]);
}

#[test]
fn c15_every_anchor_is_there_and_is_there_once() {
    let docs = render(&Conformance, Path::new("no examples")).unwrap();
    for (page, text) in docs.pages() {
        for link in text.split("(#").skip(1) {
            let anchor = link.split(')').next().unwrap();
            let count = text.matches(&format!("<a id=\"{anchor}\">")).count();
            assert_eq!(count, 1, "{}: {anchor}", page.display());
        }
    }
}

#[test]
fn c15_stale_missing_and_extra_pages_are_found_and_hand_written_ones_left_alone() {
    let root = tempfile::tempdir().unwrap();
    let docs = pages_of_greeting(root.path());
    let pages = root.path().join("docs");
    let all_missing = docs.check(&pages).unwrap();
    assert_eq!(all_missing.len(), 3);
    assert!(
        all_missing.iter().all(|p| matches!(p, Problem::Missing(_))),
        "{all_missing:?}"
    );
    docs.write(&pages).unwrap();
    assert_eq!(docs.check(&pages).unwrap(), []);
    fs::write(pages.join("index.md"), "edited").unwrap();
    fs::write(pages.join("resources/ghost.md"), "gone").unwrap();
    fs::create_dir(pages.join("guides")).unwrap();
    fs::write(pages.join("guides/start.md"), "by hand").unwrap();
    fs::remove_file(pages.join("functions/shout.md")).unwrap();
    let mut found = docs.check(&pages).unwrap();
    found.sort();
    assert_eq!(
        found,
        [
            Problem::Stale(pages.join("index.md")),
            Problem::Missing(pages.join("functions/shout.md")),
            Problem::Extra(pages.join("resources/ghost.md")),
        ]
    );
    docs.write(&pages).unwrap();
    assert_eq!(docs.check(&pages).unwrap(), []);
    assert!(pages.join("guides/start.md").exists());
}

#[test]
fn c15_a_missing_example_is_a_problem() {
    let root = tempfile::tempdir().unwrap();
    pages_of_greeting(root.path());
    let example = root.path().join("examples/functions/shout/function.tf");
    fs::remove_file(&example).unwrap();
    let docs = render(&Greeting, &root.path().join("examples")).unwrap();
    docs.write(&root.path().join("docs")).unwrap();
    assert_eq!(
        docs.check(&root.path().join("docs")).unwrap(),
        [Problem::NoExample(example)]
    );
}
