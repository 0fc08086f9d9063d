//! `backend-in-primary`: where the state of a root lies that manages the secondary region.

use super::plans::{ROLES, recorded, report, said, scene};

const RULE: &str = "backend-in-primary";

const CODE: &str = "
provider \"aws\" {
  region = \"us-east-1\"
}
provider \"aws\" {
  alias  = \"west\"
  region = \"us-west-2\"
}
resource \"aws_sqs_queue\" \"east\" {}
resource \"aws_sqs_queue\" \"west\" {
  provider = aws.west
}
";

/// What is said of an estate with this backend, and of one that was initialised so.
fn with(backend: &str, settings: &str, initialised: Option<&str>) -> Vec<String> {
    let directory = scene(settings, None);
    let root = directory.path();
    std::fs::write(
        root.join("main.tf"),
        format!("terraform {{\n{backend}\n}}\n{CODE}"),
    )
    .expect("main.tf");
    if let Some(text) = initialised {
        std::fs::create_dir(root.join(".terraform")).expect("a directory");
        std::fs::write(root.join(".terraform/terraform.tfstate"), text).expect("a file");
    }
    said(&report(root, &["."]), RULE)
}

#[test]
fn a_state_in_the_primary_region_is_found_at_its_backend() {
    for backend in [
        "backend \"s3\" {\n  bucket = \"b\"\n  key = \"k\"\n  region = \"us-east-1\"\n}",
        "backend \"s3\" {\n  bucket = \"b\"\n  region = join(\"-\", [\"us\", \"east\", \"1\"])\n}",
    ] {
        assert_eq!(
            with(backend, ROLES, None),
            ["degrades backend.s3 region"],
            "{backend}"
        );
    }
    let cold = ROLES.replace("\n}\n", "\n  strategy = \"pilot-light\"\n}\n");
    let backend = "backend \"s3\" {\n  bucket = \"b\"\n  region = \"us-east-1\"\n}";
    assert_eq!(with(backend, &cold, None), ["breaks backend.s3 region"]);
}

#[test]
fn a_state_in_the_secondary_or_a_third_region_holds() {
    for region in ["us-west-2", "eu-central-1"] {
        let backend = format!("backend \"s3\" {{\n  bucket = \"b\"\n  region = {region:?}\n}}");
        assert_eq!(
            with(&backend, ROLES, None),
            Vec::<String>::new(),
            "{region}"
        );
    }
}

#[test]
fn no_backend_and_other_clouds_are_not_asked() {
    for backend in [
        "",
        "backend \"local\" {}",
        "backend \"gcs\" {\n  bucket = \"b\"\n}",
        "backend \"azurerm\" {}",
    ] {
        assert_eq!(
            with(backend, ROLES, None),
            Vec::<String>::new(),
            "{backend}"
        );
    }
    // A plan and a state do not say where they are kept.
    let directory = scene(ROLES, None);
    let plan = recorded("quiet");
    let report = report(directory.path(), &["--plan", &plan.to_string_lossy()]);
    assert_eq!(said(&report, RULE), Vec::<String>::new());
}

#[test]
fn what_the_block_leaves_open_is_a_question_until_something_settles_it() {
    let partial = "backend \"s3\" {\n  bucket = \"b\"\n}";
    for backend in [
        partial,
        "backend \"s3\" {}",
        "backend \"remote\" {\n  organization = \"o\"\n}",
        "cloud {\n  organization = \"o\"\n}",
        "backend \"http\" {}",
        "backend \"s3\" {\n  bucket = \"b\"\n  region = \"us-east-1\"\n  endpoints = { s3 = \"https://minio.example\" }\n}",
    ] {
        let lines = with(backend, ROLES, None);
        assert_eq!(lines.len(), 1, "{backend}: {lines:?}");
        assert!(lines[0].starts_with("? backend."), "{lines:?}");
        // dr.hcl settles each of them, either way.
        let told = |region: &str| {
            ROLES.replace("\n}\n", &format!("\n  backend_region = {region:?}\n}}\n"))
        };
        assert_eq!(
            with(backend, &told("us-west-2"), None),
            Vec::<String>::new(),
            "{backend}"
        );
        assert_eq!(
            with(backend, &told("us-east-1"), None).len(),
            1,
            "{backend}"
        );
        assert!(
            with(backend, &told("us-east-1"), None)[0].starts_with("degrades "),
            "{backend}"
        );
    }
    let init = |region: &str| {
        format!(
            "{{\"version\":3,\"backend\":{{\"type\":\"s3\",\"config\":{{\"region\":{region:?},\"secret_key\":\"hidden\"}}}}}}"
        )
    };
    assert_eq!(
        with(partial, ROLES, Some(&init("us-east-1"))),
        ["degrades backend.s3 region"]
    );
    assert_eq!(
        with(partial, ROLES, Some(&init("us-west-2"))),
        Vec::<String>::new()
    );
    // The rest of another backend, and of something else altogether.
    for left in [
        "{\"backend\":{\"type\":\"gcs\",\"config\":{\"region\":\"us-west-2\"}}}",
        "{}",
        "not JSON",
    ] {
        assert_eq!(with(partial, ROLES, Some(left)), ["? backend.s3"], "{left}");
    }
}

#[test]
fn a_root_that_manages_the_primary_region_only_may_keep_its_state_there() {
    let directory = scene("", None);
    let root = directory.path();
    let backend =
        "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    region = \"us-east-1\"\n  }\n}\n";
    for (name, region) in [("prod", "us-east-1"), ("dr", "us-west-2")] {
        std::fs::create_dir(root.join(name)).expect("a directory");
        let code = format!(
            "{backend}provider \"aws\" {{\n  region = {region:?}\n}}\nresource \"aws_sqs_queue\" \"jobs\" {{}}\n"
        );
        std::fs::write(root.join(name).join("main.tf"), code).expect("main.tf");
    }
    let roots = "root \"prod\" {\n  path = \"prod\"\n}\nroot \"dr\" {\n  path = \"dr\"\n}\n";
    let check = |settings: String| {
        std::fs::write(root.join("dr.hcl"), settings).expect("dr.hcl");
        report(root, &["."])
    };
    let found = check(format!("{ROLES}{roots}"));
    assert_eq!(said(&found, RULE), ["degrades backend.s3 region"]);
    let finding = found["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .find(|finding| finding["rule"] == RULE);
    let place = &finding.expect("the finding")["primary"]["place"]["file"];
    let place = place.as_str().expect("a file");
    assert!(place.ends_with("dr/main.tf"), "{place}");
    let settled = format!("{ROLES}{roots}").replace(
        "path = \"dr\"",
        "path = \"dr\"\n  backend_region = \"us-west-2\"",
    );
    assert_eq!(said(&check(settled), RULE), Vec::<String>::new());
}

#[test]
fn a_state_of_another_root_that_is_read_from_the_primary_counts() {
    let reads = |region: &str| {
        format!(
            "{CODE}data \"terraform_remote_state\" \"shared\" {{\n  backend = \"s3\"\n  config = {{\n    bucket = \"b\"\n    key = \"k\"\n{region}  }}\n}}\n"
        )
    };
    let check = |code: String| {
        let directory = scene(ROLES, None);
        std::fs::write(directory.path().join("main.tf"), code).expect("main.tf");
        said(&report(directory.path(), &["."]), RULE)
    };
    let address = "data.terraform_remote_state.shared config.region";
    assert_eq!(
        check(reads("    region = \"us-east-1\"\n")),
        [format!("degrades {address}")]
    );
    assert_eq!(
        check(reads("    region = \"us-west-2\"\n")),
        Vec::<String>::new()
    );
    assert_eq!(check(reads("")), [format!("? {address}")]);
}
