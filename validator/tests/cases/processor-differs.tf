# Processors of machines in both regions.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_launch_template" "worker_primary" {
  name          = "worker"
  image_id      = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
  instance_type = "c6i.2xlarge"
}

#! broken: the image is one for x86, the machine has an ARM processor
resource "aws_launch_template" "worker_secondary" {
  provider      = aws.west
  name          = "worker"
  image_id      = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
  instance_type = "c7g.2xlarge"
}

#! holds: a newer generation of the same processor
resource "aws_launch_template" "worker_secondary" {
  provider      = aws.west
  name          = "worker"
  image_id      = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
  instance_type = "c7i.2xlarge"
}

#! holds: a family whose name begins with the letter that says ARM elsewhere
resource "aws_launch_template" "worker_secondary" {
  provider      = aws.west
  name          = "worker"
  image_id      = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
  instance_type = "g5.2xlarge"
}

#! undecided: the image is for ARM too, what runs on it may not be
resource "aws_launch_template" "worker_secondary" {
  provider      = aws.west
  name          = "worker"
  image_id      = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
  instance_type = "c7g.2xlarge"
}

#! undecided: the type is a variable
variable "type" {
  type = string
}

resource "aws_launch_template" "worker_secondary" {
  provider      = aws.west
  name          = "worker"
  image_id      = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
  instance_type = var.type
}

#! undecided: both images are looked up, perhaps not the same
data "aws_ami" "primary" {
  most_recent = true
  owners      = ["self"]
}

resource "aws_instance" "jobs_primary" {
  ami           = data.aws_ami.primary.id
  instance_type = "c6i.2xlarge"
}

resource "aws_instance" "jobs_secondary" {
  provider      = aws.west
  ami           = data.aws_ami.primary.id
  instance_type = "c7g.2xlarge"
}

resource "aws_launch_template" "worker_secondary" {
  provider      = aws.west
  name          = "worker"
  image_id      = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
  instance_type = "c7i.2xlarge"
}
