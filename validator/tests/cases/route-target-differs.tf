# The kind of gateway that a route to the same destination leads to.
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

resource "aws_internet_gateway" "primary" {
  vpc_id = aws_vpc.primary.id
}

resource "aws_internet_gateway" "secondary" {
  provider = aws.west
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_subnet" "public_primary" {
  vpc_id            = aws_vpc.primary.id
  cidr_block        = "10.1.0.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_subnet" "public_secondary" {
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = "10.2.0.0/24"
  availability_zone = "us-west-2a"
}

resource "aws_nat_gateway" "primary" {
  subnet_id         = aws_subnet.public_primary.id
  connectivity_type = "private"
}

resource "aws_nat_gateway" "secondary" {
  provider          = aws.west
  subnet_id         = aws_subnet.public_secondary.id
  connectivity_type = "private"
}

resource "aws_route_table" "private_primary" {
  vpc_id = aws_vpc.primary.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.primary.id
  }
}

resource "aws_route_table" "private_secondary" {
  provider = aws.west
  vpc_id   = aws_vpc.secondary.id
}

#! broken: the private table leads straight to the internet
resource "aws_route" "out" {
  provider               = aws.west
  route_table_id         = aws_route_table.private_secondary.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.secondary.id
}

#! holds: the same kind of gateway, by a resource of its own
resource "aws_route" "out" {
  provider               = aws.west
  route_table_id         = aws_route_table.private_secondary.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.secondary.id
}

#! undecided: the gateway is a variable, and gateways of several kinds have that argument
variable "gateway" {
  type = string
}

resource "aws_route" "out" {
  provider               = aws.west
  route_table_id         = aws_route_table.private_secondary.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = var.gateway
}

#! broken: a partner is reached by the default route in production, here by another gateway
resource "aws_route" "out" {
  provider               = aws.west
  route_table_id         = aws_route_table.private_secondary.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.secondary.id
}

resource "aws_route" "partner" {
  provider               = aws.west
  route_table_id         = aws_route_table.private_secondary.id
  destination_cidr_block = "198.51.100.0/24"
  gateway_id             = aws_internet_gateway.secondary.id
}

#! holds: a partner is named, and reached the same way
resource "aws_route" "out" {
  provider               = aws.west
  route_table_id         = aws_route_table.private_secondary.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.secondary.id
}

resource "aws_route" "partner" {
  provider               = aws.west
  route_table_id         = aws_route_table.private_secondary.id
  destination_cidr_block = "198.51.100.0/24"
  nat_gateway_id         = aws_nat_gateway.secondary.id
}

#! holds: a private network is reached that production does not reach
resource "aws_route" "out" {
  provider               = aws.west
  route_table_id         = aws_route_table.private_secondary.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.secondary.id
}

resource "aws_route" "partner" {
  provider               = aws.west
  route_table_id         = aws_route_table.private_secondary.id
  destination_cidr_block = "192.168.0.0/16"
  transit_gateway_id     = "tgw-0123456789abcdef0"
}

#! undecided: by which gateway a partner is reached is a variable
variable "gateway" {
  type = string
}

resource "aws_route" "out" {
  provider               = aws.west
  route_table_id         = aws_route_table.private_secondary.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.secondary.id
}

resource "aws_route" "partner" {
  provider               = aws.west
  route_table_id         = aws_route_table.private_secondary.id
  destination_cidr_block = "198.51.100.0/24"
  gateway_id             = var.gateway
}
