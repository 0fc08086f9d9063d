# What roles of both regions may do, all their policies together.
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

resource "aws_iam_role_policy" "task_primary" {
  role   = aws_iam_role.task_primary.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "task_primary" {
  role       = aws_iam_role.task_primary.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"
}

resource "aws_iam_role" "task_secondary" {
  provider           = aws.west
  name               = "task-us-west-2"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

#! broken: it may send and not receive
resource "aws_iam_role_policy" "task_secondary" {
  provider = aws.west
  role     = aws_iam_role.task_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage"], Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "task_secondary" {
  provider   = aws.west
  role       = aws_iam_role.task_secondary.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"
}

#! broken: the policy of AWS is not attached
resource "aws_iam_role_policy" "task_secondary" {
  provider = aws.west
  role     = aws_iam_role.task_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

#! broken: another policy denies what one allows
resource "aws_iam_role_policy" "task_secondary" {
  provider = aws.west
  role     = aws_iam_role.task_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:*", Resource = "*" }] })
}

resource "aws_iam_role_policy" "idle" {
  provider = aws.west
  role     = aws_iam_role.task_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Action = "sqs:Receive*", Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "task_secondary" {
  provider   = aws.west
  role       = aws_iam_role.task_secondary.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"
}

#! holds: what is denied is another action, or hangs on a condition
resource "aws_iam_role_policy" "task_secondary" {
  provider = aws.west
  role     = aws_iam_role.task_secondary.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" },
      { Effect = "Deny", Action = "sqs:DeleteQueue", Resource = "*" },
      { Effect = "Deny", Action = "sqs:*", Resource = "*", Condition = { Bool = { "aws:SecureTransport" = "false" } } },
    ]
  })
}

resource "aws_iam_role_policy_attachment" "task_secondary" {
  provider   = aws.west
  role       = aws_iam_role.task_secondary.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"
}

#! holds: patterns, in a policy that is attached
resource "aws_iam_policy" "jobs" {
  provider = aws.west
  name     = "jobs"
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:Send*", "SQS:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "task_secondary" {
  for_each   = { jobs = aws_iam_policy.jobs.arn, parameters = "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess" }
  provider   = aws.west
  role       = aws_iam_role.task_secondary.name
  policy_arn = each.value
}

#! undecided: the actions are a variable
variable "actions" {
  type = list(string)
}

resource "aws_iam_role_policy" "task_secondary" {
  provider = aws.west
  role     = aws_iam_role.task_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = var.actions, Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "task_secondary" {
  provider   = aws.west
  role       = aws_iam_role.task_secondary.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"
}

#! broken: a boundary leaves less than production may do
resource "aws_iam_role" "bounded_primary" {
  name               = "bounded-us-east-1"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "bounded_primary" {
  role   = aws_iam_role.bounded_primary.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_role" "bounded_secondary" {
  provider             = aws.west
  name                 = "bounded-us-west-2"
  permissions_boundary = aws_iam_policy.bound.arn
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "bounded_secondary" {
  provider = aws.west
  role     = aws_iam_role.bounded_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_policy" "bound" {
  provider = aws.west
  name     = "bound"
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:Send*", Resource = "*" }] })
}

resource "aws_iam_role_policy" "task_secondary" {
  provider = aws.west
  role     = aws_iam_role.task_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "task_secondary" {
  provider   = aws.west
  role       = aws_iam_role.task_secondary.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"
}

#! holds: a boundary leaves all that production may do
resource "aws_iam_role" "bounded_primary" {
  name               = "bounded-us-east-1"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "bounded_primary" {
  role   = aws_iam_role.bounded_primary.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_role" "bounded_secondary" {
  provider             = aws.west
  name                 = "bounded-us-west-2"
  permissions_boundary = aws_iam_policy.bound.arn
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "bounded_secondary" {
  provider = aws.west
  role     = aws_iam_role.bounded_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_policy" "bound" {
  provider = aws.west
  name     = "bound"
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:*", "s3:*"], Resource = "*" }] })
}

resource "aws_iam_role_policy" "task_secondary" {
  provider = aws.west
  role     = aws_iam_role.task_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "task_secondary" {
  provider   = aws.west
  role       = aws_iam_role.task_secondary.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"
}

#! undecided: the boundary is one of another estate
resource "aws_iam_role" "bounded_primary" {
  name               = "bounded-us-east-1"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "bounded_primary" {
  role   = aws_iam_role.bounded_primary.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_role" "bounded_secondary" {
  provider             = aws.west
  name                 = "bounded-us-west-2"
  permissions_boundary = "arn:aws:iam::123456789012:policy/bound"
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "bounded_secondary" {
  provider = aws.west
  role     = aws_iam_role.bounded_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_policy" "bound" {
  provider = aws.west
  name     = "bound"
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:*", Resource = "*" }] })
}

resource "aws_iam_role_policy" "task_secondary" {
  provider = aws.west
  role     = aws_iam_role.task_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "task_secondary" {
  provider   = aws.west
  role       = aws_iam_role.task_secondary.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"
}

#! broken: a boundary denies what production may do
resource "aws_iam_role" "bounded_primary" {
  name               = "bounded-us-east-1"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "bounded_primary" {
  role   = aws_iam_role.bounded_primary.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_role" "bounded_secondary" {
  provider             = aws.west
  name                 = "bounded-us-west-2"
  permissions_boundary = aws_iam_policy.bound.arn
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "bounded_secondary" {
  provider = aws.west
  role     = aws_iam_role.bounded_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_policy" "bound" {
  provider = aws.west
  name     = "bound"
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }, { Effect = "Deny", Action = "sqs:Receive*", Resource = "*" }] })
}

resource "aws_iam_role_policy" "task_secondary" {
  provider = aws.west
  role     = aws_iam_role.task_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "task_secondary" {
  provider   = aws.west
  role       = aws_iam_role.task_secondary.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"
}

#! holds: a boundary denies what nobody of production may do
resource "aws_iam_role" "bounded_primary" {
  name               = "bounded-us-east-1"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "bounded_primary" {
  role   = aws_iam_role.bounded_primary.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_role" "bounded_secondary" {
  provider             = aws.west
  name                 = "bounded-us-west-2"
  permissions_boundary = aws_iam_policy.bound.arn
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "bounded_secondary" {
  provider = aws.west
  role     = aws_iam_role.bounded_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_policy" "bound" {
  provider = aws.west
  name     = "bound"
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }, { Effect = "Deny", Action = "iam:*", Resource = "*" }] })
}

resource "aws_iam_role_policy" "task_secondary" {
  provider = aws.west
  role     = aws_iam_role.task_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "task_secondary" {
  provider   = aws.west
  role       = aws_iam_role.task_secondary.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"
}

#! undecided: a boundary denies under conditions what production may do
resource "aws_iam_role" "bounded_primary" {
  name               = "bounded-us-east-1"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "bounded_primary" {
  role   = aws_iam_role.bounded_primary.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_role" "bounded_secondary" {
  provider             = aws.west
  name                 = "bounded-us-west-2"
  permissions_boundary = aws_iam_policy.bound.arn
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "bounded_secondary" {
  provider = aws.west
  role     = aws_iam_role.bounded_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_policy" "bound" {
  provider = aws.west
  name     = "bound"
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }, { Effect = "Deny", Action = "sqs:*", Resource = "*", Condition = { StringNotEquals = { "aws:PrincipalTag/team" = "jobs" } } }] })
}

resource "aws_iam_role_policy" "task_secondary" {
  provider = aws.west
  role     = aws_iam_role.task_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "task_secondary" {
  provider   = aws.west
  role       = aws_iam_role.task_secondary.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"
}

#! undecided: a boundary leaves all but some actions
resource "aws_iam_role" "bounded_primary" {
  name               = "bounded-us-east-1"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "bounded_primary" {
  role   = aws_iam_role.bounded_primary.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_role" "bounded_secondary" {
  provider             = aws.west
  name                 = "bounded-us-west-2"
  permissions_boundary = aws_iam_policy.bound.arn
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "bounded_secondary" {
  provider = aws.west
  role     = aws_iam_role.bounded_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_policy" "bound" {
  provider = aws.west
  name     = "bound"
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", NotAction = ["iam:*"], Resource = "*" }] })
}

resource "aws_iam_role_policy" "task_secondary" {
  provider = aws.west
  role     = aws_iam_role.task_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:SendMessage", "sqs:ReceiveMessage"], Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "task_secondary" {
  provider   = aws.west
  role       = aws_iam_role.task_secondary.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"
}
