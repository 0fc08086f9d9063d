//! Broken files and blocks: what is whole is read all the same, and what is missing is told.

use crate::scene::{Scene, holds, parts, said, value};

#[test]
fn a_broken_block_costs_that_block() {
    let scene = Scene::new(&[
        (
            "a.tf",
            "locals {\n  a = 1\n}\nresource \"terraform_data\" \"broken\" {\n  input = [1,\n}\nlocals {\n  b = 2\n}\n",
        ),
        ("b.tf", "locals { c = 3 }"),
    ]);
    let loaded = scene.load();
    assert_eq!(value(&loaded, "local.c"), "3");
    assert_eq!(value(&loaded, "local.a"), "1");
    holds(&said(&loaded), &["error a.tf:"]);
}

#[test]
fn odd_blocks_are_left_out_each_with_its_place() {
    let scene = Scene::new(&[(
        "main.tf",
        "nonsense \"a\" {\n}\nresource \"aws_vpc\" {\n}\nvariable {\n}\nvariable \"9a\" {\n}\nvariable \"count\" {\n}\n\
         resource \"terraform_data\" \"a.b\" {\n}\nlist \"a\" \"b\" {\n}\nlocals \"x\" {\n}\na = 1\noutput \"ok\" {\n  value = 1\n}\n",
    )]);
    let loaded = scene.load();
    let said = said(&loaded);
    holds(
        &said,
        &[
            "error main.tf:1:1: an unknown block type \"nonsense\"",
            "error main.tf:3:1: wrong number of labels of \"resource\"",
            "error main.tf:5:1: wrong number of labels of \"variable\"",
            "error main.tf:7:1: invalid name of \"variable\"",
            "error main.tf:9:1: a variable named \"count\"",
            "error main.tf:11:1: invalid name of \"resource\"",
            "error main.tf:13:1: an unknown block type \"list\"",
            "error main.tf:15:1: wrong number of labels of \"locals\"",
            "error main.tf:17:1: an argument \"a\" at the top of a file",
        ],
    );
    assert_eq!(said.lines().count(), 9, "{said}");
    assert_eq!(loaded.root().outputs.len(), 1);
}

#[test]
fn blocks_that_are_no_resources_are_none() {
    let scene = Scene::new(&[(
        "main.tf",
        "import {\n  to = terraform_data.a\n  id = \"x\"\n}\nremoved {\n  from = terraform_data.b\n}\ncheck \"c\" {\n  data \"http\" \"x\" {\n    url = \"x\"\n  }\n}\n\
         moved {\n  from = terraform_data.old\n  to = terraform_data.a\n}\naction \"aws_x\" \"y\" {\n}\nresource \"terraform_data\" \"a\" {\n  connection {\n  }\n  provisioner \"local-exec\" {\n  }\n  lifecycle {\n    ignore_changes = [input, tags[\"a\"], \"triggers_replace\"]\n  }\n  timeouts {\n  }\n}\n",
    )]);
    let loaded = scene.load();
    assert_eq!(said(&loaded), "");
    let root = loaded.root();
    assert_eq!(root.resources.len(), 1);
    let resource = root.resources.values().next().unwrap();
    assert_eq!(
        resource
            .content
            .blocks
            .iter()
            .map(|block| &*block.ty)
            .collect::<Vec<_>>(),
        ["timeouts"]
    );
    assert_eq!(
        resource
            .ignore_changes
            .iter()
            .map(|name| &**name)
            .collect::<Vec<_>>(),
        ["input", "tags", "triggers_replace"]
    );
    assert_eq!(
        (&*root.moved[0].from, &*root.moved[0].to),
        ("terraform_data.old", "terraform_data.a")
    );
}

#[test]
fn providers_are_read_in_all_their_spellings() {
    let scene = Scene::new(&[
        (
            "main.tf",
            "terraform {\n  required_providers {\n    aws = {\n      source = \"hashicorp/aws\"\n      configuration_aliases = [aws.main, aws.other]\n    }\n    old = \"~> 2.0\"\n  }\n}\n\
             resource \"aws_vpc\" \"a\" { provider = aws.main }\nresource \"aws_vpc\" \"b\" { provider = \"aws.other\" }\nresource \"aws_vpc\" \"c\" { provider = aws.a.b }\n\
             module \"m\" {\n  source = \"./m\"\n  providers = {\n    aws = aws.main\n    aws.x = aws.other\n  }\n}\n",
        ),
        ("m/main.tf", ""),
    ]);
    let loaded = scene.load();
    let said = said(&loaded);
    holds(&said, &["an invalid provider reference"]);
    assert_eq!(said.lines().count(), 1, "{said}");
    let root = loaded.root();
    assert_eq!(
        root.required_providers["aws"].aliases,
        ["main".into(), "other".into()]
    );
    assert_eq!(
        root.required_providers["old"].version.as_deref(),
        Some("~> 2.0")
    );
    let aliases: Vec<Option<&str>> = root
        .resources
        .values()
        .map(|resource| {
            resource
                .provider
                .as_ref()
                .and_then(|(provider, _)| provider.alias.as_deref())
        })
        .collect();
    assert_eq!(aliases, [Some("main"), Some("other"), None]);
    let pairs: Vec<(Option<&str>, Option<&str>)> = root.calls["m"]
        .providers
        .iter()
        .map(|(ours, theirs)| (ours.alias.as_deref(), theirs.alias.as_deref()))
        .collect();
    assert_eq!(pairs, [(None, Some("main")), (Some("x"), Some("other"))]);
}

#[test]
fn fifty_thousand_blocks_are_read_in_time_that_grows_with_them() {
    let text = parts(50_000, |at| {
        format!("resource \"terraform_data\" \"r{at}\" {{\n}}\n")
    });
    let scene = Scene::new(&[("main.tf", &text), ("override.tf", &text)]);
    let begun = std::time::Instant::now();
    let loaded = scene.load();
    assert_eq!(loaded.root().resources.len(), 50_000);
    // Quadratic work takes minutes here.
    assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
}

#[test]
fn rubbish_of_all_kinds_ends_in_diagnostics() {
    let mut random = fastrand::Rng::with_seed(7);
    let words = [
        "resource",
        "\"a\"",
        "{",
        "}",
        "=",
        "\n",
        "[",
        "]",
        "variable",
        "locals",
        "terraform",
        "module",
        "source",
        "\"./m\"",
        "<<E\n",
        "E\n",
        "${",
        "%{",
        "provider",
        "alias",
        "lifecycle",
        "ignore_changes",
        "all",
        "moved",
        "from",
        "to",
        "null",
        "1",
        ",",
        "\u{0}",
        "é",
        "backend",
        "cloud",
        "*/",
        "/*",
    ];
    for _ in 0..300 {
        let text = parts(60, |_| format!("{} ", words[random.usize(..words.len())]));
        let scene = Scene::new(&[
            ("main.tf", &text),
            ("x_override.tf", &text),
            ("m/main.tf", &text),
            ("terraform.tfvars", &text),
            ("x.tf.json", &text),
        ]);
        let _ = said(&scene.load());
    }
}
