//! What the engine tells, as Terraform shows it.

use recovery::message::Message;

/// The three parts of a message, one a line.
pub(crate) fn paragraphs(message: &Message) -> String {
    let parts = [
        ("Seen", &message.seen),
        ("Expected", &message.expected),
        ("Next", &message.next),
    ];
    let lines = parts.iter().filter(|(_, text)| !text.is_empty());
    lines
        .map(|(name, text)| format!("{name}: {}.", text.trim_end_matches('.')))
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    fn is_of_tests(path: &Path) -> bool {
        path.file_stem().is_some_and(|it| it == "tests")
    }

    fn sources(under: &Path, into: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(under).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() && !path.ends_with("bin") && !is_of_tests(&path) {
                sources(&path, into);
            } else if path.extension().is_some_and(|it| it == "rs") && !is_of_tests(&path) {
                into.push(path);
            }
        }
    }

    /// Commands that are named with all that they need come from `recovery::next_move`, or carry the plan themselves.
    #[test]
    fn no_text_names_a_command_of_drctl_that_lacks_its_plan() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files = Vec::new();
        sources(&root.join("src"), &mut files);
        sources(&root.join("../recovery/src"), &mut files);
        assert!(files.len() > 100, "{}", files.len());
        let commands = [
            "run", "resume", "abort", "pause", "watch", "fence", "status", "verify",
        ];
        let mut found = Vec::new();
        for file in files {
            let text = fs::read_to_string(&file).expect("a source");
            let told = |line: &&str| !line.trim_start().starts_with("//");
            let lines = text
                .lines()
                .take_while(|it| !it.starts_with("#[cfg(test)]"));
            for line in lines.filter(told) {
                for command in commands {
                    let named = format!("drctl {command}");
                    // In backquotes and without arguments it is the name of a command, not a line to type.
                    for (at, _) in line.match_indices(&named) {
                        let after = &line[at + named.len()..];
                        let name = after.starts_with(['`', '\'', ','])
                            || after.starts_with(|it: char| it.is_ascii_lowercase());
                        if !name && !after.contains("--plan") {
                            found.push(format!("{}: {}", file.display(), line.trim()));
                        }
                    }
                }
            }
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}
