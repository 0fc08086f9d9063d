output "address" {
  value = "https://app.${var.domain}"
}
