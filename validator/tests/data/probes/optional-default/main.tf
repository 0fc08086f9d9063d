variable "volumes" {
  type = map(object({
    size      = optional(number, 8)
    encrypted = optional(bool, true)
  }))
  default = { on = {}, off = { encrypted = false } }
}

resource "aws_ebs_volume" "on" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = var.volumes.on.encrypted
}

resource "aws_ebs_volume" "off" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = var.volumes.off.encrypted
}
