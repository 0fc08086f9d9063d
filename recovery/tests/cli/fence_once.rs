//! A writer that several steps fence is acted on once.

use serde_json::json;

use crate::fence::{FENCE, UNFENCED, bench, fencing};

#[test]
fn two_steps_that_name_one_instance_act_on_it_once() {
    let mut plan = fencing();
    let mut again = plan["steps"][0].clone();
    again["name"] = json!("fence-what-came-back");
    again["after"] = json!([]);
    again["run_in"] = json!(["reprotect"]);
    plan["steps"].as_array_mut().unwrap().push(again);
    let bench = bench(&plan);
    bench.run(UNFENCED).expect(5, &[]);
    bench.drctl(FENCE).expect(
        0,
        &[
            "fence: done",
            "fence-what-came-back: done",
            "done: 2 of 2 steps done",
        ],
    );
    let asked = bench.aws.world().asked.clone();
    let acts = asked
        .iter()
        .filter(|it| *it == "us-east-1 StopDBInstance shop");
    assert_eq!(acts.count(), 1);
}
