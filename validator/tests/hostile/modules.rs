//! Trees of modules beyond all bounds.

use std::fmt::Write as _;

use crate::run::{Root, some};

const PROVIDER: &str = "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n";

/// A chain of this many modules, each in a directory of its own, a resource at its end.
fn chain(depth: usize, providers: &str) -> Root {
    let call = |to: usize| format!("module \"m\" {{\n  source = \"../m{to}\"\n{providers}}}\n");
    let mut root = Root::new(format!("{PROVIDER}{}", call(0).replace("../", "./")));
    for at in 0..depth {
        root = root.with(&format!("m{at}/main.tf"), call(at + 1));
    }
    root.with(
        &format!("m{depth}/main.tf"),
        "resource \"aws_vpc\" \"x\" {}\n",
    )
}

#[test]
fn a_chain_of_a_thousand_modules_ends_and_its_region_is_told_in_few_words() {
    for providers in ["", "  providers = {\n    aws = aws\n  }\n"] {
        let root = chain(200, providers);
        let ran = root.inventory();
        assert!(ran.out.len() < 20_000, "{} bytes of output", ran.out.len());
        let json = root.run(&["inventory", ".", "--format", "json"]);
        assert!(json.out.len() < 60_000, "{} bytes of JSON", json.out.len());
        let deep = chain(1_000, providers);
        deep.inventory();
        deep.run(&["inventory", ".", "--format", "json"]);
    }
}

#[test]
fn a_module_that_calls_itself_is_cut() {
    for main in [
        "module \"m\" {\n  source = \"./\"\n}\n",
        "module \"m\" {\n  source = \"./.\"\n}\nmodule \"n\" {\n  source = \"./a/..\"\n}\n",
        "module \"m\" {\n  source = \"./a\"\n}\n",
    ] {
        Root::new(format!("{main}resource \"aws_vpc\" \"x\" {{}}\n"))
            .with("a/main.tf", "module \"m\" {\n  source = \"../a\"\n  count = 2\n}\nmodule \"n\" {\n  source = \"../\"\n}\n")
            .inventory()
            .shows("aws_vpc.x");
    }
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "runs up to its bounds, which takes minutes unless optimised: make hostile"
)]
fn modules_that_double_forty_times_end_within_bounds() {
    for repeat in some(&["", "  count = 2\n", "  for_each = toset([\"a\", \"b\"])\n"]) {
        let calls = |to: usize| {
            let twice =
                |name: &str| format!("module {name:?} {{\n  source = \"../m{to}\"\n{repeat}}}\n");
            twice("a") + &twice("b")
        };
        let mut root = Root::new(calls(0).replace("../", "./"));
        for at in 0..40 {
            root = root.with(&format!("m{at}/main.tf"), calls(at + 1));
        }
        root.with("m40/main.tf", "resource \"aws_vpc\" \"x\" {}\n")
            .inventory()
            .says("module ");
    }
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "runs up to its bounds, which takes minutes unless optimised: make hostile"
)]
fn outputs_that_double_through_modules_end_within_bounds() {
    let body = "variable \"a\" {}\noutput \"b\" {\n  value = [var.a, var.a]\n}\n";
    let mut main = String::from("module \"m0\" {\n  source = \"./m\"\n  a = 1\n}\n");
    for at in 1..40 {
        writeln!(
            main,
            "module \"m{at}\" {{\n  source = \"./m\"\n  a = module.m{}.b\n}}",
            at - 1
        )
        .expect("room");
    }
    main += "resource \"aws_vpc\" \"x\" {\n  cidr_block = module.m39.b\n}\n";
    Root::new(main)
        .with("m/main.tf", body)
        .inventory()
        .says("grew too large");
}

#[test]
fn a_provider_that_goes_round_through_modules_ends() {
    let main = "module \"a\" {\n  source = \"./m\"\n  providers = {\n    aws = aws.b\n    aws.b = aws.a\n  }\n}\n\
                provider \"aws\" {\n  alias = \"a\"\n  region = module.a.region\n}\n\
                provider \"aws\" {\n  alias = \"b\"\n  region = module.a.region\n}\n";
    let module = "terraform {\n  required_providers {\n    aws = {\n      source = \"hashicorp/aws\"\n      \
                  configuration_aliases = [aws.b]\n    }\n  }\n}\ndata \"aws_region\" \"x\" {}\noutput \"region\" {\n  \
                  value = data.aws_region.x.name\n}\nresource \"aws_vpc\" \"x\" {\n  provider = aws.b\n}\n";
    Root::new(main)
        .with("m/main.tf", module)
        .inventory()
        .shows("aws_vpc.x");
}
