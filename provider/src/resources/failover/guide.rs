//! What the page of the resource says beyond its schema.

/// Markdown.
pub(super) const TEXT: &str = r#"## What a plan does

Three values decide: the configured region, the region applied last (`last_applied`), and the region that the plan's authority shows to be active now. Stores and AWS are asked in every plan, also with `-refresh=false`.

| configured | applied last | active now | plan |
|---|---|---|---|
| as now | nothing | any | adopted: recorded, nothing is executed |
| another | nothing | any | error, unless `from` names the active region |
| unchanged | as configured | as configured | no change |
| unchanged | as configured | another: somebody used `drctl` | no change, one warning that names the execution and the line to edit |
| edited to what is active | the old region | as configured | the record follows, nothing is executed |
| edited | the old region | the old region | the execution, under gates |
| any | any | an execution to that region is unfinished | it is gone on with |
| any | any | an execution to another region is unfinished | error: finish it or end it |

The guide "Role contract" has all rows. A region that is declared lost (`lost_regions`, or `DR_LOST_REGIONS` without any edit) is never called; then `mode = "failover"` is needed.

## What a plan shows

One warning, numbers first: the data at risk, when each tier is predicted to serve again, what every step would do, what cannot be undone, and which gates are closed now and are asked again right before their acts. A gate that nothing in this failover can open any more is an error.

The plan may act only when the failover plan of `plan_digest` is published: apply `dr_failover_plan` first. What is previewed is what runs. The same holds for every plan that it runs (`child_plans`): their steps are shown as `PLAN/STEP` with the digest of each, `plan_digest` covers the plan alone, and a consent counts for its own steps alone.

## Gates and consents

A refused gate ends the apply with an error that shows the `consent` block to write. It counts for one plan, one epoch and the steps that it names, and for at most 24 hours; afterwards it is inert and warned about, and can be taken out.

## Interrupted

Ctrl-C lets the call in flight finish and ends with an error that says what was begun. A killed process leaves its journal. The next apply, or `drctl resume` on any machine, goes on: the world is looked at, and no act is repeated. A failed create leaves no resource, a failed update the state from before; nothing is ever tainted.

While an apply runs, `drctl watch` shows it step by step, and `drctl pause`, `retry`, `skip`, `approve` and `abort` are obeyed. Approvals hold the state lock of this root: keep `dr_*` resources in a root of their own with its state in the secondary region.

## Permissions

Those of the steps (their pages list the calls), those of the stores (see `dr_failover_plan`), and `sts:GetCallerIdentity`."#;
