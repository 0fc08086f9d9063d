# Docking workers: machines in the isolated subnets, fed by a queue.

resource "aws_sqs_queue" "dead_letters" {
  name                      = "${var.name}-docking-failed"
  message_retention_seconds = 1209600
  kms_master_key_id         = var.key_arn
}

resource "aws_sqs_queue" "docking" {
  name                       = "${var.name}-docking"
  visibility_timeout_seconds = 900
  message_retention_seconds  = 345600
  kms_master_key_id          = var.key_arn

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = 5
  })
}

# The image is looked up by the name of a public parameter, which every region has.
resource "aws_launch_template" "worker" {
  name                   = "${var.name}-worker"
  image_id               = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
  instance_type          = var.workers.instance_type
  update_default_version = true
  vpc_security_group_ids = [var.network.group_ids.worker]

  user_data = base64encode(<<-EOT
    #!/bin/bash
    set -euo pipefail
    echo "AWS_REGION=${var.region}" > /etc/docking.env
    echo "QUEUE=${aws_sqs_queue.docking.url}" >> /etc/docking.env
    echo "DATABASE_HOST=${var.database_host}" >> /etc/docking.env
    mount -t efs -o tls,accesspoint=${var.files.access_point_id} ${var.files.file_system_id}:/ /work
  EOT
  )

  iam_instance_profile {
    arn = aws_iam_instance_profile.worker.arn
  }

  metadata_options {
    http_tokens   = "required"
    http_endpoint = "enabled"
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_size = 100
      volume_type = "gp3"
      encrypted   = true
      kms_key_id  = var.storage_key_arn
    }
  }
}

resource "aws_autoscaling_group" "worker" {
  name                = "${var.name}-worker"
  min_size            = local.primary ? var.workers.running : var.workers.standby
  max_size            = var.workers.maximum
  health_check_type   = "EC2"
  vpc_zone_identifier = var.network.subnet_ids.isolated

  launch_template {
    id      = aws_launch_template.worker.id
    version = "$Latest"
  }

  tag {
    key                 = "Name"
    value               = "${var.name}-worker"
    propagate_at_launch = true
  }
}

resource "aws_autoscaling_policy" "worker" {
  name                   = "cpu"
  autoscaling_group_name = aws_autoscaling_group.worker.name
  policy_type            = "TargetTrackingScaling"

  target_tracking_configuration {
    target_value = 70

    predefined_metric_specification {
      predefined_metric_type = "ASGAverageCPUUtilization"
    }
  }
}
