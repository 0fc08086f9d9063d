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

#! holds: each region looks up the same image, whatever the lookups are called
data "aws_ami" "one" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-*"]
  }
}

data "aws_ami" "two" {
  provider    = aws.west
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-*"]
  }
}

resource "aws_launch_template" "primary" {
  name          = "worker"
  instance_type = "m6i.large"
  image_id      = data.aws_ami.one.id
}

resource "aws_launch_template" "secondary" {
  provider      = aws.west
  name          = "worker"
  instance_type = "m6i.large"
  image_id      = data.aws_ami.two.id
}

#! broken: the lookups have one name and ask for different images
data "aws_ami" "primary" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-*"]
  }
}

data "aws_ami" "secondary" {
  provider    = aws.west
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2-*"]
  }
}

resource "aws_launch_template" "primary" {
  name          = "worker"
  instance_type = "m6i.large"
  image_id      = data.aws_ami.primary.id
}

resource "aws_launch_template" "secondary" {
  provider      = aws.west
  name          = "worker"
  instance_type = "m6i.large"
  image_id      = data.aws_ami.secondary.id
}

#! undecided: which image the secondary looks up is a variable
variable "image" {
  type = string
}

data "aws_ami" "primary" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-*"]
  }
}

data "aws_ami" "secondary" {
  provider    = aws.west
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = [var.image]
  }
}

resource "aws_launch_template" "primary" {
  name          = "worker"
  instance_type = "m6i.large"
  image_id      = data.aws_ami.primary.id
}

resource "aws_launch_template" "secondary" {
  provider      = aws.west
  name          = "worker"
  instance_type = "m6i.large"
  image_id      = data.aws_ami.secondary.id
}
