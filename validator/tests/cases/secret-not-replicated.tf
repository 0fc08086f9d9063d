# Secrets: copied, declared twice, or lost with the region.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

#! broken: the secret is in the primary region only
resource "aws_secretsmanager_secret" "api" {
  name = "shop/api"
}

#! broken: its copy goes to a third region
resource "aws_secretsmanager_secret" "api" {
  name = "shop/api"

  replica {
    region = "eu-west-1"
  }
}

#! holds: it is copied
resource "aws_secretsmanager_secret" "api" {
  name = "shop/api"

  replica {
    region = "us-west-2"
  }
}

#! holds: each region has its own
resource "aws_secretsmanager_secret" "api_primary" {
  name = "shop/api"
}

resource "aws_secretsmanager_secret" "api_secondary" {
  provider = aws.west
  name     = "shop/api"
}

#! undecided: where it is copied to is a variable
variable "regions" {
  type = list(string)
}

resource "aws_secretsmanager_secret" "api" {
  name = "shop/api"

  dynamic "replica" {
    for_each = var.regions

    content {
      region = replica.value
    }
  }
}
