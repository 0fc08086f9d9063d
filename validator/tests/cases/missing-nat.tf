# Gateways of private subnets: there, and as many in use as production uses.
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
  for_each          = { a = 0, b = 1 }
  vpc_id            = aws_vpc.primary.id
  cidr_block        = cidrsubnet(aws_vpc.primary.cidr_block, 8, each.value)
  availability_zone = "us-east-1${each.key}"
}

resource "aws_subnet" "public_secondary" {
  for_each          = { a = 0, b = 1 }
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = cidrsubnet(aws_vpc.secondary.cidr_block, 8, each.value)
  availability_zone = "us-west-2${each.key}"
}

resource "aws_nat_gateway" "primary" {
  for_each          = aws_subnet.public_primary
  subnet_id         = each.value.id
  connectivity_type = "private"
}

resource "aws_route_table" "private_primary" {
  for_each = aws_nat_gateway.primary
  vpc_id   = aws_vpc.primary.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = each.value.id
  }
}

#! broken: the second zone has no gateway
resource "aws_nat_gateway" "secondary" {
  for_each          = { a = aws_subnet.public_secondary["a"] }
  provider          = aws.west
  subnet_id         = each.value.id
  connectivity_type = "private"
}

resource "aws_route_table" "private_secondary" {
  for_each = { a = 0, b = 1 }
  provider = aws.west
  vpc_id   = aws_vpc.secondary.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.secondary["a"].id
  }
}

#! broken: both are there, and all private subnets use one of them
resource "aws_nat_gateway" "secondary" {
  for_each          = aws_subnet.public_secondary
  provider          = aws.west
  subnet_id         = each.value.id
  connectivity_type = "private"
}

resource "aws_route_table" "private_secondary" {
  for_each = { a = 0, b = 1 }
  provider = aws.west
  vpc_id   = aws_vpc.secondary.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.secondary["a"].id
  }
}

#! holds: each zone uses its own
resource "aws_nat_gateway" "secondary" {
  for_each          = aws_subnet.public_secondary
  provider          = aws.west
  subnet_id         = each.value.id
  connectivity_type = "private"
}

resource "aws_route_table" "private_secondary" {
  for_each = { a = 0, b = 1 }
  provider = aws.west
  vpc_id   = aws_vpc.secondary.id
}

resource "aws_route" "private_secondary" {
  for_each               = aws_nat_gateway.secondary
  provider               = aws.west
  route_table_id         = aws_route_table.private_secondary[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = each.value.id
}

#! holds: an address of its own for each gateway; one that belongs to no gateway is not asked
resource "aws_eip" "probe" {
  domain = "vpc"
}

resource "aws_nat_gateway" "secondary" {
  for_each          = aws_subnet.public_secondary
  provider          = aws.west
  subnet_id         = each.value.id
  connectivity_type = "private"
}

resource "aws_route_table" "private_secondary" {
  for_each = aws_nat_gateway.secondary
  provider = aws.west
  vpc_id   = aws_vpc.secondary.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = each.value.id
  }
}

#! undecided: whether the gateways are made hangs on a variable
variable "nat" {
  type = bool
}

resource "aws_nat_gateway" "secondary" {
  for_each          = var.nat ? aws_subnet.public_secondary : {}
  provider          = aws.west
  subnet_id         = each.value.id
  connectivity_type = "private"
}

#! undecided: which gateway a table leads to is a variable
variable "gateway" {
  type = string
}

resource "aws_nat_gateway" "secondary" {
  for_each          = aws_subnet.public_secondary
  provider          = aws.west
  subnet_id         = each.value.id
  connectivity_type = "private"
}

resource "aws_route_table" "private_secondary" {
  for_each = { a = aws_nat_gateway.secondary["a"].id, b = var.gateway }
  provider = aws.west
  vpc_id   = aws_vpc.secondary.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = each.value
  }
}

#! broken: a public gateway stands in a private subnet
resource "aws_nat_gateway" "out_primary" {
  subnet_id     = aws_subnet.public_primary["a"].id
  allocation_id = "eipalloc-0123456789abcdef0"
}

resource "aws_subnet" "app_secondary" {
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = "10.2.9.0/24"
  availability_zone = "us-west-2a"
}

resource "aws_nat_gateway" "secondary" {
  for_each          = aws_subnet.public_secondary
  provider          = aws.west
  subnet_id         = each.value.id
  connectivity_type = "private"
}

resource "aws_route_table" "private_secondary" {
  for_each = aws_nat_gateway.secondary
  provider = aws.west
  vpc_id   = aws_vpc.secondary.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = each.value.id
  }
}

resource "aws_route_table" "public_primary" {
  vpc_id = aws_vpc.primary.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.primary.id
  }
}

resource "aws_route_table" "public_secondary" {
  provider = aws.west
  vpc_id   = aws_vpc.secondary.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.secondary.id
  }
}

resource "aws_route_table_association" "public_primary" {
  for_each       = aws_subnet.public_primary
  subnet_id      = each.value.id
  route_table_id = aws_route_table.public_primary.id
}

resource "aws_route_table_association" "public_secondary" {
  for_each       = aws_subnet.public_secondary
  provider       = aws.west
  subnet_id      = each.value.id
  route_table_id = aws_route_table.public_secondary.id
}

resource "aws_route_table_association" "app_secondary" {
  provider       = aws.west
  subnet_id      = aws_subnet.app_secondary.id
  route_table_id = aws_route_table.private_secondary["a"].id
}

resource "aws_nat_gateway" "out_secondary" {
  provider      = aws.west
  subnet_id     = aws_subnet.app_secondary.id
  allocation_id = "eipalloc-0fedcba9876543210"
}

#! holds: a public gateway stands in a public subnet
resource "aws_nat_gateway" "out_primary" {
  subnet_id     = aws_subnet.public_primary["a"].id
  allocation_id = "eipalloc-0123456789abcdef0"
}

resource "aws_subnet" "app_secondary" {
  provider          = aws.west
  vpc_id            = aws_vpc.secondary.id
  cidr_block        = "10.2.9.0/24"
  availability_zone = "us-west-2a"
}

resource "aws_nat_gateway" "secondary" {
  for_each          = aws_subnet.public_secondary
  provider          = aws.west
  subnet_id         = each.value.id
  connectivity_type = "private"
}

resource "aws_route_table" "private_secondary" {
  for_each = aws_nat_gateway.secondary
  provider = aws.west
  vpc_id   = aws_vpc.secondary.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = each.value.id
  }
}

resource "aws_route_table" "public_primary" {
  vpc_id = aws_vpc.primary.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.primary.id
  }
}

resource "aws_route_table" "public_secondary" {
  provider = aws.west
  vpc_id   = aws_vpc.secondary.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.secondary.id
  }
}

resource "aws_route_table_association" "public_primary" {
  for_each       = aws_subnet.public_primary
  subnet_id      = each.value.id
  route_table_id = aws_route_table.public_primary.id
}

resource "aws_route_table_association" "public_secondary" {
  for_each       = aws_subnet.public_secondary
  provider       = aws.west
  subnet_id      = each.value.id
  route_table_id = aws_route_table.public_secondary.id
}

resource "aws_route_table_association" "app_secondary" {
  provider       = aws.west
  subnet_id      = aws_subnet.app_secondary.id
  route_table_id = aws_route_table.private_secondary["a"].id
}

resource "aws_nat_gateway" "out_secondary" {
  provider      = aws.west
  subnet_id     = aws_subnet.public_secondary["a"].id
  allocation_id = "eipalloc-0fedcba9876543210"
}
