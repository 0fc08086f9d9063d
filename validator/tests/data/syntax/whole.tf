# Every construct of the language once, as real modules write it.
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 6.0", configuration_aliases = [aws.west, aws.east] }
  }
  backend "s3" {
    bucket = "größe-state"
    key    = "prod/terraform.tfstate"
  }
}

variable "subnets" {
  type = map(object({
    cidr = string
    tags = optional(map(string), {})
  }))
  default     = {}
  description = "Subnets by name, \"quoted\" and with a tab\t."
  validation {
    condition     = alltrue([for s in var.subnets : can(cidrhost(s.cidr, 0))]) && length(var.subnets) < 10 * 2 + 1
    error_message = "Not all of ${join(", ", keys(var.subnets))} are networks."
  }
}

locals {
  names   = { for name, subnet in var.subnets : upper(name) => subnet.cidr... if subnet.cidr != "" }
  first   = try(values(local.names)[0][0], null)
  ids     = aws_subnet.all[*].id
  legacy  = aws_subnet.all.*.id
  old     = aws_instance.web.0.private_ip
  either  = var.subnets == {} ? [] : [-1, !true, 1.5e3, (2 + 3) % 4]
  picture = "👨‍👩‍👧 e\u0301 $${literal} %%{literal}"
  /* A comment over
     two lines. */
  nested  = { "a-b" : [{ c = { d = [] } }], (local.first) = null, f = provider::dr::arn_region("x") }
  merged  = merge(local.nested, local.more...)
  script = <<-EOT
    #!/bin/sh
    %{ for name in keys(var.subnets) ~}
    echo "${name}: ${var.subnets[name].cidr}"
    %{ endfor ~}
    %{ if local.first != null }first%{ else }none%{ endif }
  EOT
  plain = <<EOT
  as it stands \n
EOT
}

resource "aws_subnet" "all" {
  for_each          = var.subnets
  vpc_id            = aws_vpc.main.id
  cidr_block        = each.value.cidr
  availability_zone = "${data.aws_region.here.name}${element(["a", "b", "c"], index(keys(var.subnets), each.key))}"
  tags              = merge({ Name = "subnet-${each.key}" }, each.value.tags)
  lifecycle {
    ignore_changes        = [tags["LastSeen"], tags_all]
    create_before_destroy = true
    precondition {
      condition     = each.value.cidr != ""
      error_message = "Empty."
    }
  }
}

resource "aws_security_group" "web" {
  dynamic "ingress" {
    for_each = [80, 443]
    iterator = port
    content {
      from_port   = port.value
      to_port     = port.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
  egress { from_port = 0 }
}

module "west" {
  source    = "./modules/region"
  providers = { aws = aws.west, aws.peer = aws.east }
  subnets   = var.subnets
}

output "subnets" {
  value      = { for key, subnet in aws_subnet.all : key => subnet.id }
  sensitive  = false
  depends_on = [module.west]
}

moved {
  from = aws_subnet.old[0]
  to   = aws_subnet.all["a"]
}
