locals {
  names = ["on", "off"]
  flags = { for name in local.names : name => name == "on" }
}

resource "aws_ebs_volume" "on" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = local.flags["on"]
}

resource "aws_ebs_volume" "off" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = local.flags.off
}
