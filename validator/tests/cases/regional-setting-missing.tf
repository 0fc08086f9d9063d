# Settings that an account has once for each region.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_ebs_encryption_by_default" "primary" {
  enabled = true
}

#! broken: volumes of the secondary region are made as AWS makes them
#! holds: it is set in both
resource "aws_ebs_encryption_by_default" "secondary" {
  provider = aws.west
  enabled  = true
}

#! undecided: whether it is set in the secondary region hangs on a variable
variable "encrypt" {
  type = bool
}

resource "aws_ebs_encryption_by_default" "secondary" {
  count    = var.encrypt ? 1 : 0
  provider = aws.west
  enabled  = true
}
