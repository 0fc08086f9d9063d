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
