//! Bad documents: what is beside the steps.

use serde_json::json;

use super::refused;

const FIRST: &str = "list every region that can be active, the primary one first";
const KEEPS: &str = "write days, hours, minutes and seconds in this order, such as \"90s\", \"5m\", \"1h30m\" or \"2d\"";

#[test]
fn names_schema_and_unknown_fields() {
    refused(&[
        (
            |d| d["schema"] = json!(2),
            &[(
                "schema",
                "schema 2",
                "use a version later than 0.1.0 that reads schema 2",
            )],
        ),
        (
            // The fields of another schema are not judged.
            |d| *d = json!({ "schema": 7, "what": true }),
            &[(
                "schema",
                "schema 7",
                "use a version later than 0.1.0 that reads schema 7",
            )],
        ),
        (
            |d| d["schema"] = json!("1"),
            &[(
                "schema",
                "\"1\"",
                "write such a number, with neither quotes, fraction nor exponent",
            )],
        ),
        (
            |d| {
                d.as_object_mut().unwrap().remove("schema");
                d["name"] = json!("Orders!");
            },
            &[
                ("", "no \"schema\"", "add \"schema\""),
                ("name", "the name \"Orders!\"", "choose another name"),
            ],
        ),
        (|d| *d = json!([]), &[("", "an empty list", "write { … }")]),
        (
            |d| d["atonce"] = json!(3),
            &[(
                "atonce",
                "an unknown field \"atonce\"",
                "did you mean \"at_once\"?",
            )],
        ),
        (
            |d| d["wholly other"] = json!(3),
            &[(
                "\"wholly other\"",
                "an unknown field \"wholly other\"",
                "take it out",
            )],
        ),
        (
            |d| d["description"] = json!(null),
            &[("description", "null", "write a sentence, or leave it out")],
        ),
        (
            |d| d["require_rto"] = json!("yes"),
            &[(
                "require_rto",
                "\"yes\"",
                "write true or false, without quotes",
            )],
        ),
        (
            |d| d["at_once"] = json!(0),
            &[(
                "at_once",
                "the number 0",
                "write such a number, with neither quotes, fraction nor exponent",
            )],
        ),
        (
            |d| d["at_once"] = json!(1.5),
            &[(
                "at_once",
                "the number 1.5",
                "write such a number, with neither quotes, fraction nor exponent",
            )],
        ),
    ]);
}

#[test]
fn regions_and_tiers() {
    refused(&[
        (
            // What cannot be read once is not told again wherever it is used.
            |d| d["regions"] = json!(["us-east-1"]),
            &[("regions", "1 regions", FIRST)],
        ),
        (
            |d| d["regions"] = json!(["us-east-1", "us-east-1"]),
            &[("regions[1]", "us-east-1 a second time", "take it out")],
        ),
        (
            |d| d["regions"] = json!(["us-east-1", "us-east-1a"]),
            &[(
                "regions[1]",
                "\"us-east-1a\"",
                "write the region's code, not a zone and not its long name",
            )],
        ),
        (
            |d| d["tiers"]["critical"] = json!({ "rto": "1 hour", "rto_": "1h" }),
            &[
                ("tiers.critical", "no \"rpo\"", "add \"rpo\""),
                ("tiers.critical.rto", "\"1 hour\"", KEEPS),
                (
                    "tiers.critical.rto_",
                    "an unknown field \"rto_\"",
                    "did you mean \"rto\"?",
                ),
            ],
        ),
        (
            |d| d["tiers"]["critical"]["rto"] = json!("0s"),
            &[("tiers.critical.rto", "\"0s\"", KEEPS)],
        ),
        (
            |d| {
                d["steps"][0]["tier"] = json!("critcal");
                d["tiers"]["T 1"] = json!({ "rto": "1h", "rpo": "0s" });
            },
            &[
                ("steps[0].tier", "\"critcal\"", "did you mean \"critical\"?"),
                ("tiers.\"T 1\"", "the name \"T 1\"", "choose another name"),
            ],
        ),
    ]);
}

#[test]
fn authority() {
    refused(&[
        (
            |d| d["authority"] = json!("promte"),
            &[(
                "authority",
                "no step is named \"promte\"",
                "did you mean \"promote\"?",
            )],
        ),
        (
            |d| d["authority"] = json!("hold"),
            &[(
                "authority",
                "\"hold\" is of the kind pause",
                "name the step that moves the database's writer",
            )],
        ),
        (
            |d| {
                d.as_object_mut().unwrap().remove("authority");
            },
            &[("", "no \"authority\"", "add \"authority\"")],
        ),
    ]);
}

#[test]
fn stores() {
    refused(&[
        (
            |d| {
                d["stores"].as_object_mut().unwrap().remove("us-west-2");
            },
            &[(
                "stores",
                "nothing for us-west-2",
                "add what is missing; every region of the plan can become the active one",
            )],
        ),
        (
            |d| d["stores"]["us-west-1"] = json!({ "bucket": "dr-third" }),
            &[(
                "stores.us-west-1",
                "\"us-west-1\"",
                "did you mean \"us-west-2\"?",
            )],
        ),
        (
            |d| d["stores"]["us-west-2"] = json!({ "bucket": "dr-east" }),
            &[(
                "stores.us-west-2",
                "the store of us-east-1 again",
                "name a bucket that is in us-west-2: what is kept in one region is lost with it",
            )],
        ),
        (
            |d| d["stores"]["us-west-2"] = json!({ "bucket": "s3://dr", "prefix": "/x" }),
            &[
                (
                    "stores.us-west-2.bucket",
                    "\"s3://dr\"",
                    "write the name alone, without s3:// and without a key",
                ),
                ("stores.us-west-2.prefix", "\"/x\"", "write \"x\""),
            ],
        ),
        (
            |d| d["stores"]["us-west-2"] = json!({ "directory": "/tmp/w", "prefix": "x" }),
            &[(
                "stores.us-west-2.prefix",
                "\"prefix\" beside \"directory\"",
                "take one of them out",
            )],
        ),
        (
            |d| d["stores"]["us-west-2"] = json!({}),
            &[(
                "stores.us-west-2",
                "neither a bucket nor a directory",
                "add \"bucket\"",
            )],
        ),
        (
            |d| {
                d["stores"]["us-west-2"]["kms_key"] =
                    json!("arn:aws:kms:us-east-1:123456789012:key/k");
            },
            &[(
                "stores.us-west-2.kms_key",
                "a key in us-east-1",
                "name a key of us-west-2; a multi-region key has a replica's ARN there",
            )],
        ),
    ]);
}

#[test]
fn accounts_and_probes() {
    refused(&[
        (
            |d| d["accounts"] = json!({ "us-west-2": { "role_arn": "recovery" }, "eu-west-1": {} }),
            &[
                (
                    "accounts.eu-west-1",
                    "\"eu-west-1\"",
                    "did you mean \"us-west-2\"?",
                ),
                ("accounts.eu-west-1", "no \"role_arn\"", "add \"role_arn\""),
                (
                    "accounts.us-west-2.role_arn",
                    "\"recovery\"",
                    "write the role's ARN, not its name",
                ),
            ],
        ),
        (
            |d| {
                d["probes"]["front"]["status"] = json!(600);
                d["probes"]["front"]["url"]["us-east-1"] = json!("east.example.com");
                d["probes"]["front"]["url"]["us-west-2"] = json!("https://");
            },
            &[
                (
                    "probes.front.status",
                    "the number 600",
                    "write such a number, with neither quotes, fraction nor exponent",
                ),
                (
                    "probes.front.url.us-east-1",
                    "\"east.example.com\"",
                    "write it in full, such as \"https://orders.example.com/health\"",
                ),
                (
                    "probes.front.url.us-west-2",
                    "\"https://\"",
                    "write it in full, such as \"https://orders.example.com/health\"",
                ),
            ],
        ),
    ]);
}

#[test]
fn a_member_that_is_written_twice_is_told_at_the_second_one() {
    let text = super::base().to_string();
    let twice = text.replacen("\"regions\"", "\"at_once\":3,\"at_once\":4,\"regions\"", 1);
    let problems = super::Document::read(&twice, super::KINDS).unwrap_err();
    let [problem] = &*problems else {
        panic!("{}", super::told(&problems))
    };
    assert_eq!(problem.path, "at_once");
    assert_eq!(problem.message.seen, "\"at_once\" a second time");
    let second = twice.rfind("\"at_once\"").unwrap();
    assert_eq!(problem.place.unwrap().column, second + 1);
}
