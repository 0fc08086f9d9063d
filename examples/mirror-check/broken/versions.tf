terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100"
    }
  }

  # The state lies in the secondary region: it must be readable when the primary one is lost.
  backend "s3" {
    bucket       = "moleculeflow-terraform-us-west-2"
    key          = "prod/terraform.tfstate"
    region       = "us-west-2"
    encrypt      = true
    use_lockfile = true
  }
}
