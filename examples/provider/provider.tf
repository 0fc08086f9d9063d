terraform {
  required_providers {
    dr = {
      source = "estate-recovery/dr"
    }
  }
}

provider "dr" {
  region = "us-west-2"

  # The account that this root may touch; anything else is refused before the first change.
  allowed_account_ids = ["123456789012"]

  # What is special about one region.
  regions = {
    us-east-1 = {
      assume_role = {
        role_arn = "arn:aws:iam::123456789012:role/recovery"
      }
    }
  }

  # On the worst day: nothing calls these regions any more (or export DR_LOST_REGIONS=us-east-1).
  lost_regions = []
}
