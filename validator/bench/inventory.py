#!/usr/bin/env python3
"""How long drcheck takes for an inventory, and how much memory: CPU seconds and peak memory beside the sizes of what it reads.

Everything it reads is generated here: roots of several sizes, and a plan made of copies of the one in the tests. With
--check the limits below are enforced.
"""

import argparse
import json
import pathlib
import sys
import tempfile

from stopwatch import best

HERE = pathlib.Path(__file__).resolve().parent
PLAN = HERE.parent / "tests/data/estates/two-region/plan.json"

# Name, instances, CPU seconds, MiB.
LIMITS = {
    "root 500": (0.15, 40),
    "root 50000": (10.0, None),
    "plan 5000": (1.0, 250),
}

ROOT = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
variable "name" {
  type    = string
  default = "bench"
}
provider "aws" {
  region = "us-east-1"
}
provider "aws" {
  alias  = "secondary"
  region = "us-west-2"
}
"""

CALL = """
module "unit_{unit}_{role}" {{
  source    = "./unit"
  providers = {{ aws = {provider} }}
  name      = "${{var.name}}-{unit}"
  cidr      = "10.{octet}.0.0/16"
  services  = {{ for name in ["api", "web", "worker"] : name => {{ port = 8080, cpu = 256 }} }}
}}
"""

# 25 instances.
UNIT = """
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
variable "name" { type = string }
variable "cidr" { type = string }
variable "services" {
  type = map(object({ port = number, cpu = number, memory = optional(number, 512) }))
}
data "aws_region" "current" {}
locals {
  zones = { for index, letter in ["a", "b", "c"] : letter => index }
  tags  = { Name = var.name, Region = data.aws_region.current.name }
}
resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_hostnames = true
  tags                 = local.tags
}
resource "aws_subnet" "this" {
  for_each          = local.zones
  vpc_id            = aws_vpc.this.id
  availability_zone = "${data.aws_region.current.name}${each.key}"
  cidr_block        = cidrsubnet(var.cidr, 4, each.value)
  tags              = merge(local.tags, { Name = "${var.name}-${each.key}" })
}
resource "aws_route_table" "this" {
  for_each = local.zones
  vpc_id   = aws_vpc.this.id
  tags     = local.tags
}
resource "aws_route_table_association" "this" {
  for_each       = local.zones
  subnet_id      = aws_subnet.this[each.key].id
  route_table_id = aws_route_table.this[each.key].id
}
resource "aws_security_group" "service" {
  for_each = var.services
  name     = "${var.name}-${each.key}"
  vpc_id   = aws_vpc.this.id
  dynamic "ingress" {
    for_each = [each.value.port, each.value.port + 1]
    content {
      protocol    = "tcp"
      from_port   = ingress.value
      to_port     = ingress.value
      cidr_blocks = [var.cidr]
    }
  }
}
resource "aws_ecs_task_definition" "service" {
  for_each = var.services
  family   = "${var.name}-${each.key}"
  cpu      = each.value.cpu
  memory   = each.value.memory
  container_definitions = jsonencode([{
    name         = each.key
    image        = "example/${each.key}:1"
    portMappings = [{ containerPort = each.value.port }]
    environment  = [for key, value in local.tags : { name = key, value = value }]
  }])
}
resource "aws_ecs_service" "service" {
  for_each        = var.services
  name            = each.key
  task_definition = aws_ecs_task_definition.service[each.key].arn
  desired_count   = 2
  network_configuration {
    subnets         = [for subnet in aws_subnet.this : subnet.id]
    security_groups = [aws_security_group.service[each.key].id]
  }
}
resource "aws_cloudwatch_log_group" "service" {
  for_each          = var.services
  name              = "/ecs/${var.name}/${each.key}"
  retention_in_days = 30
}
resource "aws_s3_bucket" "data" {
  bucket = "${var.name}-${data.aws_region.current.name}"
}
resource "aws_s3_bucket_versioning" "data" {
  bucket = aws_s3_bucket.data.id
  versioning_configuration {
    status = "Enabled"
  }
}
"""


def write_root(directory, instances):
    """A root of about this many instances in two regions; 25 a module call."""
    (directory / "unit").mkdir(parents=True)
    (directory / "unit/main.tf").write_text(UNIT)
    (directory / "main.tf").write_text(ROOT)
    roles = {"primary": "aws", "secondary": "aws.secondary"}
    calls = [
        CALL.format(unit=unit, role=role, provider=provider, octet=unit % 250)
        for unit in range(instances // 50)
        for role, provider in roles.items()
    ]
    for start in range(0, len(calls), 100):
        text = "".join(calls[start : start + 100])
        (directory / f"units_{start:05}.tf").write_text(text)


def moved(module, prefix):
    """A module of planned values under another address."""
    copy = dict(module)
    copy["address"] = f"{prefix}.{module['address']}" if module.get("address") else prefix
    copy["resources"] = [
        {**resource, "address": f"{prefix}.{resource['address']}"} for resource in module.get("resources", [])
    ]
    copy["child_modules"] = [moved(child, prefix) for child in module.get("child_modules", [])]
    return copy


def write_plan(path, instances):
    """A plan of about this many instances, as after an apply: with what was before, and the state that it was made from."""
    plan = json.loads(PLAN.read_text())
    changes = plan["resource_changes"]
    root = plan["planned_values"]["root_module"]
    prefixes = [f"module.copy[{index}]" for index in range(round(instances / len(changes)))]
    plan["resource_changes"] = [
        {
            **change,
            "address": f"{prefix}.{change['address']}",
            "module_address": ".".join(filter(None, [prefix, change.get("module_address")])),
            "change": {**change["change"], "actions": ["update"], "before": change["change"]["after"]},
        }
        for prefix in prefixes
        for change in changes
    ]
    copies = {"child_modules": [moved(root, prefix) for prefix in prefixes]}
    plan["planned_values"]["root_module"] = copies
    plan["prior_state"]["values"]["root_module"] = copies
    call = {"source": "./copy", "module": plan["configuration"]["root_module"], "count_expression": {}}
    plan["configuration"]["root_module"] = {"module_calls": {"copy": call}}
    path.write_text(json.dumps(plan, indent=1))
    return len(plan["resource_changes"])


def size_of(path):
    """Bytes of a file, or of all files of a directory."""
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, help="release build of drcheck")
    parser.add_argument("--sizes", default="500,5000,50000", help="instances of the generated roots")
    parser.add_argument("--runs", type=int, default=3, help="the best of so many counts")
    parser.add_argument("--check", action="store_true", help="fail when a limit is not kept")
    options = parser.parse_args()
    broken = []
    print(f"{'what':<12} {'instances':>9} {'MB read':>8} {'MB out':>7} {'CPU s':>7} {'wall s':>7} {'peak MiB':>9}  limit")
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        cases = []
        for size in map(int, options.sizes.split(",")):
            root = scratch / f"root-{size}"
            write_root(root, size)
            cases.append((f"root {size}", root, [str(root)]))
        plan = scratch / "plan.json"
        write_plan(plan, 5000)
        cases.append(("plan 5000", plan, ["--plan", str(plan)]))
        for name, path, arguments in cases:
            output = scratch / "inventory.json"
            command = [options.binary, "inventory", "--quiet", "--format", "json", *arguments]
            cost = best(options.runs, command, output)
            written = size_of(output)
            count = len(json.loads(output.read_bytes())["instances"])
            most_cpu, most_memory = LIMITS.get(name, (None, None))
            limit = ", ".join(
                text
                for text, given in ((f"{most_cpu} s", most_cpu), (f"{most_memory} MiB", most_memory))
                if given is not None
            )
            print(
                f"{name:<12} {count:>9} {size_of(path) / 1e6:>8.2f} {written / 1e6:>7.2f} {cost.cpu:>7.3f} {cost.wall:>7.3f} {cost.peak:>9.1f}  {limit}"
            )
            if (most_cpu and cost.cpu > most_cpu) or (most_memory and cost.peak > most_memory):
                broken.append(name)
    if broken and options.check:
        sys.exit(f"limits not kept: {', '.join(broken)}")


if __name__ == "__main__":
    main()
