# Snapshots that disks and databases of the secondary region are made from.
provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_ebs_volume" "tools_primary" {
  availability_zone = "us-east-1a"
  snapshot_id       = "snap-0123456789abcdef0"
}

#! broken: the id was copied, and means something in the primary region only
resource "aws_ebs_volume" "tools_secondary" {
  provider          = aws.west
  availability_zone = "us-west-2a"
  snapshot_id       = "snap-0123456789abcdef0"
}

#! broken: the second disk of a template is made from it
resource "aws_launch_template" "worker_primary" {
  name = "worker"

  block_device_mappings {
    device_name = "/dev/sda1"

    ebs {
      volume_size = 20
    }
  }

  block_device_mappings {
    device_name = "/dev/sdb"

    ebs {
      snapshot_id = "snap-0123456789abcdef0"
    }
  }
}

resource "aws_launch_template" "worker_secondary" {
  provider = aws.west
  name     = "worker"

  block_device_mappings {
    device_name = "/dev/sda1"

    ebs {
      volume_size = 20
    }
  }

  block_device_mappings {
    device_name = "/dev/sdb"

    ebs {
      snapshot_id = "snap-0123456789abcdef0"
    }
  }
}

#! holds: the id of the region's own snapshot
resource "aws_ebs_volume" "tools_secondary" {
  provider          = aws.west
  availability_zone = "us-west-2a"
  snapshot_id       = "snap-0fedcba9876543210"
}

#! undecided: the id is a variable
variable "snapshot" {
  type = string
}

resource "aws_ebs_volume" "tools_secondary" {
  provider          = aws.west
  availability_zone = "us-west-2a"
  snapshot_id       = var.snapshot
}
