output "key_arn" {
  value = aws_kms_key.storage.arn
}

output "bucket_ids" {
  value = { for name, bucket in aws_s3_bucket.this : name => bucket.id }

  # Replication needs versions on both sides.
  depends_on = [aws_s3_bucket_versioning.this]
}

output "bucket_arns" {
  value = { for name, bucket in aws_s3_bucket.this : name => bucket.arn }

  depends_on = [aws_s3_bucket_versioning.this]
}

output "file_system_id" {
  value = aws_efs_file_system.files.id
}

output "file_system_arn" {
  value = aws_efs_file_system.files.arn
}

output "access_point_id" {
  value = aws_efs_access_point.work.id
}
