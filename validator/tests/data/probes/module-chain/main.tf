module "settings" {
  source = "./settings"
  name   = "prod"
}

module "on" {
  source    = "./volume"
  encrypted = module.settings.encrypted
}

module "off" {
  source    = "./volume"
  encrypted = !module.settings.encrypted
}
