//! Blocks and instances without number.

use crate::run::{Root, many};
use std::fmt::Write as _;

#[test]
fn counts_without_end_are_refused() {
    for count in [
        "1e9",
        "99999999999999999999",
        "1e300",
        "-1",
        "0.5",
        "300000",
    ] {
        Root::new(format!(
            "resource \"aws_vpc\" \"x\" {{\n  count = {count}\n}}\n"
        ))
        .inventory()
        .says("aws_vpc.x");
        Root::new(format!(
            "module \"x\" {{\n  source = \"./m\"\n  count = {count}\n}}\n"
        ))
        .with("m/main.tf", "resource \"aws_vpc\" \"x\" {}\n")
        .inventory()
        .says("module.x");
    }
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "runs up to its bounds, which takes minutes unless optimised: make hostile"
)]
fn a_million_keys_are_refused() {
    let keys = "toset([for a in range(1000) : [for b in range(1000) : \"${a}-${b}\"]]...)";
    for keys in [
        "{ for a in setproduct(range(1000), range(1000)) : join(\"-\", a) => a }",
        "toset([for a in setproduct(range(1000), range(1000)) : join(\"-\", a)])",
        keys,
    ] {
        Root::new(format!(
            "resource \"aws_vpc\" \"x\" {{\n  for_each = {keys}\n  cidr_block = each.key\n}}\n"
        ))
        .inventory()
        .says("aws_vpc.x");
    }
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "runs up to its bounds, which takes minutes unless optimised: make hostile"
)]
fn dynamic_blocks_without_number_are_refused() {
    let dynamic = |over: &str| {
        format!(
            "resource \"aws_security_group\" \"x\" {{\n  dynamic \"ingress\" {{\n    for_each = {over}\n    content {{\n      \
             from_port = ingress.key\n      cidr_blocks = [for a in range(1000) : tostring(a)]\n    }}\n  }}\n}}\n"
        )
    };
    Root::new(dynamic("setproduct(range(1000), range(1000))"))
        .inventory()
        .says("aws_security_group.x");
    Root::new(many(&dynamic("many(100000)")))
        .inventory()
        .says("aws_security_group.x");
    let nested = (0..40).fold("a = 1".to_owned(), |inner, _| {
        format!("dynamic \"b\" {{\n  for_each = [1, 2]\n  content {{\n    {inner}\n  }}\n}}\n")
    });
    Root::new(format!("resource \"x_y\" \"x\" {{\n{nested}\n}}\n"))
        .inventory()
        .says("x_y.x");
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "runs up to its bounds, which takes minutes unless optimised: make hostile"
)]
fn instances_times_blocks_are_bounded_together() {
    let main = "resource \"aws_security_group\" \"x\" {\n  count = 10000\n  dynamic \"ingress\" {\n    for_each = many(10000)\n    \
                content {\n      from_port = ingress.value\n    }\n  }\n}\n";
    Root::new(many(main))
        .inventory()
        .says("aws_security_group.x");
    let main = "resource \"aws_vpc\" \"x\" {\n  count = 100000\n  tags = { for a in range(1000) : a => a }\n}\n";
    Root::new(many(main)).inventory().says("aws_vpc.x");
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "runs up to its bounds, which takes minutes unless optimised: make hostile"
)]
fn policy_documents_without_number_are_bounded() {
    let main = "data \"aws_iam_policy_document\" \"x\" {\n  count = 1000\n  dynamic \"statement\" {\n    for_each = many(10000)\n    \
                content {\n      actions = [for a in range(1000) : \"s3:${a}\"]\n      resources = [\"*\"]\n    }\n  }\n}\n\
                resource \"aws_iam_policy\" \"x\" {\n  policy = join(\"\", data.aws_iam_policy_document.x[*].json)\n}\n";
    Root::new(many(main)).inventory().says("grew too large");
    let mut main = String::from(
        "data \"aws_iam_policy_document\" \"a0\" {\n  statement {\n    actions = [\"*\"]\n  }\n}\n",
    );
    for at in 1..40 {
        let before = at - 1;
        write!(main, "data \"aws_iam_policy_document\" \"a{at}\" {{\n  source_policy_documents = [data.aws_iam_policy_document.a{before}.json, \
             data.aws_iam_policy_document.a{before}.json]\n}}\n"
        ).expect("room in a string");
    }
    main += "resource \"aws_iam_policy\" \"x\" {\n  policy = data.aws_iam_policy_document.a39.json\n}\n";
    Root::new(main).inventory();
}
