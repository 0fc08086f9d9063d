//! The examples of the reference are read as they stand there.

use std::path::Path;

use crate::scene::{QUEUES, Scene};

#[test]
fn every_example_of_the_reference_can_be_read() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/drcheck/dr-hcl.md");
    let text = std::fs::read_to_string(page).expect("the page");
    let examples: Vec<&str> = text
        .split("```hcl\n")
        .skip(1)
        .map(|part| part.split("```").next().unwrap_or_default())
        .collect();
    assert!(examples.len() >= 8, "{}", examples.len());
    for example in examples {
        let settings = drcheck::settings::read("dr.hcl", example.as_bytes().to_vec());
        assert!(settings.is_ok(), "{example}\n{settings:?}");
    }
    for block in [
        "estate", "root", "zones", "tier", "rule", "single", "pair", "use", "relation", "accept",
    ] {
        assert!(text.contains(&format!("\n## {block}")), "{block}");
    }
}

#[test]
fn every_comment_of_the_reference_is_complete() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/drcheck/dr-hcl.md");
    let text = std::fs::read_to_string(page).expect("the page");
    let mut comments = text
        .lines()
        .filter(|line| line.contains("# drcheck:accept ") && !line.contains('…'))
        .peekable();
    assert!(comments.peek().is_some());
    for line in comments {
        let scene = Scene::queues("");
        scene.write(
            "main.tf",
            format!(
                "{QUEUES}\n# {}\n",
                &line[line.find("drcheck:").unwrap_or(0)..]
            ),
        );
        let run = scene.check(&[]);
        assert_eq!(run.code, Some(1), "{line}\n{}", run.stderr);
    }
}
