# Conditions of policies that only one region meets.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_iam_role" "task_primary" {
  name               = "task-us-east-1"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role" "task_secondary" {
  provider           = aws.west
  name               = "task-us-west-2"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

#! broken: the standby's tasks may call production's region only
data "aws_iam_policy_document" "task_secondary" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "aws:RequestedRegion"
      values   = ["us-east-1"]
    }
  }
}

resource "aws_iam_role_policy" "task_secondary" {
  provider = aws.west
  role     = aws_iam_role.task_secondary.id
  policy   = data.aws_iam_policy_document.task_secondary.json
}

#! broken: all is denied outside of production's region
resource "aws_iam_role_policy" "task_secondary" {
  provider = aws.west
  role     = aws_iam_role.task_secondary.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Action    = "*"
      Resource  = "*"
      Condition = { StringNotEquals = { "aws:RequestedRegion" = "us-east-1" } }
    }]
  })
}

#! broken: the key may be used by the queue service of production's region
resource "aws_iam_role_policy" "task_secondary" {
  provider = aws.west
  role     = aws_iam_role.task_secondary.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "kms:Decrypt"
      Resource  = "*"
      Condition = { StringEquals = { "kms:ViaService" = "sqs.us-east-1.amazonaws.com" } }
    }]
  })
}

#! holds: both regions are named
resource "aws_iam_role_policy" "task_secondary" {
  provider = aws.west
  role     = aws_iam_role.task_secondary.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sqs:SendMessage"
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = ["us-east-1", "us-west-2"] } }
    }]
  })
}

#! holds: the region of the provider, and a deny for production's
data "aws_region" "west" {
  provider = aws.west
}

resource "aws_iam_role_policy" "task_secondary" {
  provider = aws.west
  role     = aws_iam_role.task_secondary.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "sqs:SendMessage"
        Resource  = "*"
        Condition = { StringEquals = { "aws:RequestedRegion" = data.aws_region.west.name } }
      },
      {
        Effect    = "Deny"
        Action    = "sqs:SendMessage"
        Resource  = "*"
        Condition = { StringEquals = { "aws:RequestedRegion" = "us-east-1" } }
      },
    ]
  })
}

#! undecided: the region is a variable
variable "region" {
  type = string
}

resource "aws_iam_role_policy" "task_secondary" {
  provider = aws.west
  role     = aws_iam_role.task_secondary.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sqs:SendMessage"
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = var.region } }
    }]
  })
}

#! undecided: the whole policy is a variable
variable "policy" {
  type = string
}

resource "aws_iam_role_policy" "task_secondary" {
  provider = aws.west
  role     = aws_iam_role.task_secondary.id
  policy   = var.policy
}

#! broken: of two secondary regions one is forgotten
provider "aws" {
  alias  = "eu"
  region = "eu-west-1"
}

resource "aws_sqs_queue" "eu" {
  provider = aws.eu
  name     = "jobs"
}

resource "aws_iam_role" "shared" {
  name               = "shared"
  assume_role_policy = jsonencode({ Statement = [] })
}

resource "aws_iam_role_policy" "shared" {
  role   = aws_iam_role.shared.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*", Condition = { StringEquals = { "aws:RequestedRegion" = ["us-east-1", "us-west-2"] } } }] })
}
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2", "eu-west-1"]
}

#! broken: a policy of the organisation denies everything outside of the primary region
resource "aws_organizations_policy" "regions" {
  name = "regions"
  type = "SERVICE_CONTROL_POLICY"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      NotAction = ["iam:*", "route53:*"]
      Resource  = "*"
      Condition = { StringNotEquals = { "aws:RequestedRegion" = "us-east-1" } }
    }]
  })
}

#! broken: a policy of the organisation denies everything in the secondary region
resource "aws_organizations_policy" "regions" {
  name = "regions"
  type = "SERVICE_CONTROL_POLICY"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Action    = "*"
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = "us-west-2" } }
    }]
  })
}

#! holds: a policy of the organisation denies everything outside of both regions
resource "aws_organizations_policy" "regions" {
  name = "regions"
  type = "SERVICE_CONTROL_POLICY"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      NotAction = ["iam:*", "route53:*"]
      Resource  = "*"
      Condition = { StringNotEquals = { "aws:RequestedRegion" = ["us-east-1", "us-west-2"] } }
    }]
  })
}

#! undecided: a policy of the organisation denies a part of the calls in the secondary region
resource "aws_organizations_policy" "regions" {
  name = "regions"
  type = "SERVICE_CONTROL_POLICY"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Action    = "ec2:RunInstances"
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = "us-west-2" } }
    }]
  })
}

#! broken: a policy at the root of the organisation denies everything outside of the primary region
resource "aws_organizations_policy" "regions" {
  name = "regions"
  type = "SERVICE_CONTROL_POLICY"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Action    = "*"
      Resource  = "*"
      Condition = { StringNotEquals = { "aws:RequestedRegion" = "us-east-1" } }
    }]
  })
}

data "aws_organizations_organization" "all" {}

resource "aws_organizations_policy_attachment" "regions" {
  policy_id = aws_organizations_policy.regions.id
  target_id = data.aws_organizations_organization.all.roots[0].id
}

#! undecided: the policy of the organisation is attached to a part of it
resource "aws_organizations_policy" "regions" {
  name = "regions"
  type = "SERVICE_CONTROL_POLICY"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Action    = "*"
      Resource  = "*"
      Condition = { StringNotEquals = { "aws:RequestedRegion" = "us-east-1" } }
    }]
  })
}

resource "aws_organizations_policy_attachment" "regions" {
  policy_id = aws_organizations_policy.regions.id
  target_id = "ou-ab12-sandbox1"
}

#! undecided: a policy of the organisation denies a part of the calls outside of the primary region
resource "aws_organizations_policy" "regions" {
  name = "regions"
  type = "SERVICE_CONTROL_POLICY"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Action    = "ec2:RunInstances"
      Resource  = "*"
      Condition = { StringNotEquals = { "aws:RequestedRegion" = "us-east-1" } }
    }]
  })
}

data "aws_organizations_organization" "all" {}

resource "aws_organizations_policy_attachment" "regions" {
  policy_id = aws_organizations_policy.regions.id
  target_id = data.aws_organizations_organization.all.roots[0].id
}

#! undecided: a policy of the organisation leaves services of the secondary region
resource "aws_organizations_policy" "regions" {
  name = "regions"
  type = "SERVICE_CONTROL_POLICY"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      NotAction = ["iam:*", "ec2:*", "rds:*"]
      Resource  = "*"
      Condition = { StringNotEquals = { "aws:RequestedRegion" = "us-east-1" } }
    }]
  })
}

data "aws_organizations_organization" "all" {}

resource "aws_organizations_policy_attachment" "regions" {
  policy_id = aws_organizations_policy.regions.id
  target_id = data.aws_organizations_organization.all.roots[0].id
}

#! undecided: a policy of the organisation denies everything on a part outside of the primary region
resource "aws_organizations_policy" "regions" {
  name = "regions"
  type = "SERVICE_CONTROL_POLICY"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Action    = "*"
      Resource  = "arn:aws:s3:::logs/*"
      Condition = { StringNotEquals = { "aws:RequestedRegion" = "us-east-1" } }
    }]
  })
}

data "aws_organizations_organization" "all" {}

resource "aws_organizations_policy_attachment" "regions" {
  policy_id = aws_organizations_policy.regions.id
  target_id = data.aws_organizations_organization.all.roots[0].id
}
