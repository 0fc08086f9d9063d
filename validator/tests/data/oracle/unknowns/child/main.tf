variable "given" {
  type = string
}

variable "fixed" {
  type    = string
  default = "fixed"
}

output "given" {
  value = var.given
}

output "fixed" {
  value = var.fixed
}

output "upper" {
  value = upper(var.given)
}
