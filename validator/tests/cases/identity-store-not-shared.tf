# Stores of users that do not share them.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_cognito_user_pool" "primary" {
  name = "customers"
}

#! never holds: no argument of a pool or directory makes two of them share users, so each pair is told
#! never undecided: two pools are a pair or not, and a pair never shares users
#! broken: two pools with the same name are two sets of users
resource "aws_cognito_user_pool" "secondary" {
  provider = aws.west
  name     = "customers"
}
