# The default group is adopted and emptied: nothing may rely on it.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.name}-unused" }
}

resource "aws_security_group" "balancer" {
  name        = "${var.name}-balancer"
  description = "Public entry"
  vpc_id      = aws_vpc.this.id

  dynamic "ingress" {
    for_each = { http = 80, https = 443 }

    content {
      description = "Clients, ${ingress.key}"
      protocol    = "tcp"
      from_port   = ingress.value
      to_port     = ingress.value
      cidr_blocks = var.client_cidrs
    }
  }

  egress {
    description = "To the services"
    protocol    = "tcp"
    from_port   = 8000
    to_port     = 8999
    cidr_blocks = [var.cidr]
  }

  tags = { Name = "${var.name}-balancer" }
}

resource "aws_security_group" "app" {
  name        = "${var.name}-app"
  description = "Services"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.name}-app" }
}

resource "aws_vpc_security_group_ingress_rule" "app_from_balancer" {
  for_each = var.service_ports

  security_group_id            = aws_security_group.app.id
  referenced_security_group_id = aws_security_group.balancer.id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
  description                  = "From the load balancer to ${each.key}"
}

resource "aws_vpc_security_group_ingress_rule" "app_from_peer" {
  security_group_id = aws_security_group.app.id
  cidr_ipv4         = var.peer_cidr
  ip_protocol       = "tcp"
  from_port         = 9090
  to_port           = 9090
  description       = "Metrics, read from the other region"
}

resource "aws_vpc_security_group_egress_rule" "app" {
  security_group_id = aws_security_group.app.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_security_group" "worker" {
  name        = "${var.name}-worker"
  description = "Docking workers"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.name}-worker" }
}

resource "aws_vpc_security_group_egress_rule" "worker" {
  security_group_id = aws_security_group.worker.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_security_group" "database" {
  name        = "${var.name}-database"
  description = "Databases"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.name}-database" }
}

resource "aws_security_group_rule" "database_from_app" {
  type                     = "ingress"
  security_group_id        = aws_security_group.database.id
  source_security_group_id = aws_security_group.app.id
  protocol                 = "tcp"
  from_port                = 5432
  to_port                  = 5432
  description              = "From the services"
}

resource "aws_security_group_rule" "database_from_worker" {
  type                     = "ingress"
  security_group_id        = aws_security_group.database.id
  source_security_group_id = aws_security_group.worker.id
  protocol                 = "tcp"
  from_port                = 5432
  to_port                  = 5432
  description              = "From the workers"
}

resource "aws_security_group" "cache" {
  name        = "${var.name}-cache"
  description = "Cache"
  vpc_id      = aws_vpc.this.id

  ingress {
    description     = "From the services and other nodes"
    protocol        = "tcp"
    from_port       = 6379
    to_port         = 6379
    security_groups = [aws_security_group.app.id]
    self            = true
  }

  tags = { Name = "${var.name}-cache" }
}

resource "aws_security_group" "files" {
  name        = "${var.name}-files"
  description = "Shared files"
  vpc_id      = aws_vpc.this.id

  ingress {
    description     = "From the services and the workers"
    protocol        = "tcp"
    from_port       = 2049
    to_port         = 2049
    security_groups = [aws_security_group.app.id, aws_security_group.worker.id]
  }

  tags = { Name = "${var.name}-files" }
}

resource "aws_security_group" "endpoints" {
  name        = "${var.name}-endpoints"
  description = "Endpoints of AWS services"
  vpc_id      = aws_vpc.this.id

  ingress {
    description = "From the VPC"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = [var.cidr]
  }

  tags = { Name = "${var.name}-endpoints" }
}

# --- network ACLs ---------------------------------------------------------------

resource "aws_network_acl" "open" {
  vpc_id     = aws_vpc.this.id
  subnet_ids = concat(local.ids.public, local.ids.app)

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }

  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }

  tags = { Name = "${var.name}-open" }
}

locals {
  # Rule number => what may enter the isolated subnets.
  isolated_entry = {
    100 = { cidr = var.cidr, from = 5432, to = 5432 }
    110 = { cidr = var.cidr, from = 6379, to = 6379 }
    120 = { cidr = var.cidr, from = 2049, to = 2049 }
    130 = { cidr = var.cidr, from = 443, to = 443 }
    140 = { cidr = "0.0.0.0/0", from = 32768, to = 60999 }
  }
}

resource "aws_network_acl" "isolated" {
  vpc_id     = aws_vpc.this.id
  subnet_ids = local.ids.isolated

  tags = { Name = "${var.name}-isolated" }
}

resource "aws_network_acl_rule" "isolated_in" {
  for_each = local.isolated_entry

  network_acl_id = aws_network_acl.isolated.id
  rule_number    = each.key
  egress         = false
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = each.value.cidr
  from_port      = each.value.from
  to_port        = each.value.to
}

resource "aws_network_acl_rule" "isolated_out" {
  network_acl_id = aws_network_acl.isolated.id
  rule_number    = 100
  egress         = true
  protocol       = "-1"
  rule_action    = "allow"
  cidr_block     = "0.0.0.0/0"
}
