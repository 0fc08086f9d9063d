terraform {
  # Validations that look at two variables came with 1.9.
  required_version = ">= 1.9"
  required_providers {
    dr = {
      source = "estate-recovery/dr"
    }
  }
}
