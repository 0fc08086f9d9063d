//! What the page of the resource says beyond its schema.

/// Markdown.
pub(super) const TEXT: &str = "## Steps

Every step has exactly one of the kinds below; [their reference](../steps/README.md) says what each calls, in which region, and what it was tried against. Resources are maps by region, so that one plan serves the failover, the switchover home, and more than two regions. Everything that is wrong with a plan is told at once, each at its attribute; what is not known yet never complains.

## Publication

An apply writes the document under its digest and then the pointer `current`, in every store that answers. The store of a region that is declared lost is left out, shown in `stale_stores`, and published to by the next apply after the region is back. A pointer that somebody else moved shows as `published_digest` and is put right by the next apply.

A plan under which an execution runs, or was interrupted, neither changes nor is destroyed: finish the execution (`drctl resume`), or end it (`drctl abort`). Stores may move: the newest epoch goes along and the old pointers are removed; documents and journals stay where they were, so a move is refused while they know of an unfinished execution or an unfenced writer. Destroying removes the pointers; documents, journals and epochs stay.

## Permissions

In every store: `s3:GetObject`, `s3:PutObject`, `s3:DeleteObject`, `s3:ListBucket`, `s3:GetBucketVersioning`, `s3:GetReplicationConfiguration`, and the use of its key.";
