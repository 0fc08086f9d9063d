# Endpoints of paired VPCs, by service.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_vpc" "primary" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_vpc" "secondary" {
  provider   = aws.west
  cidr_block = "10.2.0.0/16"
}

resource "aws_vpc_endpoint" "primary" {
  vpc_id            = aws_vpc.primary.id
  service_name      = "com.amazonaws.us-east-1.s3"
  vpc_endpoint_type = "Gateway"
}

#! broken: there is none in the secondary region
#! broken: there is one for another service only
resource "aws_vpc_endpoint" "secondary" {
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  service_name      = "com.amazonaws.us-west-2.dynamodb"
  vpc_endpoint_type = "Gateway"
}

#! holds: the same service, by the name of its region
resource "aws_vpc_endpoint" "secondary" {
  provider     = aws.west
  vpc_id       = aws_vpc.secondary.id
  service_name = "com.amazonaws.us-west-2.s3"
}

#! undecided: the service is a variable
variable "service" {
  type = string
}

resource "aws_vpc_endpoint" "secondary" {
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  service_name      = var.service
  vpc_endpoint_type = "Gateway"
}
