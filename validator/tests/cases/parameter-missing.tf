# Parameters of Systems Manager: each region has its own.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_ssm_parameter" "primary" {
  for_each = { level = "info", timeout = "30" }
  name     = "/shop/${each.key}"
  type     = "String"
  value    = each.value
}

#! broken: the secondary region has one of two
resource "aws_ssm_parameter" "secondary" {
  for_each = { level = "info" }
  provider = aws.west
  name     = "/shop/${each.key}"
  type     = "String"
  value    = each.value
}

#! holds: both are declared there
resource "aws_ssm_parameter" "secondary" {
  for_each = { level = "info", timeout = "30" }
  provider = aws.west
  name     = "/shop/${each.key}"
  type     = "String"
  value    = each.value
}

#! undecided: which are declared there is a variable
variable "parameters" {
  type = map(string)
}

resource "aws_ssm_parameter" "secondary" {
  for_each = var.parameters
  provider = aws.west
  name     = "/shop/${each.key}"
  type     = "String"
  value    = each.value
}
