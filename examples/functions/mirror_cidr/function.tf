# 10.1.3.0/24: the same place in the secondary region's network.
output "secondary_subnet" {
  value = provider::dr::mirror_cidr("10.0.3.0/24", "10.0.0.0/16", "10.1.0.0/16")
}
