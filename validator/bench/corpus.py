"""Configuration to measure with: a tree of about 4,000 files, copies of the committed files, a root of `terraform_data`."""

import re
import shutil
import subprocess
from pathlib import Path

from inventory import UNIT

REPOSITORY = Path(__file__).resolve().parent.parent.parent

NAMED = re.compile(r'(?m)^((?:resource|data) "\w+" |variable )"(\w+)"')
MODULES = 293
BLOCKS_OF_A_FILE = 12

VALUES_CALL = """
module "unit_{unit}" {{
  source   = "./unit"
  name     = "${{var.name}}-{unit}"
  cidr     = "10.{octet}.0.0/16"
  services = {{ for name in ["api", "web", "worker"] : name => {{ port = 8080, cpu = 256 }} }}
}}
"""

# 25 instances, as many as the unit with AWS resources, and of the same names and references.
VALUES_UNIT = """
variable "name" { type = string }
variable "cidr" { type = string }
variable "services" {
  type = map(object({ port = number, cpu = number, memory = optional(number, 512) }))
}
locals {
  zones = { for index, letter in ["a", "b", "c"] : letter => index }
  tags  = { Name = var.name, Region = "us-east-1" }
}
resource "terraform_data" "vpc" {
  input = { cidr = var.cidr, tags = local.tags }
}
resource "terraform_data" "subnet" {
  for_each = local.zones
  input = {
    vpc  = terraform_data.vpc.id
    zone = "us-east-1${each.key}"
    cidr = cidrsubnet(var.cidr, 4, each.value)
    tags = merge(local.tags, { Name = "${var.name}-${each.key}" })
  }
}
resource "terraform_data" "route_table" {
  for_each = local.zones
  input    = { vpc = terraform_data.vpc.id, tags = local.tags }
}
resource "terraform_data" "association" {
  for_each = local.zones
  input    = [terraform_data.subnet[each.key].id, terraform_data.route_table[each.key].id]
}
resource "terraform_data" "security_group" {
  for_each = var.services
  input = {
    name    = "${var.name}-${each.key}"
    vpc     = terraform_data.vpc.id
    ingress = [for port in [each.value.port, each.value.port + 1] : { from = port, to = port, cidrs = [var.cidr] }]
  }
}
resource "terraform_data" "task" {
  for_each = var.services
  input = jsonencode([{
    name         = each.key
    memory       = each.value.memory
    portMappings = [{ containerPort = each.value.port }]
    environment  = [for key, value in local.tags : { name = key, value = value }]
  }])
}
resource "terraform_data" "service" {
  for_each = var.services
  input = {
    task    = terraform_data.task[each.key].id
    subnets = [for subnet in terraform_data.subnet : subnet.id]
    groups  = [terraform_data.security_group[each.key].id]
  }
}
resource "terraform_data" "log_group" {
  for_each = var.services
  input    = "/ecs/${var.name}/${each.key}"
}
resource "terraform_data" "alarm" {
  for_each         = local.zones
  triggers_replace = [terraform_data.subnet[each.key].id]
}
"""


def write_values(directory, instances):
    """A root of so many instances that needs no provider; 25 a module call."""
    (directory / "unit").mkdir(parents=True)
    (directory / "unit/main.tf").write_text(VALUES_UNIT)
    calls = [VALUES_CALL.format(unit=unit, octet=unit % 250) for unit in range(instances // 25)]
    (directory / "main.tf").write_text('variable "name" { default = "bench" }\n' + "".join(calls))


def write_tree(directory):
    """A root with local modules; each file of a module holds the unit's blocks of one type, each under several names."""
    directory.mkdir(parents=True)
    blocks = re.split(r"\n(?=\w)", UNIT.strip())
    calls = []
    for number in range(MODULES):
        module = directory / "modules" / f"unit{number:03}"
        module.mkdir(parents=True)
        texts = {}
        for block in blocks:
            found = NAMED.match(block)
            kind = re.findall(r"\w+", found[1])[-1] if found else block.split()[0]
            names = range(BLOCKS_OF_A_FILE) if found else [0]
            copies = [NAMED.sub(rf'\1"\2_{name}"', block) if name else block for name in names]
            texts.setdefault(kind, []).append("\n\n".join(copies) + "\n")
        for kind, parts in texts.items():
            (module / f"{kind}.tf").write_text(f"# {kind} of unit {number}\n" + "\n".join(parts))
        calls.append(f'module "unit{number:03}" {{\n  source = "./modules/{module.name}"\n  name   = "unit{number:03}"\n}}\n')
    (directory / "main.tf").write_text("\n".join(calls))


def write_copies(directory, times):
    """The committed files, each so many times."""
    named = subprocess.run(["git", "ls-files", "-z", "*.tf"], cwd=REPOSITORY, stdout=subprocess.PIPE, check=True)
    for name in filter(None, named.stdout.decode().split("\0")):
        for copy in range(times):
            place = directory / str(copy) / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(REPOSITORY / name, place)
