//! Reads a file of cases: Terraform code, cut by lines that begin with `#!`.
//!
//! ```text
//! # What the file is about.
//! <code that all cases have>
//! #! never undecided: <why there is no such case>
//! #! broken: <title>
//! <code that this case adds>
//! #! dr.hcl
//! <the case's dr.hcl>
//! #! file modules/db/main.tf
//! <another file of the case>
//! ```
//!
//! `dr.hcl` and other files before the first case belong to all cases; a case that begins one anew replaces it.

use std::collections::BTreeMap;

/// Which region is which, where neither the file nor the case says so.
const SETTINGS: &str = "\
estate \"cases\" {
  primary   = \"us-east-1\"
  secondary = [\"us-west-2\"]
}
";

/// What must come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A finding.
    Broken,
    /// The rule asked, and all holds.
    Holds,
    /// A gap.
    Undecided,
}

impl Kind {
    /// All of them.
    pub(crate) const ALL: [Kind; 3] = [Kind::Broken, Kind::Holds, Kind::Undecided];

    /// The word in files.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::Broken => "broken",
            Kind::Holds => "holds",
            Kind::Undecided => "undecided",
        }
    }

    fn of(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// One case, complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    /// What must come out.
    pub(crate) kind: Kind,
    /// What it is about.
    pub(crate) title: String,
    /// Its line in the file of cases.
    pub(crate) line: usize,
    /// Its files by name: `main.tf`, `dr.hcl` and others.
    pub(crate) files: BTreeMap<String, String>,
}

/// All cases of a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CaseFile {
    /// In the order of the file.
    pub(crate) cases: Vec<Case>,
    /// Kinds that cannot be, with the reason.
    pub(crate) never: BTreeMap<Kind, String>,
}

/// Reads a file of cases.
pub(crate) fn read(text: &str) -> Result<CaseFile, String> {
    if !text.starts_with("# ") {
        return Err("the first line must say what the file is about: # …".into());
    }
    let mut file = CaseFile::default();
    let mut common = BTreeMap::from([
        ("dr.hcl".to_owned(), SETTINGS.to_owned()),
        ("main.tf".to_owned(), String::new()),
    ]);
    let mut name = "main.tf".to_owned();
    for (at, line) in text.lines().enumerate() {
        let files = file
            .cases
            .last_mut()
            .map_or(&mut common, |case| &mut case.files);
        let Some(told) = line.strip_prefix("#!") else {
            let text = files.entry(name.clone()).or_default();
            text.push_str(line);
            text.push('\n');
            continue;
        };
        let told = told.trim();
        if let Some(begun) = begins(told) {
            begun.clone_into(&mut name);
            if name != "main.tf" {
                files.insert(name.clone(), String::new());
            }
        } else if let Some((kind, title)) = titled(told, "") {
            file.cases.push(Case {
                kind,
                title,
                line: at + 1,
                files: common.clone(),
            });
            "main.tf".clone_into(&mut name);
        } else if let (Some((kind, why)), true) = (titled(told, "never "), file.cases.is_empty()) {
            file.never.insert(kind, why);
        } else {
            return Err(format!(
                "line {}: {line}: expected a case (#! broken: …, #! holds: …, #! undecided: …), #! dr.hcl, #! file NAME, or \
                 before the first case #! never KIND: …",
                at + 1
            ));
        }
    }
    Ok(file)
}

/// The file that begins here.
fn begins(told: &str) -> Option<&str> {
    let name = told.strip_prefix("file ").map_or(told, str::trim);
    let inside = !name.is_empty() && name.split('/').all(|part| !matches!(part, "" | "." | ".."));
    (told == "dr.hcl" || (told.starts_with("file ") && inside)).then_some(name)
}

/// A kind and a text that says something.
fn titled(told: &str, before: &str) -> Option<(Kind, String)> {
    let (word, title) = told.strip_prefix(before)?.split_once(':')?;
    let title = title.trim();
    Some((Kind::of(word)?, title.to_owned())).filter(|_| !title.is_empty())
}

#[test]
fn a_case_has_the_common_part_and_its_own() {
    let text = "# About.\na\n#! never holds: it cannot\n#! broken: one\nb\n#! dr.hcl\nc\n#! file m/x.tf\nd\n#! undecided: two\n";
    let file = read(text).expect("a file");
    assert_eq!(file.never[&Kind::Holds], "it cannot");
    let [one, two] = file.cases.as_slice() else {
        panic!("two cases");
    };
    assert_eq!(
        (one.kind, one.title.as_str(), one.line),
        (Kind::Broken, "one", 4)
    );
    assert_eq!(one.files["main.tf"], "# About.\na\nb\n");
    assert_eq!(one.files["dr.hcl"], "c\n");
    assert_eq!(one.files["m/x.tf"], "d\n");
    assert_eq!(two.files["main.tf"], "# About.\na\n");
    assert_eq!(two.files["dr.hcl"], SETTINGS);
    assert_eq!(two.files.len(), 2);
}

#[test]
fn what_is_no_case_is_refused_with_its_line() {
    for wrong in [
        "#! borken: x",
        "#! broken:",
        "#! file ../x",
        "#! file /x",
        "#!",
        "#! broken: x\n#! never holds: x",
    ] {
        let problem = read(&format!("# About.\n{wrong}\n")).expect_err(wrong);
        assert!(problem.starts_with("line "), "{problem}");
    }
    assert!(read("resource {}\n").is_err());
}
