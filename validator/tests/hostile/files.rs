//! Files that are none of the configuration's business, and files that are too much.

use std::os::unix::fs::symlink;

use crate::run::Root;

#[test]
fn files_outside_are_unknown_whatever_leads_there_and_try_does_not_fall_back() {
    for path in [
        "/etc/passwd",
        "../secret.txt",
        "./a/../../secret.txt",
        "a/b/../../../secret.txt",
        "/proc/self/environ",
        "/dev/zero",
        "linked.txt",
        "linked/secret.txt",
        "hop/linked.txt",
    ] {
        let root = Root::new("").with("a/b/c.txt", "");
        std::fs::write(root.path("secret.txt"), "hidden").expect("a new file");
        symlink("../secret.txt", root.path("repo/linked.txt")).expect("a new link");
        symlink("..", root.path("repo/linked")).expect("a new link");
        symlink(".", root.path("repo/hop")).expect("a new link");
        for function in [
            "file",
            "filebase64",
            "filesha256",
            "filemd5",
            "filebase64sha512",
        ] {
            let ran = root.eval(&format!("{function}({path:?})")).exits(0);
            ran.shows("lies outside of the boundary");
        }
        let caught = root.eval(&format!("try(file({path:?}), \"fallback\")"));
        caught.exits(0).shows("lies outside of the boundary");
        root.eval(&format!("can(file({path:?}))")).shows("(unknown");
        root.eval(&format!("fileexists({path:?})"))
            .shows("(unknown");
        root.eval(&format!("templatefile({path:?}, {{}})"))
            .shows("(unknown");
        let kept = root.eval(&format!("fileexists({path:?}) ? file({path:?}) : \"\""));
        assert!(!kept.out.contains("hidden"), "{}", kept.out);
    }
    let root = Root::new("");
    root.eval("fileset(\"/etc\", \"*\")").shows("(unknown");
    root.eval("fileset(\"..\", \"**\")").shows("(unknown");
    root.eval("fileset(\".\", \"../../*\")").shows("(unknown");
    root.eval("file(pathexpand(\"~/.ssh/id_rsa\"))")
        .shows("(unknown");
}

#[test]
fn links_that_circle_are_walked_once() {
    let root = Root::new("").with("a/x.txt", "");
    symlink("../a", root.path("repo/a/b")).expect("a new link");
    symlink("..", root.path("repo/a/c")).expect("a new link");
    symlink("loop", root.path("repo/loop")).expect("a new link");
    root.eval("length(fileset(\".\", \"**\"))").exits(0);
    root.eval("file(\"loop\")");
    let stars = "**/".repeat(100);
    root.eval(&format!("fileset(\".\", \"{stars}x\")"));
    root.eval(&format!("fileset(\".\", \"{}\")", "{a,b}".repeat(5_000)));
    root.eval(&format!("fileset(\".\", \"{}\")", "*a".repeat(5_000)));
}

#[test]
fn templates_that_include_themselves_end() {
    let root = Root::new("")
        .with("self.tpl", "x${templatefile(\"self.tpl\", {})}")
        .with("a.tpl", "${templatefile(\"b.tpl\", {})}")
        .with("b.tpl", "${templatefile(\"a.tpl\", {})}")
        .with("string.tpl", "${templatestring(s, { s = s })}");
    root.eval("templatefile(\"self.tpl\", {})")
        .exits(1)
        .says("templatefile");
    root.eval("templatefile(\"a.tpl\", {})").exits(1);
    root.eval("templatefile(\"string.tpl\", { s = \"$${templatestring(s, { s = s })}\" })")
        .exits(1);
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "runs up to its bounds, which takes minutes unless optimised: make hostile"
)]
fn templates_that_grow_are_refused() {
    let root = Root::new("")
        .with("twice.tpl", "${x}${x}")
        .with(
            "endless.tpl",
            "%{ for a in range(1000) }%{ for b in range(1000) }%{ for c in range(1000) }x%{ endfor }%{ endfor }%{ endfor }",
        );
    root.eval("templatefile(\"endless.tpl\", {})")
        .exits(1)
        .says("grew too large");
    let deep = (0..40).fold("\"x\"".to_owned(), |inner, _| {
        format!("templatefile(\"twice.tpl\", {{ x = {inner} }})")
    });
    root.eval(&deep).exits(1).says("grew too large");
}

#[test]
fn a_file_of_a_hundred_megabytes_is_refused_unread() {
    let root = Root::new("resource \"aws_vpc\" \"x\" {}\n");
    let huge = std::fs::File::create(root.path("repo/huge.tf")).expect("a new file");
    huge.set_len(100 * 1024 * 1024).expect("a sparse file");
    let ran = root.inventory().exits(3);
    ran.says("huge.tf cannot be read").shows("aws_vpc.x");
    root.eval("length(file(\"huge.tf\"))");
    let root = Root::new("resource \"aws_vpc\" \"x\" {}\n");
    let large = std::fs::File::create(root.path("repo/large.tf")).expect("a new file");
    large.set_len(30 * 1024 * 1024).expect("a sparse file");
    root.inventory().exits(3).shows("aws_vpc.x");
    for file in [
        "terraform.tfvars",
        "x.auto.tfvars.json",
        ".terraform/modules/modules.json",
        "dr.hcl",
    ] {
        let root = Root::new("resource \"aws_vpc\" \"x\" {}\n").with(file, "");
        let huge = std::fs::File::create(root.path("repo").join(file)).expect("a new file");
        huge.set_len(100 * 1024 * 1024).expect("a sparse file");
        root.inventory();
    }
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "runs up to its bounds, which takes minutes unless optimised: make hostile"
)]
fn files_that_are_read_over_and_over_are_unknown_in_the_end() {
    let root = Root::new("").with("many/x", "");
    for at in 0..2_000 {
        std::fs::write(root.path(&format!("repo/many/{at}")), "").expect("a new file");
    }
    let large = std::fs::File::create(root.path("repo/large")).expect("a new file");
    large.set_len(50 * 1024 * 1024).expect("a sparse file");
    for work in [
        "filesha512(\"large\")",
        "length(fileset(\"many\", \"*/none\"))",
        "filemd5(\"many/x\")",
    ] {
        let all = format!("[for a in range(1000) : [for b in range(1000) : {work}]][999][999]");
        root.eval(&all).shows("the most that is read in one run");
    }
}
