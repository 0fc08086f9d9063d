# Settings that AWS keeps for each account and region.

resource "aws_ebs_encryption_by_default" "this" {
  enabled = true
}

resource "aws_ebs_default_kms_key" "this" {
  key_arn = var.storage_key_arn
}

resource "aws_servicequotas_service_quota" "this" {
  for_each = var.quotas

  service_code = split("/", each.key)[0]
  quota_code   = split("/", each.key)[1]
  value        = each.value
}

# Each region records both, so that the loss of one takes no record with it.
resource "aws_cloudtrail" "audit" {
  name                          = "${var.name}-audit-${var.region}"
  s3_bucket_name                = var.audit_bucket
  kms_key_id                    = var.storage_key_arn
  is_multi_region_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = true
}
