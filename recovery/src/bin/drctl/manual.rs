//! `drctl man`: one page of the manual for every command.

use std::io;
use std::path::Path;

use clap::Command;
use clap_mangen::Man;
use recovery::message::Message;
use serde_json::json;

use crate::args::Man as Wanted;
use crate::show::{Exit, Show, Stop};

pub(crate) fn manual(wanted: &Wanted, mut all: Command, show: Show) -> Result<Exit, Stop> {
    all = all.disable_help_subcommand(true);
    all.build();
    let Some(directory) = &wanted.dir else {
        let command = named(&all, &wanted.command)?;
        let mut page = Vec::new();
        let rendered = Man::new(command.clone()).render(&mut page);
        rendered.map_err(|error| {
            Stop::failed(Message::new(error.to_string(), "a place to print to", ""))
        })?;
        let page = String::from_utf8_lossy(&page);
        if show.json {
            show.value(&json!({ "page": page }));
        } else {
            Show::text(&page);
        }
        return Ok(Exit::Done);
    };
    let mut pages = Vec::new();
    write(&all, directory, &mut pages).map_err(|error| {
        Stop::failed(Message::new(
            format!("{}: {error}", directory.display()),
            "a directory that can be written to",
            "name another one with --dir",
        ))
    })?;
    pages.sort();
    show.line(format!(
        "written: {} pages in {}",
        pages.len(),
        directory.display()
    ));
    show.value(&json!({ "directory": directory.display().to_string(), "pages": pages }));
    Ok(Exit::Done)
}

/// The command of these words.
fn named<'a>(all: &'a Command, words: &[String]) -> Result<&'a Command, Stop> {
    let mut found = all;
    for word in words {
        found = found.find_subcommand(word).ok_or_else(|| {
            let known: Vec<&str> = found.get_subcommands().map(Command::get_name).collect();
            let known = match known.as_slice() {
                [] => "no command below it".to_owned(),
                known => known.join(", "),
            };
            let name = found.get_display_name().unwrap_or(found.get_name());
            Stop::usage(Message::new(
                format!("{} has no command {word}", name.replace('-', " ")),
                known,
                "drctl man alone prints the page that lists all of them",
            ))
        })?;
    }
    Ok(found)
}

/// Writes the page of a command, and those of all below it.
fn write(command: &Command, directory: &Path, pages: &mut Vec<String>) -> io::Result<()> {
    std::fs::create_dir_all(directory)?;
    for below in command.get_subcommands() {
        write(below, directory, pages)?;
    }
    let page = Man::new(command.clone());
    pages.push(page.get_filename());
    page.generate_to(directory)?;
    Ok(())
}
