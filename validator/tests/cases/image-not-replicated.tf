# Which repositories the replication of the registry covers.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_ecr_repository" "api" {
  name = "shop/api"
}

#! broken: nothing replicates
#! broken: the filter is for another repository
resource "aws_ecr_replication_configuration" "registry" {
  replication_configuration {
    rule {
      destination {
        region      = "us-west-2"
        registry_id = "123456789012"
      }
      repository_filter {
        filter      = "shop/web"
        filter_type = "PREFIX_MATCH"
      }
    }
  }
}

#! broken: it replicates into a third region
resource "aws_ecr_replication_configuration" "registry" {
  replication_configuration {
    rule {
      destination {
        region      = "eu-west-1"
        registry_id = "123456789012"
      }
    }
  }
}

#! holds: the filter is a prefix of the name
resource "aws_ecr_replication_configuration" "registry" {
  replication_configuration {
    rule {
      destination {
        region      = "us-west-2"
        registry_id = "123456789012"
      }
      repository_filter {
        filter      = "shop/"
        filter_type = "PREFIX_MATCH"
      }
    }
  }
}

#! holds: no filter means all
resource "aws_ecr_replication_configuration" "registry" {
  replication_configuration {
    rule {
      destination {
        region      = "us-west-2"
        registry_id = "123456789012"
      }
    }
  }
}

#! undecided: the filter is a variable
variable "filter" {
  type = string
}

resource "aws_ecr_replication_configuration" "registry" {
  replication_configuration {
    rule {
      destination {
        region      = "us-west-2"
        registry_id = "123456789012"
      }
      repository_filter {
        filter      = var.filter
        filter_type = "PREFIX_MATCH"
      }
    }
  }
}

#! undecided: whether anything is replicated hangs on a variable
variable "open" {
  type = bool
}

resource "aws_ecr_replication_configuration" "registry" {
  count = var.open ? 1 : 0
  replication_configuration {
    rule {
      destination {
        region      = "us-west-2"
        registry_id = "123456789012"
      }
    }
  }
}
