# Whether a cache of the secondary region replicates from that of the primary.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_elasticache_replication_group" "primary" {
  replication_group_id = "sessions"
  description          = "sessions"
  engine               = "redis"
  node_type            = "cache.r6g.large"
}

resource "aws_elasticache_global_replication_group" "global" {
  global_replication_group_id_suffix = "sessions"
  primary_replication_group_id       = aws_elasticache_replication_group.primary.id
}

#! broken: the global datastore has one member only
resource "aws_elasticache_replication_group" "secondary" {
  provider             = aws.west
  replication_group_id = "sessions"
  description          = "sessions"
  engine               = "redis"
  node_type            = "cache.r6g.large"
}

#! holds: the cache is its second member
resource "aws_elasticache_replication_group" "secondary" {
  provider                    = aws.west
  replication_group_id        = "sessions"
  description                 = "sessions"
  global_replication_group_id = aws_elasticache_global_replication_group.global.global_replication_group_id
}

#! undecided: whether it is a member hangs on a variable
variable "datastore" {
  type = string
}

resource "aws_elasticache_replication_group" "secondary" {
  provider                    = aws.west
  replication_group_id        = "sessions"
  description                 = "sessions"
  global_replication_group_id = var.datastore
}
