# Routes of the tables that paired subnets use.
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

resource "aws_subnet" "app_primary" {
  vpc_id            = aws_vpc.primary.id
  cidr_block        = "10.1.1.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_subnet" "app_secondary" {
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = "10.2.1.0/24"
  availability_zone = "us-west-2a"
}

resource "aws_ec2_transit_gateway" "primary" {
  description = "offices"
}

resource "aws_ec2_transit_gateway" "secondary" {
  provider    = aws.west
  description = "offices"
}

resource "aws_route_table" "app_primary" {
  vpc_id = aws_vpc.primary.id

  route {
    cidr_block         = "192.168.0.0/16"
    transit_gateway_id = aws_ec2_transit_gateway.primary.id
  }
}

resource "aws_route_table_association" "app_primary" {
  subnet_id      = aws_subnet.app_primary.id
  route_table_id = aws_route_table.app_primary.id
}

resource "aws_route_table" "app_secondary" {
  provider = aws.west
  vpc_id   = aws_vpc.secondary.id
}

#! broken: the table has no route to the offices
resource "aws_route_table_association" "app_secondary" {
  provider       = aws.west
  subnet_id      = aws_subnet.app_secondary.id
  route_table_id = aws_route_table.app_secondary.id
}

#! broken: only one half of the offices can be reached
resource "aws_route_table_association" "app_secondary" {
  provider       = aws.west
  subnet_id      = aws_subnet.app_secondary.id
  route_table_id = aws_route_table.app_secondary.id
}

resource "aws_route" "offices" {
  provider               = aws.west
  route_table_id         = aws_route_table.app_secondary.id
  destination_cidr_block = "192.168.0.0/17"
  transit_gateway_id     = aws_ec2_transit_gateway.secondary.id
}

#! broken: the subnet uses another table than the one that has the route
resource "aws_route" "offices" {
  provider               = aws.west
  route_table_id         = aws_route_table.app_secondary.id
  destination_cidr_block = "192.168.0.0/16"
  transit_gateway_id     = aws_ec2_transit_gateway.secondary.id
}

resource "aws_route_table" "bare" {
  provider = aws.west
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_route_table_association" "app_secondary" {
  provider       = aws.west
  subnet_id      = aws_subnet.app_secondary.id
  route_table_id = aws_route_table.bare.id
}

#! holds: two routes, one for each half, as resources of their own
resource "aws_route_table_association" "app_secondary" {
  provider       = aws.west
  subnet_id      = aws_subnet.app_secondary.id
  route_table_id = aws_route_table.app_secondary.id
}

resource "aws_route" "offices" {
  for_each               = toset(["192.168.0.0/17", "192.168.128.0/17"])
  provider               = aws.west
  route_table_id         = aws_route_table.app_secondary.id
  destination_cidr_block = each.key
  transit_gateway_id     = aws_ec2_transit_gateway.secondary.id
}

#! undecided: where the route leads is a variable
variable "offices" {
  type = string
}

resource "aws_route_table_association" "app_secondary" {
  provider       = aws.west
  subnet_id      = aws_subnet.app_secondary.id
  route_table_id = aws_route_table.app_secondary.id
}

resource "aws_route" "offices" {
  provider               = aws.west
  route_table_id         = aws_route_table.app_secondary.id
  destination_cidr_block = var.offices
  transit_gateway_id     = aws_ec2_transit_gateway.secondary.id
}

#! undecided: whether the route is there hangs on a variable
variable "open" {
  type = bool
}

resource "aws_route_table_association" "app_secondary" {
  provider       = aws.west
  subnet_id      = aws_subnet.app_secondary.id
  route_table_id = aws_route_table.app_secondary.id
}

resource "aws_route" "offices" {
  count                  = var.open ? 1 : 0
  provider               = aws.west
  route_table_id         = aws_route_table.app_secondary.id
  destination_cidr_block = "192.168.0.0/16"
  transit_gateway_id     = aws_ec2_transit_gateway.secondary.id
}

#! undecided: for which ranges there are routes is a variable
variable "ranges" {
  type = set(string)
}

resource "aws_route_table_association" "app_secondary" {
  provider       = aws.west
  subnet_id      = aws_subnet.app_secondary.id
  route_table_id = aws_route_table.app_secondary.id
}

resource "aws_route" "offices" {
  for_each               = var.ranges
  provider               = aws.west
  route_table_id         = aws_route_table.app_secondary.id
  destination_cidr_block = each.key
  transit_gateway_id     = aws_ec2_transit_gateway.secondary.id
}
