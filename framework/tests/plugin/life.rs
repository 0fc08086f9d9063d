//! How the process ends.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tfplugin6::plugin::Empty;
use tfplugin6::plugin::grpc_controller_client::GrpcControllerClient;
use tfplugin6::v6;
use tfplugin6::v6::provider_client::ProviderClient;

use crate::client::{CLIENT, Plugin, binary, command};

/// Waits for a condition that has to come true.
fn until(what: &str, mut true_now: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !true_now() {
        assert!(Instant::now() < deadline, "not within 10 s: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[tokio::test]
async fn c06_shutdown_ends_the_process_and_leaves_no_socket_file() {
    let mut plugin = Plugin::start(command(Some(CLIENT.certificate)));
    let socket = plugin.socket().to_owned();
    let channel = plugin.connect(Some(&CLIENT)).await.unwrap();
    GrpcControllerClient::new(channel)
        .shutdown(Empty {})
        .await
        .expect("answered before the end");
    until("the process ends", || {
        plugin.child.try_wait().unwrap().is_some()
    });
    assert!(plugin.child.wait().unwrap().success());
    assert!(!Path::new(&socket).exists() && !Path::new(&socket).parent().unwrap().exists());
}

#[test]
fn c07_it_ends_when_its_parent_is_killed() {
    let script = format!("{} & echo $!; wait", binary().display());
    let mut shell = command(None);
    let environment: Vec<_> = shell
        .get_envs()
        .filter_map(|(k, v)| Some((k.to_owned(), v?.to_owned())))
        .collect();
    shell = Command::new("sh");
    shell
        .args(["-c", &script])
        .env_clear()
        .envs(environment)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut parent = shell.spawn().unwrap();
    let mut lines = BufReader::new(parent.stdout.take().unwrap()).lines();
    let (one, two) = (
        lines.next().unwrap().unwrap(),
        lines.next().unwrap().unwrap(),
    );
    let pid = if one.contains('|') { two } else { one };
    assert!(Path::new(&format!("/proc/{pid}")).exists());
    parent.kill().unwrap();
    parent.wait().unwrap();
    let running = || {
        std::fs::read_to_string(format!("/proc/{pid}/stat"))
            .is_ok_and(|stat| !stat.contains(") Z "))
    };
    until("the orphan ends", || !running());
}

#[tokio::test]
async fn c08_it_ignores_sigint_and_ends_on_sigterm() {
    let mut plugin = Plugin::start(command(None));
    let mut client = ProviderClient::new(plugin.connect(None).await.unwrap());
    let pid = plugin.child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    std::thread::sleep(Duration::from_millis(200));
    assert!(
        client
            .get_metadata(v6::get_metadata::Request {})
            .await
            .is_ok(),
        "still there"
    );
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    until("the process ends", || {
        plugin.child.try_wait().unwrap().is_some()
    });
}

#[tokio::test]
async fn c10_in_debug_mode_it_serves_one_command_after_another() {
    let mut debug = Command::new(binary());
    debug
        .arg("--debug")
        .env_clear()
        .env("TMPDIR", std::env::temp_dir())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = debug.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let value = lines
        .find(|line| line.contains("TF_REATTACH_PROVIDERS"))
        .unwrap();
    let json = value
        .trim()
        .trim_start_matches("TF_REATTACH_PROVIDERS='")
        .trim_end_matches('\'');
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    let entry = &value["registry.terraform.io/examples/greeting"];
    assert_eq!(
        (
            &entry["Protocol"],
            &entry["ProtocolVersion"],
            &entry["Test"]
        ),
        (&"grpc".into(), &6.into(), &true.into())
    );
    let socket = entry["Addr"]["String"].as_str().unwrap();
    let plugin = Plugin {
        line: ["1", "6", "unix", socket, "grpc", ""]
            .map(str::to_owned)
            .to_vec(),
        child,
    };
    for _ in 0..2 {
        let mut client = ProviderClient::new(plugin.connect(None).await.unwrap());
        let configured = client
            .configure_provider(v6::configure_provider::Request {
                config: Some(empty()),
                ..Default::default()
            })
            .await
            .unwrap();
        assert!(configured.into_inner().diagnostics.is_empty());
        let read = v6::read_resource::Request {
            type_name: "greeting_note".into(),
            current_state: None,
            ..Default::default()
        };
        assert!(client.read_resource(read).await.is_ok());
        client
            .stop_provider(v6::stop_provider::Request {})
            .await
            .unwrap();
    }
    plugin.kill();
}

/// An object without attributes.
fn empty() -> v6::DynamicValue {
    v6::DynamicValue {
        msgpack: vec![0x80].into(),
        json: Vec::new().into(),
    }
}
