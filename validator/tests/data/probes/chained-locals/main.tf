locals {
  first  = { answer = "yes" }
  second = local.first.answer
  third  = local.second == "yes"
  fourth = !local.third
}

resource "aws_ebs_volume" "on" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = local.third
}

resource "aws_ebs_volume" "off" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = local.fourth
}
