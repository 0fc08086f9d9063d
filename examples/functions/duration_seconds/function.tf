# 5400
output "seconds" {
  value = provider::dr::duration_seconds("1h30m")
}
