module "network_primary" {
  source = "../modules/network"

  name          = var.name
  role          = "primary"
  region        = var.primary_region
  cidr          = local.networks.primary.cidr
  zones         = local.networks.primary.zones
  peer_cidr     = local.networks.secondary.cidr
  service_ports = local.service_ports
  log_key_arn   = aws_kms_key.data.arn
}

module "network_secondary" {
  source = "../modules/network"

  providers = {
    aws = aws.secondary
  }

  name          = var.name
  role          = "secondary"
  region        = var.secondary_region
  cidr          = local.networks.secondary.cidr
  zones         = local.networks.secondary.zones
  peer_cidr     = local.networks.primary.cidr
  service_ports = local.service_ports
  log_key_arn   = aws_kms_replica_key.data.arn
}

# --- the way between the regions ------------------------------------------------

resource "aws_vpc_peering_connection" "regions" {
  vpc_id      = module.network_primary.vpc_id
  peer_vpc_id = module.network_secondary.vpc_id
  peer_region = var.secondary_region
  auto_accept = false

  tags = { Name = "${var.name}-regions" }
}

resource "aws_vpc_peering_connection_accepter" "regions" {
  provider = aws.secondary

  vpc_peering_connection_id = aws_vpc_peering_connection.regions.id
  auto_accept               = true

  tags = { Name = "${var.name}-regions" }
}

resource "aws_route" "to_secondary" {
  count = length(local.networks.primary.zones)

  route_table_id            = module.network_primary.app_route_table_ids[count.index]
  destination_cidr_block    = local.networks.secondary.cidr
  vpc_peering_connection_id = aws_vpc_peering_connection.regions.id
}

resource "aws_route" "to_primary" {
  provider = aws.secondary
  count    = length(local.networks.secondary.zones)

  route_table_id            = module.network_secondary.app_route_table_ids[count.index]
  destination_cidr_block    = local.networks.primary.cidr
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.regions.id
}
