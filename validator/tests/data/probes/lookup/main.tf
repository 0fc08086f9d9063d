variable "settings" {
  type    = map(bool)
  default = { prod = true }
}

resource "aws_ebs_volume" "on" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = lookup(var.settings, "prod", false)
}

resource "aws_ebs_volume" "off" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = lookup(var.settings, "dev", false)
}
