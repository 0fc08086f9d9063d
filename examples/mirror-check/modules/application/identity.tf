data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com", "ec2.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "task" {
  statement {
    sid       = "Objects"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:ListBucket"]
    resources = flatten([for name in ["documents", "results"] : [var.bucket_arns[name], "${var.bucket_arns[name]}/*"]])
  }

  statement {
    sid       = "Jobs"
    actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Query"]
    resources = [var.jobs_table_arn]
  }

  statement {
    sid       = "Queue"
    actions   = ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"]
    resources = [aws_sqs_queue.docking.arn]
  }

  statement {
    sid       = "Configuration"
    actions   = ["secretsmanager:GetSecretValue", "ssm:GetParameters"]
    resources = [var.secret_arn, var.licence_arn]
  }

  statement {
    sid       = "Keys"
    actions   = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.key_arn, var.storage_key_arn]
  }
}

# IAM is global: the names hold the region, so that both regions can have theirs.
resource "aws_iam_role" "task" {
  name               = "${var.name}-task-${var.region}"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy" "task" {
  name   = "runtime"
  role   = aws_iam_role.task.id
  policy = data.aws_iam_policy_document.task.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.task.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_iam_instance_profile" "worker" {
  name = "${var.name}-worker-${var.region}"
  role = aws_iam_role.task.name
}
