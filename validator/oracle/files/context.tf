# What the expressions of the oracle may refer to.

variable "texts" {
  type    = list(string)
  default = ["b", "a", "c", "a"]
}

variable "numbers" {
  type    = list(number)
  default = [3, 1, 2.5]
}

variable "unique" {
  type    = set(string)
  default = ["z", "y", "x"]
}

variable "tags" {
  type    = map(string)
  default = { Name = "main", env = "prod", "with space" = "yes" }
}

variable "sizes" {
  type    = map(number)
  default = { small = 1, large = 10 }
}

variable "server" {
  type = object({
    name    = string
    port    = optional(number, 443)
    labels  = optional(map(string), {})
    backup  = optional(object({ days = optional(number, 7), copy = optional(bool) }), {})
    comment = optional(string)
  })
  default = { name = "web" }
}

variable "nothing" {
  type    = string
  default = null
}

variable "untyped" {
  default = { on = true, list = [1, "two", null] }
}

variable "secret" {
  type      = string
  default   = "hush"
  sensitive = true
}

variable "secret_map" {
  type      = map(string)
  default   = { user = "root", word = "hush" }
  sensitive = true
}

locals {
  empty_list   = []
  empty_object = {}
  tuple        = ["x", 2, true]
  object       = { id = "i-1", zones = ["a", "b"], nested = { deep = { value = 42 } } }
  servers      = [{ name = "one", port = 80 }, { name = "two", port = 443 }]
  by_name      = { for server in local.servers : server.name => server }
  text         = "Hello, Wörld"
  big          = 123456789012345678901234567890
  third        = 1 / 3
  flag         = true
  hole         = "$${n}"
  template     = "dear $${name}, %%{ if true }yes%%{ endif }"
}
