//! A small root that uses much of the language, so that many damaged forms of it can be evaluated in little time.

/// Its files.
pub(crate) const FILES: &[(&str, &str)] = &[
    ("main.tf", MAIN),
    ("values.tf", VALUES),
    ("more.tf.json", JSON),
    (
        "terraform.tfvars",
        "names = [\"a\", \"b\", \"c\"]\nnetwork = { cidr = \"10.0.0.0/16\", zones = 3 }\n",
    ),
    ("part/main.tf", PART),
    (
        "page.tftpl",
        "%{ for n in names ~}\n${n}: ${upper(n)}\n%{ endfor ~}\n%{ if length(names) > 1 }many%{ else }one%{ endif }\n",
    ),
    (
        "list.yaml",
        "a: &x {b: [1, 2.5, ~, true]}\nc: *x\nd: |\n  text\n",
    ),
];

const MAIN: &str = r#"
terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      version               = "~> 6.0"
      configuration_aliases = []
    }
  }
}
provider "aws" {
  region = local.regions.primary
  default_tags {
    tags = { Owner = var.secret }
  }
}
provider "aws" {
  alias  = "there"
  region = local.regions["secondary"]
}
data "aws_region" "here" {}
data "aws_availability_zones" "all" {
  state = "available"
}
data "aws_iam_policy_document" "p" {
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = [for b in aws_s3_bucket.data : "${b.arn}/*"]
    condition {
      test     = "StringEquals"
      variable = "aws:RequestedRegion"
      values   = [data.aws_region.here.name]
    }
  }
}
resource "aws_vpc" "main" {
  count      = var.network.zones > 0 ? 1 : 0
  cidr_block = var.network.cidr
  tags       = merge(local.tags, { Name = format("%s-%03d", var.names[0], count.index) })
}
resource "aws_subnet" "each" {
  for_each          = { for at, name in var.names : name => at }
  vpc_id            = one(aws_vpc.main[*].id)
  cidr_block        = cidrsubnet(aws_vpc.main[0].cidr_block, 4, each.value)
  availability_zone = element(data.aws_availability_zones.all.names, each.value)
  lifecycle {
    ignore_changes = [tags["x"], tags]
  }
}
resource "aws_security_group" "web" {
  vpc_id = aws_vpc.main[0].id
  dynamic "ingress" {
    for_each = toset([80, 443])
    iterator = port
    content {
      from_port   = port.value
      to_port     = port.key
      protocol    = "tcp"
      cidr_blocks = [for s in aws_subnet.each : s.cidr_block]
    }
  }
}
resource "aws_s3_bucket" "data" {
  for_each = toset(var.names)
  provider = aws.there
  bucket   = lower(join("-", [each.key, terraform.workspace, "data"]))
}
module "part" {
  source   = "./part"
  for_each = toset(slice(var.names, 0, 2))
  name     = each.key
  subnets  = values(aws_subnet.each)[*].id
  providers = {
    aws       = aws.there
    aws.other = aws
  }
}
resource "aws_iam_policy" "p" {
  name_prefix = try(module.part["zz"].name, module.part["a"].name, "none")
  policy      = data.aws_iam_policy_document.p.json
}
output "pages" {
  value     = templatefile("${path.module}/page.tftpl", { names = var.names })
  sensitive = true
}
"#;

const VALUES: &str = r#"
variable "names" {
  type    = list(string)
  default = []
  validation {
    condition     = alltrue([for n in var.names : can(regex("^[a-z]+$", n))])
    error_message = "Names are letters, not ${jsonencode(var.names)}."
  }
}
variable "network" {
  type = object({
    cidr  = string
    zones = optional(number, 2)
    extra = optional(map(list(object({ a = string }))), {})
  })
}
variable "secret" {
  default   = "hidden"
  sensitive = true
  ephemeral = false
}
variable "open" {}
locals {
  regions = {
    primary   = "eu-central-1"
    secondary = var.open == null ? "eu-west-1" : "eu-north-1"
  }
  tags   = { for k, v in { a = 1, b = var.open } : upper(k) => "${v}!" if v != null }
  groups = { for n in concat(var.names, ["a"]) : substr(n, 0, 1) => n... }
  yaml   = yamldecode(file("list.yaml"))
  deep   = local.yaml.c.b[*] == [] ? jsonencode(local.groups) : base64encode(<<-TEXT
    ${join(", ", sort(keys(local.groups)))}
      %{if true}${local.yaml.d}%{endif~}
    TEXT
  )
  sums  = [for r in range(3) : sum([r, 1.5, -r]) * pow(2, 10) % 7]
  sets  = setproduct(toset(["x", "y"]), [true, false])
  time  = formatdate("YYYY-MM-DD'T'hh:mm:ssZ", "2020-02-29T12:30:00Z")
  found = regexall("(?P<w>[a-z]+)-(?P<n>\\d+)", "ab-1 cd-22")[*].w
  gone  = lookup(local.tags, "zz", coalesce(null, "", "d")) != "d" || !contains(var.names, "q")
}
"#;

const JSON: &str = r#"{
  "resource": {
    "aws_sqs_queue": {
      "q": {
        "count": "${length(var.names)}",
        "name": "queue-${count.index}",
        "tags": {"//": "kept", "n": "${upper(var.names[count.index])}"}
      }
    }
  },
  "locals": [{"json": {"a": ["${local.sums}", 1e3, null, true]}}],
  "output": {"q": {"value": "${aws_sqs_queue.q[*].arn}"}}
}"#;

const PART: &str = r#"
terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.other]
    }
  }
}
variable "name" {
  type     = string
  nullable = false
}
variable "subnets" {
  type = set(string)
}
resource "aws_db_instance" "d" {
  identifier           = "${var.name}-db"
  db_subnet_group_name = aws_db_subnet_group.g.name
  replicate_source_db  = var.name == "a" ? null : "arn:aws:rds:eu-west-1:123456789012:db:a"
  provider             = aws.other
}
resource "aws_db_subnet_group" "g" {
  subnet_ids = var.subnets
}
output "name" {
  value = aws_db_instance.d.identifier
}
"#;
