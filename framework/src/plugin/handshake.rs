//! What Terraform gives the process, and the one line that it reads back (hashicorp/go-plugin).

use super::Options;
use super::listener::Address;

/// Set by Terraform for its plugins (`plugin.Handshake` of hashicorp/terraform). No secret: it only tells a plugin that
/// a human started it by mistake.
const COOKIE: (&str, &str) = (
    "TF_PLUGIN_MAGIC_COOKIE",
    "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
);
/// Version of the plugin library's own protocol.
const CORE_PROTOCOL: u8 = 1;
/// The one version of the provider protocol that is spoken here. If Terraform's list lacks it, Terraform itself says so.
pub(super) const PROVIDER_PROTOCOL: u8 = 6;

/// Whether Terraform started the process.
pub(super) fn started_by_terraform(environment: impl Fn(&str) -> Option<String>) -> bool {
    environment(COOKIE.0).as_deref() == Some(COOKIE.1)
}

/// What somebody reads who runs the binary by hand.
pub(super) fn by_hand(options: &Options) -> String {
    let Options { address, version } = options;
    format!(
        "This is the Terraform provider {address}, version {version}.\n\
         It is not run by hand: name it in `required_providers` and run `terraform init`; Terraform starts it.\n\
         To attach a debugger, start it with --debug and give the printed line to Terraform.\n"
    )
}

/// The line: library protocol, provider protocol, network, address, kind, certificate.
pub(super) fn line(address: &Address, certificate: Option<&str>) -> String {
    let certificate = certificate.unwrap_or_default();
    format!(
        "{CORE_PROTOCOL}|{PROVIDER_PROTOCOL}|{}|{}|grpc|{certificate}\n",
        address.network(),
        address.text()
    )
}

#[cfg(test)]
mod tests {
    use super::{COOKIE, line, started_by_terraform};
    use crate::plugin::listener::Address;

    #[test]
    fn the_cookie_tells_terraform_from_a_human() {
        assert!(started_by_terraform(|_| Some(COOKIE.1.to_owned())));
        assert!(!started_by_terraform(|_| None));
        assert!(!started_by_terraform(|_| Some("other".to_owned())));
    }

    #[test]
    fn the_line_has_six_fields() {
        let address = Address::Unix("/run/x.sock".into());
        assert_eq!(
            line(&address, Some("QUJD")),
            "1|6|unix|/run/x.sock|grpc|QUJD\n"
        );
        assert_eq!(
            line(&Address::Tcp("127.0.0.1:10001".into()), None),
            "1|6|tcp|127.0.0.1:10001|grpc|\n"
        );
    }
}
