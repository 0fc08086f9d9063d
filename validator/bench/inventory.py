#!/usr/bin/env python3
"""How long drcheck takes for an inventory and for a whole check, and how much memory: CPU seconds and peak memory beside
the sizes of what it reads.

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
    "check 500": (0.15, 40),
    "check 50000": (10.0, None),
}
# From one size to the next, ten times as many instances may take at most so many times the seconds.
LINEAR = 13

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


def row(name, count, read, written, cost, broken):
    """One line of the table; what does not keep its limit is added to `broken`."""
    most_cpu, most_memory = LIMITS.get(name, (None, None))
    given = ((f"{most_cpu} s", most_cpu), (f"{most_memory} MiB", most_memory))
    limit = ", ".join(text for text, known in given if known is not None)
    print(
        f"{name:<12} {count:>9} {read / 1e6:>8.2f} {written / 1e6:>7.2f} {cost.cpu:>7.3f} {cost.wall:>7.3f} {cost.peak:>9.1f}  {limit}",
        flush=True,
    )
    if (most_cpu and cost.cpu > most_cpu) or (most_memory and cost.peak > most_memory):
        broken.append(name)


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
        cases, roots = [], []
        for size in map(int, options.sizes.split(",")):
            root = scratch / f"root-{size}"
            write_root(root, size)
            cases.append((f"root {size}", root, [str(root)]))
            roots.append((f"check {size}", root))
        plan = scratch / "plan.json"
        write_plan(plan, 5000)
        cases.append(("plan 5000", plan, ["--plan", str(plan)]))
        for name, path, arguments in cases:
            output = scratch / "inventory.json"
            command = [options.binary, "inventory", "--quiet", "--format", "json", *arguments]
            cost = best(options.runs, command, output)
            written = size_of(output)
            count = len(json.loads(output.read_bytes())["instances"])
            row(name, count, size_of(path), written, cost, broken)
        before = None
        for name, root in roots:
            report = scratch / "report.json"
            command = [options.binary, "check", "--quiet", "--format", "json", str(root)]
            cost = best(options.runs, command, report, accepted=(0, 1))
            told = json.loads(report.read_bytes())["summary"]
            row(name, int(name.split()[1]), size_of(root), size_of(report), cost, broken)
            print(f"{'':<12} {told['relations']} relations, {told['decided']} decided, {told['broken']} broken")
            if before and cost.cpu > LINEAR * before:
                broken.append(f"{name} grows faster than linearly")
            before = cost.cpu
    if broken and options.check:
        sys.exit(f"limits not kept: {', '.join(broken)}")


if __name__ == "__main__":
    main()
