"""Mutations of buckets, their replication, and backups that break a failover."""

from .edits import (
    BACKUP, BUCKETS, breaks, call, document, drop, family, inside, primary_only, put, replace, resource, secondary,
)

STORAGE = "live/storage.tf"
COPY = resource("aws_s3_bucket_replication_configuration", "this")
ROLE = document("replication")
LIFECYCLE = resource("aws_s3_bucket_lifecycle_configuration", "this")
VERSIONING = resource("aws_s3_bucket_versioning", "this")
LOCK = resource("aws_s3_bucket_object_lock_configuration", "this")
SELECT_KMS = '''    source_selection_criteria {
      sse_kms_encrypted_objects {
        status = "Enabled"
      }
    }

'''
TIME = '''      replication_time {
        status = "Enabled"

        time {
          minutes = 15
        }
      }

'''
METRICS = '''      metrics {
        status = "Enabled"

        event_threshold {
          minutes = 15
        }
      }
'''
PLAN = resource("aws_backup_plan", "main")
SETTINGS = resource("aws_backup_region_settings", "this")
WRONG_KEY = "key-not-in-secondary depends-on-primary reference-not-translated"

ENTRIES = family("objects", [
    breaks("objects-copy-dropped", "no bucket is replicated", "replication-missing",
           "All objects are lost.",
           drop(STORAGE, COPY)),
    breaks("objects-copy-one-dropped", "the documents are not replicated", "replication-missing",
           "All documents are lost.",
           put(STORAGE, COPY, "for_each", '{ for name, bucket in var.buckets : name => bucket if name != "documents" }')),
    breaks("objects-copy-disabled", "the replication rules are disabled", "replication-disabled",
           "Nothing is copied.",
           inside(STORAGE, COPY, '    status   = "Enabled"\n', '    status   = "Disabled"\n')),
    breaks("objects-copy-one-disabled", "the replication of the results is disabled", "replication-disabled",
           "The results are not copied.",
           inside(STORAGE, COPY, '    status   = "Enabled"\n', '    status   = each.key == "results" ? "Disabled" : "Enabled"\n')),
    breaks("objects-copy-prefix", "only objects under published/ are replicated", "replication-partial",
           "All others are lost.",
           inside(STORAGE, COPY, '      prefix = ""\n', '      prefix = "published/"\n')),
    breaks("objects-copy-tag", "only objects with a tag are replicated", "replication-partial",
           "All others are lost.",
           inside(STORAGE, COPY, '      prefix = ""\n', '      tag {\n        key   = "Replicate"\n        value = "yes"\n      }\n'),
           inside(STORAGE, COPY, '    delete_marker_replication {\n      status = "Enabled"', '    delete_marker_replication {\n      status = "Disabled"')),
    breaks("objects-copy-deletes", "delete markers are not replicated", "delete-markers-not-replicated",
           "Deleted objects live on in the standby.",
           inside(STORAGE, COPY, '    delete_marker_replication {\n      status = "Enabled"', '    delete_marker_replication {\n      status = "Disabled"')),
    breaks("objects-copy-kms-dropped", "the rules do not select objects that KMS encrypts", "kms-objects-skipped",
           "All objects are encrypted so: none is copied, and nothing says so.",
           inside(STORAGE, COPY, SELECT_KMS, "")),
    breaks("objects-copy-kms-disabled", "the rules deselect objects that KMS encrypts", "kms-objects-skipped",
           "None is copied, and nothing says so.",
           inside(STORAGE, COPY, SELECT_KMS, SELECT_KMS.replace("Enabled", "Disabled"))),
    breaks("objects-copy-key-dropped", "the rules name no key for the copies", "replica-key-missing kms-objects-skipped",
           "Objects that KMS encrypts cannot be copied without one.",
           inside(STORAGE, COPY, "      encryption_configuration {\n        replica_kms_key_id = module.storage_secondary.key_arn\n      }\n\n", "")),
    breaks("objects-copy-key-of-primary", "the copies are encrypted with the primary key", "replica-key-missing key-not-in-secondary depends-on-primary reference-not-translated replication-role-cannot",
           "The key must be one of the destination's region: nothing is copied.",
           put(STORAGE, COPY, "replica_kms_key_id", "module.storage_primary.key_arn")),
    breaks("objects-copy-time-dropped", "replication has no time limit", "no-time-control objective-unmet",
           "Nothing bounds or measures the lag; the objective is 15 minutes.",
           inside(STORAGE, COPY, TIME, "")),
    breaks("objects-copy-time-disabled", "the time limit of replication is disabled", "no-time-control objective-unmet",
           "Nothing bounds the lag.",
           inside(STORAGE, COPY, TIME, TIME.replace("Enabled", "Disabled"))),
    breaks("objects-copy-metrics-dropped", "replication is not measured", "no-time-control",
           "AWS refuses a time limit without metrics, and nobody sees the lag.",
           inside(STORAGE, COPY, METRICS, "")),
    breaks("objects-copy-same-region", "the buckets are replicated into a bucket of the primary region", "replication-same-region replication-target-differs replication-role-cannot",
           "The copies are lost with the region.",
           inside(STORAGE, COPY, "module.storage_secondary.bucket_arns[each.key]", 'module.storage_primary.bucket_arns["audit"]')),
    breaks("objects-copy-other-bucket", "all buckets are replicated into the audit bucket", "replication-target-differs replication-missing",
           "The buckets that the standby reads stay empty.",
           inside(STORAGE, COPY, "module.storage_secondary.bucket_arns[each.key]", 'module.storage_secondary.bucket_arns["audit"]')),
    breaks("objects-copy-archived", "the copies are archived", "replication-target-differs lifecycle-differs attribute-differs",
           "Reading one takes hours.",
           inside(STORAGE, COPY, "      bucket = module.storage_secondary.bucket_arns[each.key]\n",
                  '      bucket        = module.storage_secondary.bucket_arns[each.key]\n      storage_class = "GLACIER"\n')),
    breaks("versions-suspended", "the secondary buckets keep no versions", "versioning-off",
           "Replication stops.",
           call("storage_secondary", "versioning", '"Suspended"')),
    breaks("versions-primary-suspended", "the primary buckets keep no versions", "versioning-off",
           "Replication stops.",
           call("storage_primary", "versioning", '"Suspended"')),
    breaks("versions-unmanaged", "the secondary buckets have no versioning", "versioning-off",
           "AWS refuses the replication.",
           secondary(BUCKETS, VERSIONING, "for_each", "{}")),
    breaks("lock-dropped", "the secondary buckets have no default retention", "lock-differs",
           "Objects written after the failover can be deleted.",
           inside(BUCKETS, LOCK, "if bucket.lock_days != null }", 'if bucket.lock_days != null && var.role == "primary" }')),
    breaks("lock-off", "the secondary buckets are made without Object Lock", "lock-differs",
           "Locked objects are not replicated into them.",
           put(BUCKETS, resource("aws_s3_bucket", "this"), "object_lock_enabled", 'each.value.lock_days != null && var.role == "primary"')),
    breaks("lock-weak", "the secondary retention can be lifted", "lock-differs",
           "Objects written after the failover can be deleted by whoever has the permission.",
           secondary(BUCKETS, LOCK, "mode", '"GOVERNANCE"')),
    breaks("lock-short", "the secondary retention is 30 days", "lock-differs retention-shorter",
           "Objects written after the failover are kept 30 days, not for years.",
           secondary(BUCKETS, LOCK, "days", "30")),
    breaks("versions-short", "old versions live 30 days in the secondary buckets, 7 years in the primary", "lifecycle-differs retention-shorter",
           "Earlier versions are gone after the failover.",
           call("storage_secondary", "buckets", "{ for name, bucket in var.buckets : name => merge(bucket, { keep_days = 30 }) }")),
    breaks("objects-expire", "objects expire after 90 days in the secondary buckets", "lifecycle-differs retention-shorter time-bomb-schedule",
           "Older copies are gone.",
           inside(BUCKETS, LIFECYCLE, "    noncurrent_version_expiration {",
                  '    dynamic "expiration" {\n      for_each = var.role == "secondary" ? [90] : []\n\n      content {\n        days = expiration.value\n      }\n    }\n\n    noncurrent_version_expiration {')),
    breaks("objects-archived", "objects are archived in the secondary buckets", "lifecycle-differs attribute-differs",
           "Reading one takes hours.",
           inside(BUCKETS, LIFECYCLE, 'storage_class = "STANDARD_IA"', 'storage_class = var.role == "secondary" ? "GLACIER" : "STANDARD_IA"')),
    breaks("public-block-dropped", "the secondary buckets may be made public", "counterpart-missing attribute-differs wider-in-secondary",
           "The copies are less protected than the originals.",
           put(BUCKETS, resource("aws_s3_bucket_public_access_block", "this"), "for_each", 'var.role == "primary" ? var.buckets : {}')),
    breaks("public-block-weak", "the secondary buckets take public policies", "attribute-differs wider-in-secondary",
           "The copies are less protected than the originals.",
           secondary(BUCKETS, resource("aws_s3_bucket_public_access_block", "this"), "block_public_policy", "false")),
    breaks("role-no-lock-rights", "the replication role may not read retention and legal holds", "replication-role-cannot",
           "Objects under Object Lock are not replicated.",
           inside(STORAGE, ROLE, '      "s3:GetObjectRetention",\n      "s3:GetObjectLegalHold",\n', "")),
    breaks("role-no-deletes", "the replication role may not replicate deletes", "replication-role-cannot delete-markers-not-replicated",
           "Deleted objects live on in the standby.",
           inside(STORAGE, ROLE, '"s3:ReplicateDelete", ', "")),
    breaks("role-no-read", "the replication role may not read versions", "replication-role-cannot",
           "Nothing is copied.",
           inside(STORAGE, ROLE, '"s3:GetObjectVersionForReplication"', '"s3:GetObject"')),
    breaks("role-no-decrypt", "the replication role may not decrypt", "replication-role-cannot",
           "Nothing that is encrypted is copied.",
           inside(STORAGE, ROLE, '["kms:Decrypt"]', '["kms:DescribeKey"]')),
    breaks("role-encrypt-in-primary", "the replication role may encrypt in the primary region only", "replication-role-cannot role-locked-to-region",
           "No copy can be encrypted.",
           inside(STORAGE, ROLE, 'values   = ["s3.${var.secondary_region}.amazonaws.com"]', 'values   = ["s3.us-east-1.amazonaws.com"]')),
    breaks("role-one-target", "the replication role may write into the results only", "replication-role-cannot",
           "Documents and records are not copied.",
           inside(STORAGE, ROLE, '[for arn in values(module.storage_secondary.bucket_arns) : "${arn}/*"]', '["${module.storage_secondary.bucket_arns["results"]}/*"]')),
    breaks("role-no-policy", "the replication role has no policy", "replication-role-cannot",
           "Nothing is copied.",
           drop(STORAGE, resource("aws_iam_role_policy", "replication"))),
    breaks("role-not-for-s3", "the replication role trusts another service", "replication-role-cannot",
           "S3 cannot take it: nothing is copied.",
           inside(STORAGE, document("replication_trust"), '"s3.amazonaws.com"', '"datasync.amazonaws.com"')),
    breaks("role-key-of-other", "the replication role may encrypt with the key of the services, not with that of the copies", "replication-role-cannot",
           "No copy can be encrypted.",
           inside(STORAGE, ROLE, "resources = [module.storage_secondary.key_arn]", "resources = [aws_kms_replica_key.data.arn]")),
]) + family("backup", [
    breaks("backup-copy-dropped", "backups are not copied", "backup-not-copied",
           "They are lost with the region.",
           inside(BACKUP, PLAN, 'var.role == "primary" ? [var.copy_vault_arn] : []', "[]")),
    breaks("backup-copy-same-region", "backups are copied into the vault of their own region", "backup-copied-to-same-region",
           "They are lost with the region.",
           call("regional_primary", "copy_vault_arn", "module.regional_primary.vault_arn")),
    breaks("backup-copy-short", "copies of backups are kept 30 days, originals 365", "retention-shorter",
           "Older recovery points are lost with the region.",
           replace("live/locals.tf", "copy_days = 365", "copy_days = 30")),
    breaks("backup-secondary-short", "backups of the secondary region are kept 30 days", "retention-shorter backup-weaker-after-promotion",
           "The new production keeps less than the old.",
           call("regional_secondary", "backup", "merge(local.backup, { keep_days = 30 })")),
    breaks("backup-monthly", "backups are made once a month", "frequency-misses-rpo objective-unmet",
           "The objective is 36 hours.",
           replace("live/locals.tf", "backup = { keep_days", 'backup = { schedule = "cron(0 5 1 * ? *)", keep_days')),
    breaks("backup-secondary-weekly", "backups of the secondary region are made once a week", "frequency-misses-rpo objective-unmet attribute-differs",
           "The objective is 36 hours.",
           call("regional_secondary", "backup", 'merge(local.backup, { schedule = "cron(0 5 ? * 1 *)" })')),
    breaks("vault-lock-dropped", "the secondary vault is not locked", "vault-lock-weaker counterpart-missing",
           "The copies can be deleted.",
           primary_only(BACKUP, resource("aws_backup_vault_lock_configuration", "main"))),
    breaks("vault-lock-short", "the secondary vault keeps at least 1 day, the primary 7", "vault-lock-weaker retention-shorter",
           "The copies can be deleted sooner.",
           call("regional_secondary", "backup", "merge(local.backup, { minimum_days = 1 })")),
    breaks("vault-key-of-primary", "the secondary vault uses the key of the primary region", WRONG_KEY,
           "The copies cannot be read without that key.",
           call("regional_secondary", "key_arn", "aws_kms_key.data.arn")),
    breaks("backup-selection-dropped", "the secondary plan selects nothing", "backup-not-copied counterpart-missing backup-weaker-after-promotion",
           "The promoted stores have no backups.",
           primary_only(BACKUP, resource("aws_backup_selection", "main"))),
    breaks("backup-selection-fewer", "the secondary plan does not select the database", "backup-not-copied attribute-differs backup-weaker-after-promotion",
           "The promoted database is in no plan.",
           inside("live/regional.tf", 'module "regional_secondary"', "    module.data_secondary.database_arn,\n", "")),
    breaks("backup-selection-of-primary", "the secondary plan selects the primary jobs table", "depends-on-primary reference-not-translated attribute-differs",
           "A plan selects resources of its own region only: the replica is in no plan.",
           inside("live/regional.tf", 'module "regional_secondary"', "module.data_secondary.jobs_table_arn", "module.data_primary.jobs_table_arn")),
    breaks("backup-opt-in-dropped", "the secondary region does not say what may be backed up", "regional-setting-missing counterpart-missing",
           "What was off there stays off: plans skip those stores.",
           primary_only(BACKUP, SETTINGS)),
    breaks("backup-opt-in-files", "backups of files are off in the secondary region", "regional-setting-missing attribute-differs",
           "Plans skip the files.",
           inside(BACKUP, SETTINGS, '"EFS"             = true', '"EFS"             = var.role == "primary"')),
])
