# Which regions audit trails record.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

#! broken: the trail does not say so, and records its own region
resource "aws_cloudtrail" "main" {
  name           = "main"
  s3_bucket_name = "shop-audit"
}

#! holds: it records all regions
resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "shop-audit"
  is_multi_region_trail = true
}

#! broken: each region has its own, and events of global services reach the one of us-east-1 alone
resource "aws_cloudtrail" "main" {
  name           = "main"
  s3_bucket_name = "shop-audit"
}

resource "aws_cloudtrail" "standby" {
  provider       = aws.west
  name           = "standby"
  s3_bucket_name = "shop-audit"
}

#! holds: each region has its own, and neither records global services
resource "aws_cloudtrail" "main" {
  name                          = "main"
  s3_bucket_name                = "shop-audit"
  include_global_service_events = false
}

resource "aws_cloudtrail" "standby" {
  provider       = aws.west
  name           = "standby"
  s3_bucket_name = "shop-audit"
}

#! holds: another trail records all regions
resource "aws_cloudtrail" "main" {
  name           = "main"
  s3_bucket_name = "shop-audit"
}

resource "aws_cloudtrail" "organisation" {
  name                  = "organisation"
  s3_bucket_name        = "shop-audit"
  is_multi_region_trail = true
}

#! undecided: a variable says whether it does
variable "all_regions" {
  type = bool
}

resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "shop-audit"
  is_multi_region_trail = var.all_regions
}

#! undecided: a variable says whether another trail does
variable "all_regions" {
  type = bool
}

resource "aws_cloudtrail" "main" {
  name           = "main"
  s3_bucket_name = "shop-audit"
}

resource "aws_cloudtrail" "organisation" {
  name                  = "organisation"
  s3_bucket_name        = "shop-audit"
  is_multi_region_trail = var.all_regions
}
