output "vpc_id" {
  value = aws_vpc.this.id
}

output "cidr" {
  value = aws_vpc.this.cidr_block
}

output "subnet_ids" {
  description = "Ids by tier."
  value       = local.ids
}

output "group_ids" {
  value = {
    balancer = aws_security_group.balancer.id
    app      = aws_security_group.app.id
    worker   = aws_security_group.worker.id
    database = aws_security_group.database.id
    cache    = aws_security_group.cache.id
    files    = aws_security_group.files.id
  }
}

output "app_route_table_ids" {
  value = aws_route_table.app[*].id
}
