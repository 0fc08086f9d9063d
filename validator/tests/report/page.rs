//! The HTML page as a file: it loads nothing, and no value of an estate is ever markup in it.

use serde_json::Value as Json;

use super::program::{ALL, harmful, many, report, run_with};

/// The data that the page holds.
fn data(page: &str) -> Json {
    let (_, rest) = page
        .split_once("<script type=\"application/json\" id=\"report\">")
        .expect("data");
    let (data, _) = rest.split_once("</script>").expect("its end");
    serde_json::from_str(data).expect("JSON")
}

#[test]
fn it_holds_the_whole_report() {
    for estate in ALL {
        let page = report(estate, "html");
        let wanted: Json = serde_json::from_str(&report(estate, "json")).expect("JSON");
        assert!(data(&page) == wanted, "{estate}");
    }
}

#[test]
fn it_loads_nothing() {
    for estate in ALL {
        let page = report(estate, "html");
        let (head, rest) = page
            .split_once("<script type=\"application/json\"")
            .expect("data");
        let (_, script) = rest.split_once("</script>").expect("its end");
        for part in [head, script] {
            for word in [
                "http:",
                "https:",
                "//cdn",
                " src=",
                "@import",
                "url(",
                "fetch(",
                "XMLHttpRequest",
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
            ] {
                assert!(!part.contains(word), "{word}");
            }
        }
        assert_eq!(page.matches("<link").count(), 1, "the empty icon");
        assert!(head.contains("default-src 'none'") && !head.contains("unsafe-inline"));
    }
}

#[test]
fn no_value_ends_the_data() {
    let directory = harmful();
    let page = run_with(&["check", "-q", "--format", "html"], directory.path(), &[]).stdout;
    assert!(page.contains("onerror"), "the value is in it");
    assert!(!page.contains("<img"));
    assert!(!page.to_lowercase().contains("<!--"));
    assert_eq!(page.matches("<script").count(), 2);
    assert_eq!(page.matches("</script").count(), 2);
    assert!(data(&page).to_string().contains("</script><img"));
}

#[test]
fn a_page_of_many_instances_is_small() {
    let directory = many(500);
    let page = run_with(&["check", "-q", "--format", "html"], directory.path(), &[]).stdout;
    assert!(page.len() <= 2_000_000, "{} bytes", page.len());
}
