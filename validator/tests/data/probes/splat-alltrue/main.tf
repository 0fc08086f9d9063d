locals {
  all  = [{ safe = true }, { safe = true }]
  some = [{ safe = true }, { safe = false }]
}

resource "aws_ebs_volume" "on" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = alltrue(local.all[*].safe)
}

resource "aws_ebs_volume" "off" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = alltrue(local.some[*].safe)
}
