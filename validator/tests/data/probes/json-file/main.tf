locals {
  settings = jsondecode(file("${path.module}/settings.json"))
}

resource "aws_ebs_volume" "on" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = local.settings.volumes[0].encrypted
}

resource "aws_ebs_volume" "off" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = local.settings.volumes[1].encrypted
}
