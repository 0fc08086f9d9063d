# Keys of the secondary region.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_kms_key" "primary" {
  description  = "files"
  multi_region = true
}

resource "aws_sqs_queue" "primary" {
  name              = "jobs"
  kms_master_key_id = aws_kms_key.primary.arn
}

#! broken: the key has no counterpart
#! broken: the queue of the secondary names the key of the primary region
resource "aws_kms_replica_key" "secondary" {
  provider        = aws.west
  primary_key_arn = aws_kms_key.primary.arn
}

resource "aws_sqs_queue" "secondary" {
  provider          = aws.west
  name              = "jobs"
  kms_master_key_id = aws_kms_key.primary.arn
}

#! holds: it names the replica
resource "aws_kms_replica_key" "secondary" {
  provider        = aws.west
  primary_key_arn = aws_kms_key.primary.arn
}

resource "aws_sqs_queue" "secondary" {
  provider          = aws.west
  name              = "jobs"
  kms_master_key_id = aws_kms_replica_key.secondary.arn
}

#! undecided: the key is a variable
variable "key" {
  type = string
}

resource "aws_kms_replica_key" "secondary" {
  provider        = aws.west
  primary_key_arn = aws_kms_key.primary.arn
}

resource "aws_sqs_queue" "secondary" {
  provider          = aws.west
  name              = "jobs"
  kms_master_key_id = var.key
}
