locals {
  defaults = { encrypted = false, other = true }
  merged   = merge(local.defaults, { encrypted = true })
  back     = merge(local.merged, local.defaults)
}

resource "aws_ebs_volume" "on" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = local.merged.encrypted
}

resource "aws_ebs_volume" "off" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = local.back.encrypted
}
