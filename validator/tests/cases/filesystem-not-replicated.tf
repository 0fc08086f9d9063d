# File systems, and how they come into the secondary region.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_efs_file_system" "files" {
  encrypted = true
}

#! broken: nothing copies it
#! broken: it is copied within its region
resource "aws_efs_replication_configuration" "files" {
  source_file_system_id = aws_efs_file_system.files.id
  destination {
    region = "us-east-1"
  }
}

#! holds: it is copied to the secondary region
resource "aws_efs_replication_configuration" "files" {
  source_file_system_id = aws_efs_file_system.files.id
  destination {
    region = "us-west-2"
  }
}

#! undecided: where it is copied to is a variable
variable "region" {
  type = string
}

resource "aws_efs_replication_configuration" "files" {
  source_file_system_id = aws_efs_file_system.files.id
  destination {
    region = var.region
  }
}
