# us-west-2b: the second zone on either side.
output "secondary_zone" {
  value = provider::dr::mirror_availability_zone(
    "us-east-1c",
    ["us-east-1a", "us-east-1c"],
    ["us-west-2a", "us-west-2b"],
  )
}
