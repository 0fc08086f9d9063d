variable "options" {
  type    = any
  default = { storage = { encrypted = true } }
}

resource "aws_ebs_volume" "on" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = try(var.options.storage.encrypted, false)
}

resource "aws_ebs_volume" "off" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = try(var.options.backup.encrypted, false)
}
