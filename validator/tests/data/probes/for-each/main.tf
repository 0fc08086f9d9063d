locals {
  volumes = { on = { encrypted = true }, off = { encrypted = false } }
}

resource "aws_ebs_volume" "each" {
  for_each          = local.volumes
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = each.value.encrypted
}
