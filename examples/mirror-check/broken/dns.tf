resource "aws_route53_zone" "public" {
  name = var.domain
}

locals {
  entries = {
    primary   = { name = module.application_primary.balancer_name, zone_id = module.application_primary.balancer_zone_id }
    secondary = { name = module.application_secondary.balancer_name, zone_id = module.application_secondary.balancer_zone_id }
  }
}

# --- clients ------------------------------------------------------------------------

resource "aws_route53_health_check" "entry" {
  for_each = local.entries

  type              = "HTTPS"
  fqdn              = each.value.name
  port              = 443
  resource_path     = "/healthz"
  request_interval  = 10
  failure_threshold = 3

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_route53_record" "app" {
  for_each = local.entries

  zone_id         = aws_route53_zone.public.zone_id
  name            = "app.${var.domain}"
  type            = "A"
  set_identifier  = each.key
  health_check_id = aws_route53_health_check.entry[each.key].id

  failover_routing_policy {
    type = upper(each.key)
  }

  alias {
    name                   = each.value.name
    zone_id                = each.value.zone_id
    evaluate_target_health = false
  }
}

# --- the database, inside -------------------------------------------------------------

resource "aws_route53_zone" "internal" {
  name = "internal.${var.domain}"

  vpc {
    vpc_id     = module.network_primary.vpc_id
    vpc_region = var.primary_region
  }

  lifecycle {
    ignore_changes = [vpc]
  }
}

# The failover plan turns this control off after it promoted the replica: the data plane of five regions, no record is edited.
resource "aws_route53recoverycontrolconfig_cluster" "main" {
  name = var.name
}

resource "aws_route53recoverycontrolconfig_control_panel" "database" {
  name        = "${var.name}-database"
  cluster_arn = aws_route53recoverycontrolconfig_cluster.main.arn
}

resource "aws_route53recoverycontrolconfig_routing_control" "database" {
  name              = "${var.name}-database-primary"
  cluster_arn       = aws_route53recoverycontrolconfig_cluster.main.arn
  control_panel_arn = aws_route53recoverycontrolconfig_control_panel.database.arn
}

resource "aws_route53_health_check" "database" {
  type                = "RECOVERY_CONTROL"
  routing_control_arn = aws_route53recoverycontrolconfig_routing_control.database.arn

  tags = { Name = "${var.name}-database" }
}

resource "aws_route53_record" "database_primary" {
  zone_id         = aws_route53_zone.internal.zone_id
  name            = local.database_host
  type            = "CNAME"
  ttl             = 300
  records         = [module.data_primary.database_address]
  set_identifier  = "primary"
  health_check_id = aws_route53_health_check.database.id

  failover_routing_policy {
    type = "PRIMARY"
  }
}

resource "aws_route53_record" "database_secondary" {
  zone_id        = aws_route53_zone.internal.zone_id
  name           = local.database_host
  type           = "CNAME"
  ttl            = 30
  records        = [module.data_secondary.database_address]
  set_identifier = "secondary"

  failover_routing_policy {
    type = "SECONDARY"
  }
}

# --- certificates -----------------------------------------------------------------------

# One record proves the domain for the certificates of all regions.
locals {
  certificate_domains = toset(["app.${var.domain}"])
  certificate_records = [for record in aws_route53_record.certificate : record.fqdn]
}

resource "aws_route53_record" "certificate" {
  for_each = local.certificate_domains

  zone_id = aws_route53_zone.public.zone_id
  name    = one([for option in module.application_primary.certificate_options : option.resource_record_name if option.domain_name == each.key])
  type    = "CNAME"
  ttl     = 60
  records = [one([for option in module.application_primary.certificate_options : option.resource_record_value if option.domain_name == each.key])]
}
