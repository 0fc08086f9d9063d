locals {
  zones = ["us-east-1a", "us-east-1b"]
}

resource "aws_ebs_volume" "on" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = contains(local.zones, "us-east-1a")
}

resource "aws_ebs_volume" "off" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = contains(local.zones, "us-west-2a")
}
