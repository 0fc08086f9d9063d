# Policies of the secondary region and the region of what they allow on.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_sqs_queue" "jobs_primary" {
  name = "jobs"
}

resource "aws_sqs_queue" "jobs_secondary" {
  provider = aws.west
  name     = "jobs"
}

resource "aws_iam_role" "worker_primary" {
  name               = "worker-us-east-1"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role" "worker_secondary" {
  provider           = aws.west
  name               = "worker-us-west-2"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "worker_primary" {
  name   = "jobs"
  role   = aws_iam_role.worker_primary.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = aws_sqs_queue.jobs_primary.arn }] })
}

#! broken: production's queue by reference
resource "aws_iam_role_policy" "worker_secondary" {
  provider = aws.west
  name     = "jobs"
  role     = aws_iam_role.worker_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = aws_sqs_queue.jobs_primary.arn }] })
}

#! broken: production's queue as it is written
resource "aws_iam_role_policy" "worker_secondary" {
  provider = aws.west
  name     = "jobs"
  role     = aws_iam_role.worker_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = "arn:aws:sqs:us-east-1:123456789012:jobs" }] })
}

#! holds: both queues in one statement
resource "aws_iam_role_policy" "worker_secondary" {
  provider = aws.west
  name     = "jobs"
  role     = aws_iam_role.worker_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = [aws_sqs_queue.jobs_primary.arn, aws_sqs_queue.jobs_secondary.arn] }] })
}

#! holds: a name of any region, of an account that is looked up
data "aws_caller_identity" "this" {}

resource "aws_iam_role_policy" "worker_secondary" {
  provider = aws.west
  name     = "jobs"
  role     = aws_iam_role.worker_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = "arn:aws:sqs:*:${data.aws_caller_identity.this.account_id}:jobs" }] })
}

#! holds: objects go both ways, and each role writes into the other region's bucket
resource "aws_s3_bucket" "docs_primary" {
  bucket = "shop-docs-us-east-1"
}

resource "aws_s3_bucket" "docs_secondary" {
  provider = aws.west
  bucket   = "shop-docs-us-west-2"
}

resource "aws_iam_role_policy" "copies_primary" {
  name   = "copies"
  role   = aws_iam_role.worker_primary.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:ReplicateObject", Resource = "${aws_s3_bucket.docs_secondary.arn}/*" }] })
}

resource "aws_iam_role_policy" "copies_secondary" {
  provider = aws.west
  name     = "copies"
  role     = aws_iam_role.worker_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:ReplicateObject", Resource = "${aws_s3_bucket.docs_primary.arn}/*" }] })
}

resource "aws_iam_role_policy" "worker_secondary" {
  provider = aws.west
  name     = "jobs"
  role     = aws_iam_role.worker_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = aws_sqs_queue.jobs_secondary.arn }] })
}

#! undecided: the queue is a variable
variable "queue_arn" {
  type = string
}

resource "aws_iam_role_policy" "worker_secondary" {
  provider = aws.west
  name     = "jobs"
  role     = aws_iam_role.worker_secondary.id
  policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = var.queue_arn }] })
}

#! broken: a role that serves both regions may use the queue of the primary only
resource "aws_iam_role" "shared" {
  name               = "shared"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "shared" {
  name   = "jobs"
  role   = aws_iam_role.shared.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = aws_sqs_queue.jobs_primary.arn }] })
}

resource "aws_ecs_task_definition" "primary" {
  family                = "worker"
  container_definitions = jsonencode([{ name = "worker", image = "worker" }])
  task_role_arn         = aws_iam_role.shared.arn
}

resource "aws_ecs_task_definition" "secondary" {
  provider              = aws.west
  family                = "worker"
  container_definitions = jsonencode([{ name = "worker", image = "worker" }])
  task_role_arn         = aws_iam_role.shared.arn
}

#! broken: a role that serves both regions may use queues of the primary region only
resource "aws_iam_role" "shared" {
  name               = "shared"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "shared" {
  name   = "jobs"
  role   = aws_iam_role.shared.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = "arn:aws:sqs:us-east-1:123456789012:*" }] })
}

resource "aws_ecs_task_definition" "primary" {
  family                = "worker"
  container_definitions = jsonencode([{ name = "worker", image = "worker" }])
  task_role_arn         = aws_iam_role.shared.arn
}

resource "aws_ecs_task_definition" "secondary" {
  provider              = aws.west
  family                = "worker"
  container_definitions = jsonencode([{ name = "worker", image = "worker" }])
  task_role_arn         = aws_iam_role.shared.arn
}

#! holds: a role that serves both regions may use both queues
resource "aws_iam_role" "shared" {
  name               = "shared"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "shared" {
  name   = "jobs"
  role   = aws_iam_role.shared.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = [aws_sqs_queue.jobs_primary.arn, aws_sqs_queue.jobs_secondary.arn] }] })
}

resource "aws_ecs_task_definition" "primary" {
  family                = "worker"
  container_definitions = jsonencode([{ name = "worker", image = "worker" }])
  task_role_arn         = aws_iam_role.shared.arn
}

resource "aws_ecs_task_definition" "secondary" {
  provider              = aws.west
  family                = "worker"
  container_definitions = jsonencode([{ name = "worker", image = "worker" }])
  task_role_arn         = aws_iam_role.shared.arn
}

#! holds: a role that serves both regions may use the queue of any region
resource "aws_iam_role" "shared" {
  name               = "shared"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "shared" {
  name   = "jobs"
  role   = aws_iam_role.shared.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = "arn:aws:sqs:*:123456789012:jobs" }] })
}

resource "aws_ecs_task_definition" "primary" {
  family                = "worker"
  container_definitions = jsonencode([{ name = "worker", image = "worker" }])
  task_role_arn         = aws_iam_role.shared.arn
}

resource "aws_ecs_task_definition" "secondary" {
  provider              = aws.west
  family                = "worker"
  container_definitions = jsonencode([{ name = "worker", image = "worker" }])
  task_role_arn         = aws_iam_role.shared.arn
}

#! undecided: another policy of the shared role is not known
resource "aws_iam_role" "shared" {
  name               = "shared"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "shared" {
  name   = "jobs"
  role   = aws_iam_role.shared.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = aws_sqs_queue.jobs_primary.arn }] })
}

resource "aws_ecs_task_definition" "primary" {
  family                = "worker"
  container_definitions = jsonencode([{ name = "worker", image = "worker" }])
  task_role_arn         = aws_iam_role.shared.arn
}

resource "aws_ecs_task_definition" "secondary" {
  provider              = aws.west
  family                = "worker"
  container_definitions = jsonencode([{ name = "worker", image = "worker" }])
  task_role_arn         = aws_iam_role.shared.arn
}

resource "aws_iam_role_policy_attachment" "shared" {
  role       = aws_iam_role.shared.name
  policy_arn = "arn:aws:iam::123456789012:policy/elsewhere"
}
