//! The handshake, and who may connect.

use std::time::Duration;

use tfplugin6::health::HealthCheckRequest;
use tfplugin6::health::health_client::HealthClient;
use tfplugin6::plugin::grpc_stdio_client::GrpcStdioClient;
use tfplugin6::v6;
use tfplugin6::v6::provider_client::ProviderClient;

use crate::client::{CLIENT, EXPIRED, Plugin, STRANGER, binary, command};

#[test]
fn c01_run_by_hand_it_says_what_it_is_and_prints_nothing_on_stdout() {
    let out = std::process::Command::new(binary())
        .env_clear()
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(1));
    assert!(out.stdout.is_empty());
    let said = String::from_utf8(out.stderr).unwrap();
    assert!(
        said.contains("examples/greeting") && said.contains("terraform init"),
        "{said}"
    );
}

#[test]
fn c02_c04_the_line_is_right_with_tls_and_without_for_every_list_of_versions() {
    for versions in ["6", "5,6", "6,5", "", "4,5"] {
        let mut with = command(Some(CLIENT.certificate));
        with.env("PLUGIN_PROTOCOL_VERSIONS", versions);
        let plugin = Plugin::start(with);
        assert_eq!(
            (plugin.line.len(), &plugin.line[..3]),
            (6, &["1".to_owned(), "6".to_owned(), "unix".to_owned()][..])
        );
        assert_eq!(plugin.line[4], "grpc");
        assert!(
            plugin.line[5].len() > 50 && !plugin.line[5].contains('='),
            "base64 without padding"
        );
        plugin.kill();
    }
    let plugin = Plugin::start(command(None));
    assert_eq!(plugin.line[5], "");
    plugin.kill();
}

#[tokio::test]
async fn c03_only_the_certificate_that_was_handed_over_may_connect() {
    let plugin = Plugin::start(command(Some(CLIENT.certificate)));
    let mut ok = ProviderClient::new(plugin.connect(Some(&CLIENT)).await.unwrap());
    assert!(ok.get_metadata(v6::get_metadata::Request {}).await.is_ok());
    for (who, identity) in [("a stranger", Some(&STRANGER)), ("nobody", None)] {
        let refused = match plugin.connect(identity).await {
            Err(_) => true,
            Ok(channel) => {
                let call = ProviderClient::new(channel)
                    .get_metadata(v6::get_metadata::Request {})
                    .await;
                call.is_err()
            }
        };
        assert!(refused, "{who} was let in");
    }
    assert!(
        ok.get_metadata(v6::get_metadata::Request {}).await.is_ok(),
        "the rightful one is still served"
    );
    plugin.kill();
}

#[tokio::test]
async fn c03_a_certificate_whose_time_is_over_is_refused() {
    let plugin = Plugin::start(command(Some(EXPIRED.certificate)));
    let refused = match plugin.connect(Some(&EXPIRED)).await {
        Err(_) => true,
        Ok(channel) => ProviderClient::new(channel)
            .get_metadata(v6::get_metadata::Request {})
            .await
            .is_err(),
    };
    assert!(refused);
    plugin.kill();
}

#[tokio::test]
async fn a_client_that_stalls_in_its_handshake_holds_up_no_other() {
    let plugin = Plugin::start(command(Some(CLIENT.certificate)));
    let _stalled = tokio::net::UnixStream::connect(plugin.socket())
        .await
        .unwrap();
    let channel = tokio::time::timeout(Duration::from_secs(5), plugin.connect(Some(&CLIENT))).await;
    assert!(channel.expect("not held up").is_ok());
    plugin.kill();
}

#[tokio::test]
async fn c12_it_is_healthy_and_its_output_stream_stays_open() {
    let plugin = Plugin::start(command(Some(CLIENT.certificate)));
    let channel = plugin.connect(Some(&CLIENT)).await.unwrap();
    let health = HealthClient::new(channel.clone())
        .check(HealthCheckRequest {
            service: "plugin".into(),
        })
        .await
        .unwrap();
    assert_eq!(health.into_inner().status, 1, "SERVING");
    let mut output = GrpcStdioClient::new(channel)
        .stream_stdio(())
        .await
        .unwrap()
        .into_inner();
    let silent = tokio::time::timeout(Duration::from_millis(300), output.message()).await;
    assert!(
        silent.is_err(),
        "nothing comes, and the stream does not end"
    );
    plugin.kill();
}

#[tokio::test]
async fn c11_c13_large_values_pass_and_unknown_things_are_answered() {
    let plugin = Plugin::start(command(None));
    let mut client = ProviderClient::new(plugin.connect(None).await.unwrap())
        .max_decoding_message_size(256 << 20)
        .max_encoding_message_size(256 << 20);
    let mut text = vec![0xdb, 0, 0x60, 0, 0];
    text.resize(5 + 0x60_0000, b'a');
    let argument = v6::DynamicValue {
        msgpack: text.into(),
        json: Vec::new().into(),
    };
    let request = v6::call_function::Request {
        name: "shout".into(),
        arguments: vec![argument],
    };
    let loud = client.call_function(request).await.unwrap().into_inner();
    assert!(loud.error.is_none() && loud.result.unwrap().msgpack.len() > 6_000_000);
    let request = v6::validate_resource_config::Request {
        type_name: "greeting_nothing".into(),
        ..Default::default()
    };
    let answer = client
        .validate_resource_config(request)
        .await
        .unwrap()
        .into_inner();
    assert!(answer.diagnostics[0].summary.contains("greeting_nothing"));
    plugin.kill();
}
