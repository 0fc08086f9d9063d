# What functions of the secondary region are told about their surroundings.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_sqs_queue" "primary" {
  name = "jobs"
}

resource "aws_sqs_queue" "secondary" {
  provider = aws.west
  name     = "jobs"
}

resource "aws_iam_role" "worker" {
  name               = "worker"
  assume_role_policy = "{}"
}

resource "aws_lambda_function" "primary" {
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  filename      = "worker.zip"
  handler       = "main"
  runtime       = "python3.12"
  environment {
    variables = { QUEUE_URL = aws_sqs_queue.primary.url }
  }
}

#! broken: the queue of the primary region
resource "aws_lambda_function" "secondary" {
  provider      = aws.west
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  filename      = "worker.zip"
  handler       = "main"
  runtime       = "python3.12"
  environment {
    variables = { QUEUE_URL = aws_sqs_queue.primary.url }
  }
}

#! broken: the region as a word
resource "aws_lambda_function" "secondary" {
  provider      = aws.west
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  filename      = "worker.zip"
  handler       = "main"
  runtime       = "python3.12"
  environment {
    variables = { QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/123456789012/jobs" }
  }
}

#! holds: the own queue, and a word that only looks like a region
resource "aws_lambda_function" "secondary" {
  provider      = aws.west
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  filename      = "worker.zip"
  handler       = "main"
  runtime       = "python3.12"
  environment {
    variables = {
      QUEUE_URL = aws_sqs_queue.secondary.url
      CAMPAIGN  = "us-east-coast"
    }
  }
}

#! undecided: the address is a variable
variable "queue" {
  type = string
}

resource "aws_lambda_function" "secondary" {
  provider      = aws.west
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  filename      = "worker.zip"
  handler       = "main"
  runtime       = "python3.12"
  environment {
    variables = { QUEUE_URL = var.queue }
  }
}

#! undecided: which queue hangs on a variable
variable "main" {
  type = bool
}

resource "aws_lambda_function" "secondary" {
  provider      = aws.west
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  filename      = "worker.zip"
  handler       = "main"
  runtime       = "python3.12"
  environment {
    variables = { QUEUE_URL = var.main ? aws_sqs_queue.primary.url : aws_sqs_queue.secondary.url }
  }
}

#! undecided: which word hangs on a variable
variable "main" {
  type = string
}

locals {
  hosts = { one = "jobs.us-east-1.example.com", two = "jobs.us-west-2.example.com" }
}

resource "aws_lambda_function" "secondary" {
  provider      = aws.west
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  filename      = "worker.zip"
  handler       = "main"
  runtime       = "python3.12"
  environment {
    variables = { QUEUE_URL = local.hosts[var.main] }
  }
}

#! broken: whichever the variable chooses is of the primary region
variable "main" {
  type = bool
}

resource "aws_lambda_function" "secondary" {
  provider      = aws.west
  function_name = "worker"
  role          = aws_iam_role.worker.arn
  filename      = "worker.zip"
  handler       = "main"
  runtime       = "python3.12"
  environment {
    variables = { QUEUE_URL = var.main ? aws_sqs_queue.primary.url : "https://sqs.us-east-1.amazonaws.com/1/jobs" }
  }
}
