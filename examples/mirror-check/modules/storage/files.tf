# Shared files of the docking workers. The secondary one only receives, until its replication is deleted.

resource "aws_efs_file_system" "files" {
  creation_token  = "${var.name}-files"
  encrypted       = true
  kms_key_id      = aws_kms_key.storage.arn
  throughput_mode = "elastic"

  lifecycle_policy {
    transition_to_ia = "AFTER_30_DAYS"
  }

  # A file system that receives must accept to be overwritten.
  dynamic "protection" {
    for_each = var.role == "secondary" ? ["DISABLED"] : []

    content {
      replication_overwrite = protection.value
    }
  }

  tags = { Name = "${var.name}-files" }
}

resource "aws_efs_mount_target" "files" {
  count = length(var.network.subnet_ids.isolated)

  file_system_id  = aws_efs_file_system.files.id
  subnet_id       = var.network.subnet_ids.isolated[count.index]
  security_groups = [var.network.group_ids.files]
}

resource "aws_efs_access_point" "work" {
  file_system_id = aws_efs_file_system.files.id

  posix_user {
    uid = 1000
    gid = 1000
  }

  root_directory {
    path = "/work"

    creation_info {
      owner_uid   = 1000
      owner_gid   = 1000
      permissions = "0750"
    }
  }
}
