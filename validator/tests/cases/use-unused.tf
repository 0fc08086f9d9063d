# What a use block names.
#! never undecided: an address is there or not; where not all sources could be read, nothing is asked
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_kms_key" "orders" {
  description = "orders"
}

#! broken: there is no such key
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

use "aws_kms_key.order" {
  client_side = true
}
#! holds: the key is there
#! dr.hcl
estate "cases" {
  primary   = "us-east-1"
  secondary = ["us-west-2"]
}

use "aws_kms_key.orders" {
  client_side = true
}
