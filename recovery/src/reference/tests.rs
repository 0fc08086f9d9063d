//! Pages and examples of kinds.

use super::*;
use crate::document::Document;
use crate::document::tests::kinds::{MoveWriter, PointRecords, Rebuild};

/// The example of a kind, as a step of a whole document, is read without problems in that step.
pub(crate) fn example_is_read(kind: &'static dyn Kind, kinds: &[&'static dyn Kind]) {
    if let Some(text) = kind.example() {
        let read = serde_json::from_str::<Value>(text);
        assert!(read.is_ok_and(|value| value.is_object()), "{}", kind.name());
    }
    let mut step = example(kind);
    // These need the region that a failover leaves here: us-east-1.
    if kind.runs_in().is_empty() || ["ask_old", "route53_records"].contains(&kind.name()) {
        step["run_in"] = json!(["switchover"]);
    }
    let document = json!({
        "schema": 1,
        "name": "example",
        "regions": REGIONS,
        "tiers": { "critical": { "rto": "365d", "rpo": "5m" } },
        "authority": step["name"],
        "stores": { "us-east-1": { "bucket": "dr-e" }, "us-west-2": { "bucket": "dr-w" } },
        "steps": [step]
    });
    if let Err(problems) = Document::read(&document.to_string(), kinds) {
        for problem in problems {
            assert_eq!(problem.path, "authority", "{}: {problem}", kind.name());
            assert!(!kind.can_be_authority(), "{}: {problem}", kind.name());
        }
    }
    assert!(page(kind).starts_with(&format!("# {}\n", kind.name())));
}

#[test]
fn a_page_has_facts_arguments_example_and_calls() {
    assert_eq!(
        page(&MoveWriter),
        r#"# move_writer

The target's instance is the writer. Nothing else | moves.

| | |
|---|---|
| Runs in | failover, switchover (unless the step says `run_in`) |
| Usually takes | 10m |
| Timeout by default | 30m (3 times what it usually takes, what it waits on purpose included; at least 5m) |
| One-way | yes |
| Performing it twice is harmless | yes |
| Can be the authority | yes |

## Arguments

| Argument | Type | Required | Default | Meaning |
|---|---|---|---|---|
| `instances` | for every region: string | yes |  | The database of each region. |
| `backup_days` | whole number from 0 to 35 | no | `7` | Days that backups are kept. |

## Example

A step of a plan of `us-east-1` and `us-west-2`:

```json
{
  "move_writer": {
    "instances": {
      "us-east-1": "my-instances-us-east-1",
      "us-west-2": "my-instances-us-west-2"
    }
  },
  "name": "move-writer"
}
```

## Calls

Of the example, when `us-west-2` becomes active and `us-east-1` was:

| Operation | Region | Plane | Changes | Needed | Modes |
|---|---|---|---|---|---|
| `rds:PromoteReadReplica` | us-west-2 | control | yes | yes | failover, switchover |
| `rds:DescribeDBInstances` | us-east-1 | control | no | no | failover |
| `rds:DescribeDBInstances` | us-east-1 | control | no | yes | switchover |
"#
    );
}

#[test]
fn members_of_objects_have_rows_and_kinds_without_arguments_or_calls_say_so() {
    let page = page(&Rebuild);
    for row in [
        "| `style` | one of `fast`, `slow` | yes |  | How. |",
        "| `part.name` | string | yes |  | Name of the part. |",
        "| `parts[].for` | duration, such as `5m` | no | `\"60s\"` | How long. |",
        "| `by_region` | for every region: object | no |  | A part of each region. |",
        "| `by_region.<region>.name` | string | yes |  | Name of the part. |",
        "It calls nothing of AWS.",
    ] {
        assert!(page.contains(row), "{row}\n{page}");
    }
    assert!(super::page(&PointRecords).contains("It takes none: write `{}`."));
}

#[test]
fn the_index_lists_every_kind_once() {
    let index = index(&[&MoveWriter, &Rebuild]);
    let rows: Vec<&str> = index.lines().skip(7).collect();
    assert_eq!(
        rows,
        [
            "| [`move_writer`](move_writer.md) | The target's instance is the writer | 10m | yes |",
            "| [`rebuild`](rebuild.md) | Replication runs again | 2h | no |",
        ]
    );
}
