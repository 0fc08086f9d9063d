resource "aws_ebs_volume" "counted" {
  count             = 2
  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = count.index == 1
}
