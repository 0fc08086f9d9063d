//! Things that depend on themselves.

use crate::run::Root;
use std::fmt::Write as _;

const MODULE: (&str, &str) = (
    "m/main.tf",
    "variable \"a\" {}\noutput \"b\" {\n  value = var.a\n}\nresource \"aws_vpc\" \"x\" {\n  cidr_block = var.a\n}\n",
);

#[test]
fn every_circle_is_told_and_the_rest_is_kept() {
    let rest = "resource \"aws_vpc\" \"kept\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n";
    let circles = [
        "locals {\n  a = local.b\n  b = local.a\n}\nresource \"aws_vpc\" \"x\" {\n  cidr_block = local.a\n}\n",
        "locals {\n  a = [for v in local.a : v]\n}\nresource \"aws_vpc\" \"x\" {\n  cidr_block = local.a\n}\n",
        "resource \"aws_vpc\" \"x\" {\n  cidr_block = aws_vpc.y.cidr_block\n}\nresource \"aws_vpc\" \"y\" {\n  cidr_block = aws_vpc.x.cidr_block\n}\n",
        "resource \"aws_vpc\" \"x\" {\n  cidr_block = aws_vpc.x.cidr_block\n}\n",
        "resource \"aws_vpc\" \"x\" {\n  count = length(aws_vpc.x)\n}\n",
        "resource \"aws_vpc\" \"x\" {\n  for_each = aws_vpc.x\n}\n",
        "resource \"aws_vpc\" \"x\" {\n  for_each = toset(keys(aws_vpc.y))\n}\nresource \"aws_vpc\" \"y\" {\n  for_each = toset(keys(aws_vpc.x))\n}\n",
        "module \"x\" {\n  source = \"./m\"\n  a = module.x.b\n}\n",
        "module \"x\" {\n  source = \"./m\"\n  a = module.y.b\n}\nmodule \"y\" {\n  source = \"./m\"\n  a = module.x.b\n}\n",
        "module \"x\" {\n  source = \"./m\"\n  count = length(module.x)\n  a = 1\n}\n",
        "data \"aws_region\" \"x\" {\n  count = length(data.aws_region.x)\n}\nresource \"aws_vpc\" \"x\" {\n  cidr_block = data.aws_region.x[0].name\n}\n",
        "output \"a\" {\n  value = local.a\n}\nlocals {\n  a = { b = local.a.b }\n}\nresource \"aws_vpc\" \"x\" {\n  cidr_block = local.a.b\n}\n",
    ];
    for circle in circles {
        let root = Root::new(format!("{circle}{rest}")).with(MODULE.0, MODULE.1);
        root.inventory().says("itself").shows("aws_vpc.kept");
        root.run(&["inventory", ".", "--format", "json"])
            .shows("aws_vpc.kept");
    }
}

#[test]
fn providers_that_depend_on_themselves_leave_the_region_open() {
    let circles = [
        "provider \"aws\" {\n  region = data.aws_region.x.name\n}\ndata \"aws_region\" \"x\" {}\n",
        "provider \"aws\" {\n  region = aws_vpc.x.region\n}\n",
        "provider \"aws\" {\n  region = local.a\n}\nlocals {\n  a = aws_vpc.x.tags[\"region\"]\n}\n",
        "provider \"aws\" {\n  region = module.m.b\n}\nmodule \"m\" {\n  source = \"./m\"\n  a = data.aws_region.x.name\n}\ndata \"aws_region\" \"x\" {}\n",
        "provider \"aws\" {\n  region = \"eu-west-1\"\n  default_tags {\n    tags = aws_vpc.x.tags_all\n  }\n}\n",
    ];
    for circle in circles {
        let main = format!("{circle}resource \"aws_vpc\" \"x\" {{\n  tags = {{ a = 1 }}\n}}\n");
        let root = Root::new(main).with(MODULE.0, MODULE.1);
        root.inventory().shows("aws_vpc.x");
    }
}

#[test]
fn long_chains_of_values_end_without_taking_the_stack() {
    let mut main = String::from("locals {\n  a0 = 1\n");
    for at in 1..20_000 {
        writeln!(main, "  a{at} = local.a{} + 1", at - 1).expect("room in a string");
    }
    main += "}\nresource \"aws_vpc\" \"x\" {\n  cidr_block = local.a19999\n}\n";
    Root::new(main).inventory().says("nested too deeply");
    let mut main =
        String::from("resource \"aws_vpc\" \"a0\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n");
    for at in 1..5_000 {
        write!(
            main,
            "resource \"aws_vpc\" \"a{at}\" {{\n  cidr_block = aws_vpc.a{}.cidr_block\n}}\n",
            at - 1
        )
        .expect("room in a string");
    }
    Root::new(main).inventory();
}
