# Machine images have an id of their own in each region.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

#! broken: the template of the secondary names the id of the primary
resource "aws_launch_template" "primary" {
  name          = "worker"
  instance_type = "m6i.large"
  image_id      = "ami-0abcdef1234567890"
}

resource "aws_launch_template" "secondary" {
  provider      = aws.west
  name          = "worker"
  instance_type = "m6i.large"
  image_id      = aws_launch_template.primary.image_id
}

#! holds: each region looks up its own
data "aws_ami" "primary" {
  most_recent = true
  owners      = ["amazon"]
}

resource "aws_launch_template" "primary" {
  name          = "worker"
  instance_type = "m6i.large"
  image_id      = data.aws_ami.primary.id
}

data "aws_ami" "secondary" {
  provider    = aws.west
  most_recent = true
  owners      = ["amazon"]
}

resource "aws_launch_template" "secondary" {
  provider      = aws.west
  name          = "worker"
  instance_type = "m6i.large"
  image_id      = data.aws_ami.secondary.id
}

#! undecided: another id may stand for the same image or for another one
resource "aws_launch_template" "primary" {
  name          = "worker"
  instance_type = "m6i.large"
  image_id      = "ami-0abcdef1234567890"
}

resource "aws_launch_template" "secondary" {
  provider      = aws.west
  name          = "worker"
  instance_type = "m6i.large"
  image_id      = "ami-0fedcba9876543210"
}

#! undecided: the id is a variable
resource "aws_launch_template" "primary" {
  name          = "worker"
  instance_type = "m6i.large"
  image_id      = "ami-0abcdef1234567890"
}

variable "image" {
  type = string
}

resource "aws_launch_template" "secondary" {
  provider      = aws.west
  name          = "worker"
  instance_type = "m6i.large"
  image_id      = var.image
}
