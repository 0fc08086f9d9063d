# Two tables, one in each region.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_dynamodb_table" "jobs_primary" {
  name         = "jobs"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

#! broken: they have one name, and drift apart
resource "aws_dynamodb_table" "jobs_secondary" {
  provider     = aws.west
  name         = "jobs"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

#! holds: each region counts its own jobs, under a name of its own
resource "aws_dynamodb_table" "jobs_secondary" {
  provider     = aws.west
  name         = "standby-jobs"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

#! undecided: the name is a variable
variable "table" {
  type = string
}

resource "aws_dynamodb_table" "jobs_secondary" {
  provider     = aws.west
  name         = var.table
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}
