output "balancer_name" {
  value = aws_lb.main.dns_name
}

output "balancer_zone_id" {
  value = aws_lb.main.zone_id
}

output "certificate_options" {
  value = aws_acm_certificate.app.domain_validation_options
}
