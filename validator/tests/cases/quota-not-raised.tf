# Quotas that somebody raised in the primary region.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_servicequotas_service_quota" "vcpus_primary" {
  service_code = "ec2"
  quota_code   = "L-1216C47A"
  value        = 512
}

#! broken: the secondary region has AWS's default
#! broken: it is raised there, to less
resource "aws_servicequotas_service_quota" "vcpus_secondary" {
  provider     = aws.west
  service_code = "ec2"
  quota_code   = "L-1216C47A"
  value        = 128
}

#! holds: it is raised further
resource "aws_servicequotas_service_quota" "vcpus_secondary" {
  provider     = aws.west
  service_code = "ec2"
  quota_code   = "L-1216C47A"
  value        = 640
}

#! undecided: how far is a variable
variable "vcpus" {
  type = number
}

resource "aws_servicequotas_service_quota" "vcpus_secondary" {
  provider     = aws.west
  service_code = "ec2"
  quota_code   = "L-1216C47A"
  value        = var.vcpus
}
