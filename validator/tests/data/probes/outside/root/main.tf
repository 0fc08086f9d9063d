module "on" {
  source    = "../modules/volume"
  encrypted = true
}

module "off" {
  source    = "../modules/volume"
  encrypted = false
}
