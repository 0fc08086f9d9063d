module "volume" {
  source    = "./volume"
  for_each  = { on = true, off = false }
  encrypted = each.value
}
