# usw2
output "short" {
  value = provider::dr::region_short_name("us-west-2")
}
