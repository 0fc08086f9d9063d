//! Reports, as the program writes them: every form, exit codes, and the page in a real browser.

// Tests that are skipped say so.
#![allow(clippy::print_stdout)]

mod report {
    mod browser;
    mod colours;
    mod exit_codes;
    mod forges;
    mod json;
    mod junit;
    mod nothing_hidden;
    mod page;
    mod places;
    mod program;
    mod repeatable;
    mod sarif;
    mod secrets;
    mod snapshots;
}
