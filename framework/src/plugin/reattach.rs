//! Debug mode: the process outlives single commands, and a human tells Terraform where it is.

use serde_json::json;

use super::handshake::PROVIDER_PROTOCOL;
use super::listener::Address;

/// The value of `TF_REATTACH_PROVIDERS`, ready to paste. The address is written out in full: a short one means
/// another host to `OpenTofu`.
pub(super) fn announcement(provider: &str, address: &Address) -> String {
    let value = json!({ provider: {
        "Protocol": "grpc",
        "ProtocolVersion": PROVIDER_PROTOCOL,
        "Pid": std::process::id(),
        "Test": true,
        "Addr": { "Network": address.network(), "String": address.text() },
    } });
    format!(
        "The provider runs in debug mode. Give this to Terraform:\n\n  TF_REATTACH_PROVIDERS='{value}'\n\nEnd it with Ctrl-C.\n"
    )
}
