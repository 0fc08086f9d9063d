//! The pages, one function for each kind.

use std::fmt::Write as _;
use std::io;

use super::example::Examples;
use super::schema::{section, type_name};
use crate::action::ErasedAction;
use crate::data_source::ErasedDataSource;
use crate::function::Function;
use crate::model::Model;
use crate::provider::{About, Provider};
use crate::resource::ErasedResource;
use crate::schema::Block;

/// What a page begins with: front matter, title, description.
fn head(page_title: &str, subcategory: &str, title: &str, description: &str) -> String {
    let first = description
        .split("\n\n")
        .next()
        .unwrap_or_default()
        .replace('\n', "\n  ");
    format!(
        "---\npage_title: \"{page_title}\"\nsubcategory: \"{subcategory}\"\ndescription: |-\n  {first}\n---\n\n# {title}\n\n{description}\n\n"
    )
}

/// A page of its parts, empty ones left out.
fn finish(parts: &[String]) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .map(|part| part.trim_end())
        .filter(|part| !part.is_empty())
        .collect();
    format!("{}\n", parts.join("\n\n"))
}

fn guide(about: &About) -> String {
    about.guide.trim().to_owned()
}

pub(super) fn index<P: Provider>(provider: &P, examples: &mut Examples) -> io::Result<String> {
    let (name, block) = (provider.name(), P::Config::block());
    Ok(finish(&[
        head(
            &format!("{name} Provider"),
            "",
            &format!("{name} Provider"),
            &block.description,
        ),
        examples.usage("provider/provider.tf")?,
        guide(&provider.about()),
        section(&block),
    ]))
}

pub(super) fn resource<C>(
    provider: &str,
    resource: &dyn ErasedResource<C>,
    examples: &mut Examples,
) -> io::Result<String> {
    let (name, about, block) = (resource.name(), resource.about(), resource.block());
    Ok(finish(&[
        head(
            &format!("{name} Resource - {provider}"),
            about.subcategory,
            &format!("{name} (Resource)"),
            &block.description,
        ),
        examples.usage(&format!("resources/{name}/resource.tf"))?,
        guide(&about),
        section(&block),
        import(name, resource.identity_block().as_ref(), examples)?,
    ]))
}

pub(super) fn data_source<C>(
    provider: &str,
    source: &dyn ErasedDataSource<C>,
    examples: &mut Examples,
) -> io::Result<String> {
    let (name, about, block) = (source.name(), source.about(), source.block());
    Ok(finish(&[
        head(
            &format!("{name} Data Source - {provider}"),
            about.subcategory,
            &format!("{name} (Data Source)"),
            &block.description,
        ),
        examples.usage(&format!("data-sources/{name}/data-source.tf"))?,
        guide(&about),
        section(&block),
    ]))
}

pub(super) fn action<C>(
    provider: &str,
    action: &dyn ErasedAction<C>,
    examples: &mut Examples,
) -> io::Result<String> {
    let (name, about, block) = (action.name(), action.about(), action.block());
    Ok(finish(&[
        head(
            &format!("{name} Action - {provider}"),
            about.subcategory,
            &format!("{name} (Action)"),
            &block.description,
        ),
        "Actions need Terraform 1.14 or later.".to_owned(),
        examples.usage(&format!("actions/{name}/action.tf"))?,
        guide(&about),
        section(&block),
    ]))
}

pub(super) fn function(
    provider: &str,
    function: &Function,
    examples: &mut Examples,
) -> io::Result<String> {
    let name = function.name;
    let mut head = head(
        &format!("{name} function - {provider}"),
        "",
        &format!("function: {name}"),
        function.summary,
    );
    if function.description != function.summary {
        let _ = write!(head, "{}\n\n", function.description);
    }
    let parameters = function
        .parameters
        .iter()
        .map(|p| format!("{} {}", p.name, type_name(&p.ty).to_lowercase()));
    let signature = format!(
        "## Signature\n\n```text\n{name}({}) {}\n```",
        parameters.collect::<Vec<_>>().join(", "),
        type_name(&function.result).to_lowercase()
    );
    let arguments =
        function
            .parameters
            .iter()
            .enumerate()
            .fold(String::new(), |mut text, (i, p)| {
                let null = if p.null { ", Nullable" } else { "" };
                let description = p.description.replace('\n', "\n   ");
                let _ = writeln!(
                    text,
                    "{}. `{}` ({}{null}) {description}",
                    i + 1,
                    p.name,
                    type_name(&p.ty)
                );
                text
            });
    let arguments = if arguments.is_empty() {
        "It takes none.".to_owned()
    } else {
        arguments
    };
    Ok(finish(&[
        head,
        examples.usage(&format!("functions/{name}/function.tf"))?,
        signature,
        format!("## Arguments\n\n{arguments}"),
    ]))
}

/// How an existing object is imported, by each way for which there is an example.
fn import(name: &str, identity: Option<&Block>, examples: &Examples) -> io::Result<String> {
    let mut ways = Vec::new();
    if let Some(quoted) = examples.quoted(
        &format!("resources/{name}/import-by-identity.tf"),
        "terraform",
    )? {
        let mut way = format!("With Terraform 1.12 or later, by identity:\n\n{quoted}\n");
        if let Some(block) = identity {
            way.push_str(
                &section(block)
                    .replacen("## Schema", "### Identity Schema", 1)
                    .replace("\n### Required", "\n#### Required")
                    .replace("\n### Optional", "\n#### Optional"),
            );
        }
        ways.push(way);
    }
    if let Some(quoted) = examples.quoted(
        &format!("resources/{name}/import-by-string-id.tf"),
        "terraform",
    )? {
        ways.push(format!(
            "With Terraform 1.5 or later, by an id in an `import` block:\n\n{quoted}"
        ));
    }
    if let Some(quoted) = examples.quoted(&format!("resources/{name}/import.sh"), "shell")? {
        ways.push(format!("On the command line:\n\n{quoted}"));
    }
    if ways.is_empty() {
        return Ok(String::new());
    }
    let ways: Vec<&str> = ways.iter().map(|way| way.trim_end()).collect();
    Ok(format!(
        "## Import\n\nAn existing object can be imported.\n\n{}",
        ways.join("\n\n")
    ))
}
