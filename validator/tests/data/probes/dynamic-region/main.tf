variable "regions" {
  type    = list(string)
  default = ["us-east-1", "us-west-2"]
}

locals {
  secondary = one([for region in var.regions : region if !startswith(region, "us-east")])
}

resource "aws_ebs_volume" "on" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = local.secondary == "us-west-2"
}

resource "aws_ebs_volume" "off" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = length(var.regions) > 2
}
