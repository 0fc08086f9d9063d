module "on" {
  source    = "./volume"
  encrypted = true
}

module "off" {
  source    = "./volume"
  encrypted = false
}
