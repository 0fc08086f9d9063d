//! Actions: whatever happens, the verdict is the last word.

use std::time::Duration;

use terraform_framework::testing::{Invoked, UNKNOWN, json};

use crate::{demanding, errors};

#[tokio::test]
async fn c46_progress_in_order_then_the_verdict() {
    let harness = demanding().await;
    let config = harness.config("conf_announce", json!({ "lines": ["one", "two", "three"] }));
    let Invoked { progress, verdict } = harness.invoke_action("conf_announce", &config).await;
    assert_eq!(progress, ["one", "two", "three"]);
    assert!(
        verdict
            .expect("a stream without a verdict would count as success")
            .is_empty()
    );
}

#[tokio::test]
async fn c46_errors_and_panics_are_verdicts() {
    let harness = demanding().await;
    for (ending, summary) in [
        ("error", "The announcement failed"),
        ("panic", "the action conf_announce"),
    ] {
        let config = harness.config(
            "conf_announce",
            json!({ "lines": ["one"], "ending": ending }),
        );
        let Invoked { progress, verdict } = harness.invoke_action("conf_announce", &config).await;
        assert_eq!(progress, ["one"]);
        let found = errors(&verdict.unwrap());
        assert!(found.len() == 1 && found[0].contains(summary), "{found:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn c46_a_stop_ends_in_an_error_even_if_the_action_does_not_listen() {
    for ending in ["stopped", "deaf"] {
        let harness = demanding().await;
        let config = harness.config(
            "conf_announce",
            json!({ "lines": ["one"], "ending": ending }),
        );
        let (invoked, ()) = tokio::join!(harness.invoke_action("conf_announce", &config), async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            harness.stop().await;
        });
        let found = errors(&invoked.verdict.unwrap());
        assert!(
            found.len() == 1 && found[0].contains("stop"),
            "{ending}: {found:?}"
        );
    }
}

#[tokio::test]
async fn c47_an_action_is_not_invoked_with_something_unknown() {
    let harness = demanding().await;
    let config = harness.config("conf_announce", json!({ "lines": ["one", UNKNOWN] }));
    assert!(
        harness
            .plan_action("conf_announce", &config)
            .await
            .is_empty()
    );
    let invoked = harness.invoke_action("conf_announce", &config).await;
    assert!(invoked.progress.is_empty());
    assert!(invoked.verdict.unwrap().has_errors());
}

#[tokio::test]
async fn an_unknown_action_is_a_verdict_too() {
    use tfplugin6::v6;
    use tfplugin6::v6::provider_server::Provider as _;
    use tokio_stream::StreamExt as _;
    let harness = demanding().await;
    let request = v6::invoke_action::Request {
        action_type: "conf_ghost".to_owned(),
        ..Default::default()
    };
    let mut events = harness
        .server()
        .invoke_action(tonic::Request::new(request))
        .await
        .unwrap()
        .into_inner();
    let event = events.next().await.unwrap().unwrap().r#type.unwrap();
    let v6::invoke_action::event::Type::Completed(completed) = event else {
        panic!("{event:?}")
    };
    assert!(completed.diagnostics[0].summary.contains("conf_ghost"));
    assert!(events.next().await.is_none());
}
