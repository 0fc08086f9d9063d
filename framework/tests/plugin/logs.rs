//! Log lines on standard error, as Terraform parses them.

use tfplugin6::v6;
use tfplugin6::v6::provider_client::ProviderClient;

use crate::client::{Plugin, command};

/// What a process wrote that was asked to stop, with this variable set.
async fn said(variable: &str, value: &str) -> String {
    let mut with = command(None);
    with.env(variable, value);
    let plugin = Plugin::start(with);
    let mut client = ProviderClient::new(plugin.connect(None).await.expect("it listens"));
    client
        .stop_provider(v6::stop_provider::Request {})
        .await
        .expect("answered");
    plugin.kill()
}

#[tokio::test]
async fn c09_each_line_is_json_with_a_timestamp_of_six_digits() {
    let said = said("TF_LOG_PROVIDER", "TRACE").await;
    let lines: Vec<&str> = said.lines().collect();
    assert!(!lines.is_empty());
    for line in lines {
        let line: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        for field in ["@level", "@message", "@timestamp", "@module"] {
            assert!(line[field].is_string(), "{field} of {line}");
        }
        let (_, fraction) = line["@timestamp"]
            .as_str()
            .unwrap()
            .split_once('.')
            .unwrap();
        assert_eq!(fraction.len(), 7, "six digits and Z: {line}");
        assert_eq!(
            line["tf_provider_addr"],
            "registry.terraform.io/examples/greeting"
        );
    }
    assert!(said.contains("asked to stop"));
}

#[tokio::test]
async fn c09_the_level_comes_from_the_environment() {
    assert!(said("TF_LOG", "INFO").await.contains("asked to stop"));
    assert_eq!(said("TF_LOG", "ERROR").await, "");
    assert_eq!(said("TF_LOG_PROVIDER_GREETING", "WARN").await, "");
    assert!(
        said("TF_LOG_PROVIDER_GREETING", "INFO")
            .await
            .contains("asked to stop")
    );
    assert_eq!(said("UNRELATED", "TRACE").await, "");
}
