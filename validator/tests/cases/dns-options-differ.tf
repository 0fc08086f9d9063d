# DNS support and DNS hostnames of paired VPCs.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_vpc" "primary" {
  cidr_block           = "10.1.0.0/16"
  enable_dns_hostnames = true
}

#! broken: hostnames are off where nothing says otherwise
resource "aws_vpc" "secondary" {
  provider   = aws.west
  cidr_block = "10.2.0.0/16"
}

#! holds: both are on, one by its default
resource "aws_vpc" "secondary" {
  provider             = aws.west
  cidr_block           = "10.2.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
}

#! undecided: it is a variable
variable "hostnames" {
  type = bool
}

resource "aws_vpc" "secondary" {
  provider             = aws.west
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = var.hostnames
}

#! broken: names are resolved by a server of its own
resource "aws_vpc" "secondary" {
  provider             = aws.west
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_vpc_dhcp_options" "secondary" {
  provider = aws.west
  domain_name_servers = ["10.2.0.9"]
}

resource "aws_vpc_dhcp_options_association" "secondary" {
  provider = aws.west
  vpc_id          = aws_vpc.secondary.id
  dhcp_options_id = aws_vpc_dhcp_options.secondary.id
}

#! holds: it says what holds anyway
resource "aws_vpc" "secondary" {
  provider             = aws.west
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_vpc_dhcp_options" "secondary" {
  provider = aws.west
  domain_name_servers = ["AmazonProvidedDNS"]
}

resource "aws_vpc_dhcp_options_association" "secondary" {
  provider = aws.west
  vpc_id          = aws_vpc.secondary.id
  dhcp_options_id = aws_vpc_dhcp_options.secondary.id
}

#! holds: the counterpart of the primary's server
resource "aws_vpc" "secondary" {
  provider             = aws.west
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_vpc_dhcp_options" "primary" {
  domain_name_servers = ["10.1.0.9"]
}

resource "aws_vpc_dhcp_options_association" "primary" {
  vpc_id          = aws_vpc.primary.id
  dhcp_options_id = aws_vpc_dhcp_options.primary.id
}

resource "aws_vpc_dhcp_options" "secondary" {
  provider = aws.west
  domain_name_servers = ["10.2.0.9"]
}

resource "aws_vpc_dhcp_options_association" "secondary" {
  provider = aws.west
  vpc_id          = aws_vpc.secondary.id
  dhcp_options_id = aws_vpc_dhcp_options.secondary.id
}

#! undecided: other servers of the same house
resource "aws_vpc" "secondary" {
  provider             = aws.west
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_vpc_dhcp_options" "primary" {
  domain_name_servers = ["172.16.0.9"]
}

resource "aws_vpc_dhcp_options_association" "primary" {
  vpc_id          = aws_vpc.primary.id
  dhcp_options_id = aws_vpc_dhcp_options.primary.id
}

resource "aws_vpc_dhcp_options" "secondary" {
  provider = aws.west
  domain_name_servers = ["172.31.0.9"]
}

resource "aws_vpc_dhcp_options_association" "secondary" {
  provider = aws.west
  vpc_id          = aws_vpc.secondary.id
  dhcp_options_id = aws_vpc_dhcp_options.secondary.id
}

#! undecided: the servers are a variable
variable "servers" {
  type = list(string)
}

resource "aws_vpc" "secondary" {
  provider             = aws.west
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_vpc_dhcp_options" "secondary" {
  provider = aws.west
  domain_name_servers = var.servers
}

resource "aws_vpc_dhcp_options_association" "secondary" {
  provider = aws.west
  vpc_id          = aws_vpc.secondary.id
  dhcp_options_id = aws_vpc_dhcp_options.secondary.id
}

#! holds: the resolver of AWS by its addresses
resource "aws_vpc" "secondary" {
  provider             = aws.west
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_vpc_dhcp_options" "secondary" {
  provider            = aws.west
  domain_name_servers = ["169.254.169.253", "fd00:ec2::253"]
}

resource "aws_vpc_dhcp_options_association" "secondary" {
  provider        = aws.west
  vpc_id          = aws_vpc.secondary.id
  dhcp_options_id = aws_vpc_dhcp_options.secondary.id
}

#! holds: the resolver of AWS by its address in the VPC
resource "aws_vpc" "secondary" {
  provider             = aws.west
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_vpc_dhcp_options" "secondary" {
  provider            = aws.west
  domain_name_servers = ["10.2.0.2"]
}

resource "aws_vpc_dhcp_options_association" "secondary" {
  provider        = aws.west
  vpc_id          = aws_vpc.secondary.id
  dhcp_options_id = aws_vpc_dhcp_options.secondary.id
}

#! broken: the resolver of the lost VPC
resource "aws_vpc" "secondary" {
  provider             = aws.west
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_vpc_dhcp_options" "secondary" {
  provider            = aws.west
  domain_name_servers = ["10.1.0.2"]
}

resource "aws_vpc_dhcp_options_association" "secondary" {
  provider        = aws.west
  vpc_id          = aws_vpc.secondary.id
  dhcp_options_id = aws_vpc_dhcp_options.secondary.id
}

#! undecided: which options production uses is a variable
variable "options" {
  type = string
}

resource "aws_vpc" "secondary" {
  provider             = aws.west
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_vpc_dhcp_options_association" "primary" {
  vpc_id          = aws_vpc.primary.id
  dhcp_options_id = var.options
}

resource "aws_vpc_dhcp_options" "secondary" {
  provider            = aws.west
  domain_name_servers = ["10.2.0.9"]
}

resource "aws_vpc_dhcp_options_association" "secondary" {
  provider        = aws.west
  vpc_id          = aws_vpc.secondary.id
  dhcp_options_id = aws_vpc_dhcp_options.secondary.id
}

#! undecided: the options that production uses are not written here
resource "aws_vpc" "secondary" {
  provider             = aws.west
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_vpc_dhcp_options_association" "primary" {
  vpc_id          = aws_vpc.primary.id
  dhcp_options_id = "dopt-0123456789abcdef0"
}

resource "aws_vpc_dhcp_options" "secondary" {
  provider            = aws.west
  domain_name_servers = ["10.2.0.9"]
}

resource "aws_vpc_dhcp_options_association" "secondary" {
  provider        = aws.west
  vpc_id          = aws_vpc.secondary.id
  dhcp_options_id = aws_vpc_dhcp_options.secondary.id
}
