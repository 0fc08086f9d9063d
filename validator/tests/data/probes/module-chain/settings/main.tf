variable "name" {
  type = string
}

output "encrypted" {
  value = var.name == "prod"
}
