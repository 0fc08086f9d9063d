# Values that Terraform does not know before an apply: the output of terraform_data has the type of its input.

resource "terraform_data" "string" {
  input = "x"
}

resource "terraform_data" "number" {
  input = 1
}

resource "terraform_data" "bool" {
  input = true
}

resource "terraform_data" "list" {
  input = tolist(["a", "b"])
}

resource "terraform_data" "numbers" {
  input = tolist([1, 2])
}

resource "terraform_data" "set" {
  input = toset(["a", "b"])
}

resource "terraform_data" "map" {
  input = tomap({ a = "x" })
}

resource "terraform_data" "tuple" {
  input = ["a", 1, true]
}

resource "terraform_data" "object" {
  input = { name = "x", port = 80, zones = ["a"] }
}

resource "terraform_data" "counted" {
  count = length([local.u, "k"])
  input = "${local.u}-${count.index}"
}

resource "terraform_data" "each" {
  for_each = { a = local.u, b = "known" }
  input    = each.value
}

resource "terraform_data" "from_keys" {
  for_each = toset(keys({ one = local.u, two = local.n }))
  input    = each.key
}


resource "terraform_data" "named" {
  count = terraform_data.string.id != null ? 1 : 0
}

module "child" {
  source = "./child"
  given  = local.u
}

locals {
  u   = terraform_data.string.output
  id  = terraform_data.string.id
  n   = terraform_data.number.output
  b   = terraform_data.bool.output
  l   = terraform_data.list.output
  nl  = terraform_data.numbers.output
  s   = terraform_data.set.output
  m   = terraform_data.map.output
  t   = terraform_data.tuple.output
  o   = terraform_data.object.output
  arn = "arn:aws:${terraform_data.string.output}"
}
