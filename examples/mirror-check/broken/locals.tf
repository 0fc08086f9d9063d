locals {
  # The address plan: the secondary network is the primary one shifted, so that the two can be peered.
  networks = {
    primary = {
      region = var.primary_region
      cidr   = "10.40.0.0/16"
      zones  = ["${var.primary_region}a", "${var.primary_region}b", "${var.primary_region}c"]
    }
    secondary = {
      region = var.secondary_region
      cidr   = "10.50.0.0/16"
      zones  = ["${var.secondary_region}a", "${var.secondary_region}b"]
    }
  }

  service_ports = { for name, service in var.services : name => service.port }
  database_host = "database.internal.${var.domain}"

  # Processors of standard instances and of Fargate tasks: both regions must be able to carry everything.
  quotas = {
    "ec2/L-1216C47A"     = 512
    "fargate/L-3032A538" = 128
  }

  backup = { keep_days = 365, copy_days = 90 }

  tags = {
    Project   = var.name
    ManagedBy = "terraform"
  }
}
