//! Bad documents: their steps.

use serde_json::json;

use super::refused;

const WRITE_TEXT: &str = "write a string in double quotes";
const SEE: &str = "see the list of step kinds in the reference";

#[test]
fn fields_and_kinds() {
    refused(&[
        (
            |d| d["steps"] = json!([]),
            &[
                (
                    "authority",
                    "no step is named \"promote\"",
                    "name a step of the plan",
                ),
                (
                    "steps",
                    "0 steps",
                    "list what has to be done; split a plan that is too large into child plans",
                ),
            ],
        ),
        (
            |d| d["steps"][2] = json!({ "name": "settle", "pauze": { "for": "1m" } }),
            &[(
                "steps[2].pauze",
                "an unknown kind of step \"pauze\"",
                "did you mean \"pause\"?",
            )],
        ),
        (
            |d| d["steps"][2] = json!({ "name": "settle", "run_on": 5, "teleport": {} }),
            &[
                (
                    "steps[2].run_on",
                    "an unknown field \"run_on\"",
                    "did you mean \"run_in\"?",
                ),
                (
                    "steps[2].teleport",
                    "an unknown kind of step \"teleport\"",
                    SEE,
                ),
            ],
        ),
        (
            |d| d["steps"][2] = json!({ "name": "settle" }),
            &[(
                "steps[2]",
                "a step without a kind",
                "add it with an object of its arguments",
            )],
        ),
        (
            |d| d["steps"][2]["ask_old"] = json!({}),
            &[(
                "steps[2].pause",
                "the kind pause beside the kind ask_old",
                "make two steps of it",
            )],
        ),
        (
            |d| {
                d["steps"][2]["teir"] = json!("high");
                d["steps"][2]["pause"] = json!("1m");
            },
            &[
                ("steps[2].pause", "\"1m\"", "write { … }"),
                (
                    "steps[2].teir",
                    "an unknown field \"teir\"",
                    "did you mean \"tier\"?",
                ),
            ],
        ),
        (
            |d| {
                d["steps"][1]["timeout"] = json!("0s");
                d["steps"][1]["on_failure"] = json!("proceed");
                d["steps"][1]["run_in"] = json!(["failover", "failovr", "failover"]);
            },
            &[
                (
                    "steps[1].on_failure",
                    "\"proceed\"",
                    "write one of these words",
                ),
                (
                    "steps[1].run_in[1]",
                    "\"failovr\"",
                    "did you mean \"failover\"?",
                ),
                (
                    "steps[1].run_in[2]",
                    "failover a second time",
                    "take it out",
                ),
                (
                    "steps[1].timeout",
                    "\"0s\"",
                    "write days, hours, minutes and seconds in this order, such as \"90s\", \"5m\", \"1h30m\" or \"2d\"",
                ),
            ],
        ),
        (
            |d| d["steps"][1]["run_in"] = json!([]),
            &[(
                "steps[1].run_in",
                "an empty list",
                "name the modes, or take the step out",
            )],
        ),
        (
            |d| d["steps"][0] = json!(7),
            &[("steps[0]", "the number 7", "write { … }")],
        ),
    ]);
}

#[test]
fn arguments() {
    refused(&[
        (
            |d| {
                d["steps"][1]["move_writer"] = json!({ "instances": { "us-east-1": "" , "us-west-1": "x" }, "backup_days": 36 });
            },
            &[
                (
                    "steps[1].move_writer.backup_days",
                    "the number 36",
                    "write such a number, with neither quotes, fraction nor exponent",
                ),
                (
                    "steps[1].move_writer.instances",
                    "nothing for us-west-2",
                    "add what is missing; every region of the plan can become the active one",
                ),
                (
                    "steps[1].move_writer.instances.us-east-1",
                    "an empty string",
                    WRITE_TEXT,
                ),
                (
                    "steps[1].move_writer.instances.us-west-1",
                    "\"us-west-1\"",
                    "did you mean \"us-west-2\"?",
                ),
            ],
        ),
        (
            |d| d["steps"][1]["move_writer"] = json!({ "instance": {} }),
            &[
                (
                    "steps[1].move_writer",
                    "no \"instances\"",
                    "add \"instances\"",
                ),
                (
                    "steps[1].move_writer.instance",
                    "an unknown field \"instance\"",
                    "did you mean \"instances\"?",
                ),
            ],
        ),
        (
            |d| {
                d["steps"][3]["rebuild"] = json!({
                    "style": "slwo",
                    "force": 1,
                    "tags": { "a": 5 },
                    "names": ["x", ""],
                    "part": { "name": "p", "for": "1w" },
                    "parts": [{ "name": "q" }, { "nam": "r" }],
                    "by_region": { "us-east-1": { "name": "e" }, "us-west-2": { "name": null } },
                });
            },
            &[
                (
                    "steps[3].rebuild.by_region.us-west-2.name",
                    "null",
                    "write a value, or leave the field out",
                ),
                (
                    "steps[3].rebuild.force",
                    "the number 1",
                    "write true or false, without quotes",
                ),
                ("steps[3].rebuild.names[1]", "an empty string", WRITE_TEXT),
                (
                    "steps[3].rebuild.part.for",
                    "\"1w\"",
                    "write days, hours, minutes and seconds in this order, such as \"90s\", \"5m\", \"1h30m\" or \"2d\"",
                ),
                ("steps[3].rebuild.parts[1]", "no \"name\"", "add \"name\""),
                (
                    "steps[3].rebuild.parts[1].nam",
                    "an unknown field \"nam\"",
                    "did you mean \"name\"?",
                ),
                (
                    "steps[3].rebuild.style",
                    "\"slwo\"",
                    "did you mean \"slow\"?",
                ),
                ("steps[3].rebuild.tags.a", "the number 5", WRITE_TEXT),
            ],
        ),
        (
            // The kind is not asked about arguments that are not whole.
            |d| d["steps"][1]["move_writer"] = json!({ "instances": { "us-east-1": "bad" } }),
            &[(
                "steps[1].move_writer.instances",
                "nothing for us-west-2",
                "add what is missing; every region of the plan can become the active one",
            )],
        ),
        (
            |d| {
                d["steps"][1]["move_writer"]["instances"]["us-east-1"] = json!("bad");
                d["steps"][1]["move_writer"]["backup"] = json!(1);
            },
            &[(
                "steps[1].move_writer.backup",
                "an unknown field \"backup\"",
                "take it out",
            )],
        ),
        (
            // What the kind itself finds.
            |d| d["steps"][1]["move_writer"]["instances"]["us-west-2"] = json!("bad"),
            &[(
                "steps[1].move_writer.instances.us-west-2",
                "bad",
                "write good",
            )],
        ),
    ]);
}

#[test]
fn who_comes_after_whom() {
    const ONE: &str = "take one of these names out of its \"after\" (a step without \"after\" comes after the previous one)";
    refused(&[
        (
            |d| d["steps"][2]["after"] = json!(["promot", "hold", "hold"]),
            &[
                (
                    "steps[2].after[0]",
                    "no step is named \"promot\"",
                    "did you mean \"promote\"?",
                ),
                ("steps[2].after[2]", "\"hold\" a second time", "take it out"),
            ],
        ),
        (
            |d| d["steps"][2]["name"] = json!("hold"),
            &[(
                "steps[2].name",
                "\"hold\" again: steps[0] has this name",
                "rename one of the two",
            )],
        ),
        (
            |d| d["steps"][1]["after"] = json!(["promote"]),
            &[("steps[1].after[0]", "a cycle: promote after promote", ONE)],
        ),
        (
            // `promote` comes after `hold` by default.
            |d| d["steps"][0]["after"] = json!(["settle"]),
            &[(
                "steps[0].after[0]",
                "a cycle: hold after settle after promote after hold",
                ONE,
            )],
        ),
        (
            |d| {
                d["steps"][0]["after"] = json!(["promote"]);
                d["steps"][2]["after"] = json!(["rebuild"]);
            },
            &[
                (
                    "steps[0].after[0]",
                    "a cycle: hold after promote after hold",
                    ONE,
                ),
                (
                    "steps[2].after[0]",
                    "a cycle: settle after rebuild after settle",
                    ONE,
                ),
            ],
        ),
    ]);
}

#[test]
fn a_failover_must_not_need_the_region_it_leaves() {
    refused(&[(
        |d| d["steps"][2] = json!({ "name": "ask", "tier": "high", "ask_old": {} }),
        &[(
            "steps[2].ask_old",
            "a failover needs ecs:DescribeServices in us-east-1 (to make us-west-2 active), \
             ecs:DescribeServices in us-west-2 (to make us-east-1 active)",
            "take failover out of the step's \"run_in\", or use a kind that does without that region",
        )],
    )]);
    let mut value = super::base();
    value["steps"][2] =
        json!({ "name": "ask", "tier": "high", "run_in": ["switchover"], "ask_old": {} });
    assert_eq!(super::document(&value).steps[2].name, "ask");
}

#[test]
fn problems_of_all_parts_are_told_at_once() {
    refused(&[(
        |d| {
            d["name"] = json!("");
            d["steps"][0]["pause"]["for"] = json!(5);
            d["steps"][1]["after"] = json!(["nobody"]);
            d["tiers"]["high"]["rpo"] = json!([]);
            d["authority"] = json!("settle");
        },
        &[
            (
                "authority",
                "\"settle\" is of the kind pause",
                "name the step that moves the database's writer",
            ),
            ("name", "an empty string", WRITE_TEXT),
            (
                "steps[0].pause.for",
                "the number 5",
                "write days, hours, minutes and seconds in this order, such as \"90s\", \"5m\", \"1h30m\" or \"2d\"",
            ),
            (
                "steps[1].after[0]",
                "no step is named \"nobody\"",
                "name a step of the plan, or take it out",
            ),
            (
                "tiers.high.rpo",
                "an empty list",
                "write days, hours, minutes and seconds in this order, such as \"90s\", \"5m\", \"1h30m\" or \"2d\"",
            ),
        ],
    )]);
}
