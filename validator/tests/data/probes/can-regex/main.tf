variable "name" {
  default = "prod-db-1"
}

resource "aws_ebs_volume" "on" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = can(regex("^prod-[a-z]+-[0-9]$", var.name))
}

resource "aws_ebs_volume" "off" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = can(regex("^dev-", var.name))
}
