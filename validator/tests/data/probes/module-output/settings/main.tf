output "encrypted" {
  value = true
}

output "plain" {
  value = { encrypted = false }
}
