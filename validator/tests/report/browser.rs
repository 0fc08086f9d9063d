//! The page in a real browser. Without one these tests say so and pass, unless `DRCHECK_NEED_CHROMIUM` is set.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::program::{BROKEN, SEEDED, harmful, run, run_with};

/// The browser's program.
fn chromium() -> Option<PathBuf> {
    let named = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let found = std::env::var_os("PATH").and_then(|all| {
        std::env::split_paths(&all)
            .flat_map(|directory| named.map(|name| directory.join(name)))
            .find(|program| program.is_file())
    });
    if found.is_none() {
        assert!(
            std::env::var_os("DRCHECK_NEED_CHROMIUM").is_none(),
            "DRCHECK_NEED_CHROMIUM is set, and there is no chromium"
        );
        println!("skipped: there is no chromium");
    }
    found
}

/// A browser, and a directory for its pages.
struct Browser {
    program: PathBuf,
    directory: TempDir,
}

impl Browser {
    fn new() -> Option<Self> {
        Some(Browser {
            program: chromium()?,
            directory: TempDir::new().expect("a directory"),
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn run(&self, arguments: &[&str], url: &str) -> String {
        let profile = format!("--user-data-dir={}", self.path("profile").display());
        let output = Command::new(&self.program)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
            ])
            .args(["--hide-scrollbars", "--virtual-time-budget=4000", &profile])
            .arg("--enable-logging=stderr")
            .args(arguments)
            .arg(url)
            .output()
            .expect("the browser starts");
        let log = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{log}");
        // Errors of the script, and what the content security policy refused.
        let console: Vec<&str> = log.lines().filter(|it| it.contains(":CONSOLE")).collect();
        assert!(console.is_empty(), "{console:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The document after its script ran.
    fn document(&self, page: &str, hash: &str) -> String {
        let url = format!("file://{}#{hash}", self.path(page).display());
        self.run(&["--dump-dom"], &url)
    }

    /// Writes the page of an estate.
    fn page(&self, estate: &str) {
        let output = format!("html={}", self.path("page.html").display());
        run(&["check", "-q", estate, "--output", &output]);
    }
}

/// The part of a document from the section with this id to its end.
fn section<'a>(document: &'a str, id: &str) -> &'a str {
    let (_, rest) = document
        .split_once(&format!("<section id=\"{id}\""))
        .unwrap_or_else(|| panic!("no section {id}"));
    rest.split_once("</section>").expect("its end").0
}

#[test]
fn both_regions_and_all_findings_are_drawn() {
    let Some(browser) = Browser::new() else {
        return;
    };
    browser.page(SEEDED);
    let document = browser.document("page.html", "");
    let regions = section(&document, "regions");
    for text in [
        "us-east-1 (primary)",
        "us-west-2 (secondary)",
        "module.app_primary",
        "module.app_secondary",
        "no counterpart",
        "class=\"badge breaks\"",
        "class=\"pairs\"",
    ] {
        assert!(regions.contains(text), "{text}");
    }
    let findings = section(&document, "findings");
    assert!(findings.matches("<details class=\"finding ").count() > 20);
    for text in [
        "In a failover:",
        "Fingerprint",
        "Primary · us-east-1",
        "Secondary · us-west-2",
    ] {
        assert!(findings.contains(text), "{text}");
    }
    assert!(section(&document, "undecided").contains("client_side"));
    assert!(document.contains("findings break a failover."));
}

#[test]
fn the_hash_filters() {
    let Some(browser) = Browser::new() else {
        return;
    };
    browser.page(BROKEN);
    let count = |hash: &str| {
        let document = browser.document("page.html", hash);
        let found = section(&document, "findings")
            .matches("<details class=\"finding ")
            .count();
        (found, document)
    };
    let (all, document) = count("");
    assert!(document.contains("<select aria-label=\"all tiers\""));
    let (objects, document) = count("family=objects");
    assert!(0 < objects && objects < all, "{objects} of {all}");
    assert!(document.contains(&format!("Filtered: {objects} of {all} findings")));
    let (breaks, document) = count("severity=breaks");
    assert!(breaks <= all && document.contains("aria-pressed=\"false\""));
    let (undecided, document) = count("severity=undecided");
    assert_eq!(undecided, 0);
    assert!(document.contains(&format!("Filtered: 0 of {all} findings")));
    let (one, _) = count("q=broken/dns.tf:89");
    assert!((1..4).contains(&one), "{one}");
    let (whole, _) = count("q=dns.tf:89:3");
    assert_eq!(whole, one);
    let (critical, _) = count("tier=critical");
    let (high, _) = count("tier=high");
    assert!(critical > 0 && high > 0 && critical + high <= all);
    let (none, document) = count("q=no-such-word-anywhere");
    assert_eq!(none, 0);
    assert!(document.contains("No finding fits the filters."));
}

#[test]
fn what_a_finding_touches_is_marked() {
    let Some(browser) = Browser::new() else {
        return;
    };
    browser.page(BROKEN);
    // Every group of rows is open where a word is looked for.
    let row = |address: &str| {
        let document = browser.document("page.html", &format!("q={address}"));
        let regions = section(&document, "regions").to_owned();
        let (_, rest) = regions
            .split_once(&format!("<code>{address}</code>"))
            .unwrap_or_else(|| panic!("no row of {address}: {regions}"));
        rest.split_once("<div class=\"row\">")
            .map_or(rest, |(row, _)| row)
            .to_owned()
    };
    for (address, mark) in [
        (
            "aws_appautoscaling_target.service[\"web\"]",
            "capacity-unreachable",
        ),
        (
            "aws_ecs_task_definition.service[\"web\"]",
            "image-from-primary",
        ),
        ("aws_subnet.this[\"public-2\"]", "fewer-zones"),
        ("aws_lb.main", "follows: fewer-zones"),
    ] {
        let row = row(address);
        assert!(
            row.contains(mark) && !row.contains("class=\"pairs\""),
            "{address}: {row}"
        );
    }
}

#[test]
fn what_is_looked_for_is_not_folded_away() {
    let Some(browser) = Browser::new() else {
        return;
    };
    browser.page(BROKEN);
    let document = browser.document("page.html", "q=mount_target");
    let findings = section(&document, "findings");
    assert!(findings.contains("class=\"long\" open"), "{findings}");
    assert!(findings.contains("<li class=\"hit\">"));
    let document = browser.document("page.html", "finding=ffff");
    assert!(document.contains("No finding of this report has the fingerprint ffff"));
}

#[test]
fn nothing_undecided_is_said_beside_what_is_unknown() {
    let Some(browser) = Browser::new() else {
        return;
    };
    browser.page(BROKEN);
    let document = browser.document("page.html", "");
    let read = section(&document, "read");
    assert!(read.contains("var.database_password has no value"));
    assert!(read.contains("all of it is decided"));
    let findings = section(&document, "findings");
    assert!(findings.contains("by severity, then by what a failover cannot do without"));
    let bodies = findings.matches("class=\"body\"").count();
    assert_eq!(findings.matches("<b>Fix:</b>").count(), bodies);
}

#[test]
fn values_are_text() {
    let Some(browser) = Browser::new() else {
        return;
    };
    let directory = harmful();
    let page = run_with(&["check", "-q", "--format", "html"], directory.path(), &[]).stdout;
    std::fs::write(browser.path("page.html"), page).expect("a page");
    let document = browser.document(
        "page.html",
        "q=%3Cimg%20src%3Dx%20onerror%3Ddocument.title%3D'run'%3E",
    );
    assert!(
        section(&document, "regions").contains("&lt;img"),
        "it is shown"
    );
    assert!(!document.contains("<img"));
    assert!(!document.contains("<title>run</title>"));
}

/// A page that shows another one in a frame of this width, and says how wide its content is.
fn framed(browser: &Browser, width: u32) -> String {
    let frame = format!(
        "<!doctype html><body style=\"margin:0\"><iframe id=\"f\" src=\"page.html\" style=\"width:{width}px;height:9000px;border:0\"></iframe>\
         <script>f.onload = () => {{ const d = f.contentDocument; d.querySelectorAll('details').forEach(e => {{ e.open = true; }});\
         setTimeout(() => {{ document.title = 'wide ' + d.documentElement.scrollWidth + ' of ' + d.documentElement.clientWidth; }}, 500); }};</script>"
    );
    std::fs::write(browser.path("frame.html"), frame).expect("a page");
    let url = format!("file://{}", browser.path("frame.html").display());
    let document = browser.run(&["--dump-dom", "--allow-file-access-from-files"], &url);
    let (_, title) = document.split_once("<title>").expect("a title");
    title.split_once("</title>").expect("its end").0.to_owned()
}

#[test]
fn a_phone_needs_no_horizontal_scroll() {
    let Some(browser) = Browser::new() else {
        return;
    };
    for estate in [SEEDED, BROKEN] {
        browser.page(estate);
        assert_eq!(framed(&browser, 360), "wide 360 of 360", "{estate}");
    }
}

#[test]
fn pictures_are_kept() {
    let Some(browser) = Browser::new() else {
        return;
    };
    browser.page(SEEDED);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("report");
    std::fs::create_dir_all(&target).expect("a directory");
    let url = format!("file://{}", browser.path("page.html").display());
    let picture = target.join("page.png");
    let paper = target.join("page.pdf");
    browser.run(
        &[
            "--window-size=1280,3000",
            &format!("--screenshot={}", picture.display()),
        ],
        &url,
    );
    browser.run(&[&format!("--print-to-pdf={}", paper.display())], &url);
    for file in [&picture, &paper] {
        let size = std::fs::metadata(file).expect("it is there").len();
        assert!(size > 20_000, "{}: {size}", file.display());
    }
    let pdf = std::fs::read(&paper).expect("it is there");
    let a4 = b"/MediaBox [0 0 594.";
    let pages = pdf.windows(a4.len()).filter(|part| part == a4).count();
    assert!(pages > 2, "{pages} pages of A4");
    println!("kept {} and {}", picture.display(), paper.display());
}

#[test]
fn the_picture_can_be_narrowed_and_a_question_can_be_linked_to() {
    let Some(browser) = Browser::new() else {
        return;
    };
    browser.page(SEEDED);
    let whole = browser.document("page.html", "");
    let paired = "class=\"pairs\"";
    assert!(section(&whole, "regions").contains(paired));
    let narrow = browser.document("page.html", "only=touched");
    let regions = section(&narrow, "regions");
    assert!(!regions.contains(paired) && regions.contains("class=\"badge breaks\""));
    let (_, link) = section(&whole, "regions")
        .split_once("class=\"badge open\" href=\"#")
        .expect("a question in the picture");
    let (aim, _) = link.split_once('"').expect("its end");
    let aimed = browser.document("page.html", &aim.replace("&amp;", "&"));
    assert!(section(&aimed, "undecided").contains("<li class=\"aim\">"));
    assert!(section(&whole, "words").contains("fingerprint"));
}
