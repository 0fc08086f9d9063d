# A peering between the regions needs both halves, and ways there and back.
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

resource "aws_route_table" "primary" {
  vpc_id = aws_vpc.primary.id
}

resource "aws_route_table" "secondary" {
  provider = aws.west
  vpc_id   = aws_vpc.secondary.id
}

variable "partner_vpc" {
  type = string
}

#! broken: nobody accepts the connection
resource "aws_vpc_peering_connection" "regions" {
  vpc_id      = aws_vpc.primary.id
  peer_vpc_id = aws_vpc.secondary.id
  peer_region = "us-west-2"
}

#! broken: it is accepted, and no route leads there: answers find no way
resource "aws_vpc_peering_connection" "regions" {
  vpc_id      = aws_vpc.primary.id
  peer_vpc_id = aws_vpc.secondary.id
  peer_region = "us-west-2"
}

resource "aws_vpc_peering_connection_accepter" "regions" {
  provider                  = aws.west
  vpc_peering_connection_id = aws_vpc_peering_connection.regions.id
  auto_accept               = true
}

resource "aws_route" "back" {
  provider                  = aws.west
  route_table_id            = aws_route_table.secondary.id
  destination_cidr_block    = aws_vpc.primary.cidr_block
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.regions.id
}

#! holds: both halves, and routes both ways; what a partner of another region accepts is theirs
resource "aws_vpc_peering_connection" "regions" {
  vpc_id      = aws_vpc.primary.id
  peer_vpc_id = aws_vpc.secondary.id
  peer_region = "us-west-2"
}

resource "aws_vpc_peering_connection_accepter" "regions" {
  provider                  = aws.west
  vpc_peering_connection_id = aws_vpc_peering_connection.regions.id
  auto_accept               = true
}

resource "aws_route" "there" {
  route_table_id            = aws_route_table.primary.id
  destination_cidr_block    = aws_vpc.secondary.cidr_block
  vpc_peering_connection_id = aws_vpc_peering_connection.regions.id
}

resource "aws_route" "back" {
  provider                  = aws.west
  route_table_id            = aws_route_table.secondary.id
  destination_cidr_block    = aws_vpc.primary.cidr_block
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.regions.id
}

resource "aws_vpc_peering_connection" "partner" {
  vpc_id        = aws_vpc.primary.id
  peer_vpc_id   = "vpc-0a1b2c3d4e5f60718"
  peer_owner_id = "210987654321"
  peer_region   = "eu-west-1"
}

#! undecided: the other VPC is a variable, and may be one of the estate
resource "aws_vpc_peering_connection" "regions" {
  vpc_id      = aws_vpc.primary.id
  peer_vpc_id = var.partner_vpc
  peer_region = "us-west-2"
}
