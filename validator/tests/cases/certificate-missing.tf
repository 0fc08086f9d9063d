# Certificates are regional: each region needs one for all names.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_acm_certificate" "primary" {
  domain_name               = "shop.example.com"
  subject_alternative_names = ["api.shop.example.com"]
  validation_method         = "DNS"
}

#! broken: there is none in the secondary region
#! broken: it does not cover the API
resource "aws_acm_certificate" "secondary" {
  provider          = aws.west
  domain_name       = "shop.example.com"
  validation_method = "DNS"
}

#! holds: names in another order, and one more
resource "aws_acm_certificate" "secondary" {
  provider                  = aws.west
  domain_name               = "shop.example.com"
  subject_alternative_names = ["www.shop.example.com", "api.shop.example.com"]
  validation_method         = "DNS"
}

#! holds: a wildcard covers the API
resource "aws_acm_certificate" "secondary" {
  provider                  = aws.west
  domain_name               = "shop.example.com"
  subject_alternative_names = ["*.shop.example.com"]
  validation_method         = "DNS"
}

#! undecided: the names are a variable
variable "names" {
  type = list(string)
}

resource "aws_acm_certificate" "secondary" {
  provider                  = aws.west
  domain_name               = "shop.example.com"
  subject_alternative_names = var.names
  validation_method         = "DNS"
}
