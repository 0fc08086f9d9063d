variable "encrypted" {
  type = bool
}

module "inner" {
  source    = "./inner"
  encrypted = var.encrypted
}
