//! What the page of the resource says beyond its schema.

/// Markdown.
pub(super) const TEXT: &str = r#"## Steps

Every step has exactly one of the kinds below; [their reference](../steps/README.md) says what each calls, in which region, and what it was tried against. Resources are maps by region, so that one plan serves the failover, the switchover home, and more than two regions. Everything that is wrong with a plan is told at once, each at its attribute; what is not known yet never complains.

## Publication

An apply writes the document under its digest and then the pointer `current`, in every store that answers. The store of a region that is declared lost is left out, shown in `stale_stores`, and published to by the next apply after the region is back. A pointer that somebody else moved shows as `published_digest` and is put right by the next apply.

A plan under which an execution runs, or was interrupted, neither changes nor is destroyed: finish the execution (`drctl resume`), or end it (`drctl abort`). Stores may move: the newest epoch goes along and the old pointers are removed; documents and journals stay where they were, so a move is refused while they know of an unfinished execution or an unfenced writer. Destroying removes the pointers; documents, journals and epochs stay.

## Plans that run plans

A step of the kind `failover_plan` runs another plan to its end. That one is a `dr_failover_plan` of its own, with stores of its own: it is reviewed, published and versioned by itself, and never a second time beside its parent. Publish the parent after it, and hand its document to `dr_failover`:

```terraform
resource "dr_failover_plan" "billing" {
  name = "billing"
  # ...
}

resource "dr_failover_plan" "shop" {
  name = "shop"
  # ...
  steps = [
    { name = "run-billing", failover_plan = { plan = "billing" } },
    # ...
  ]
  depends_on = [dr_failover_plan.billing]
}

resource "dr_failover" "shop" {
  failover_plan = dr_failover_plan.shop.document
  plan_digest   = dr_failover_plan.shop.digest
  child_plans   = [dr_failover_plan.billing.document]
  active_region = "us-east-1"
}
```

The plan of `dr_failover` shows the steps of `billing` as `billing/STEP`, and is an error while `billing` is not published as it is given. `digest` covers one plan alone; the plan names the digest of every other one that it would run. `drctl` takes them with `--child FILE`, or from beside the parent once `drctl plan publish --plan FILE --child FILE` put them there.

## Permissions

In every store: `s3:GetObject`, `s3:PutObject`, `s3:DeleteObject`, `s3:ListBucket`, `s3:GetBucketVersioning`, `s3:GetReplicationConfiguration`, and the use of its key."#;
