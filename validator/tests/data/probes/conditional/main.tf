variable "environment" {
  default = "prod"
}

resource "aws_ebs_volume" "on" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = var.environment == "prod" ? true : false
}

resource "aws_ebs_volume" "off" {
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = var.environment != "prod" ? true : false
}
