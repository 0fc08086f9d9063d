variable "name" {
  type = string
}

variable "role" {
  description = "What this region is by design: primary or secondary."
  type        = string

  validation {
    condition     = contains(["primary", "secondary"], var.role)
    error_message = "The role is primary or secondary."
  }
}

variable "region" {
  type = string
}

variable "cidr" {
  description = "Addresses of the VPC, a /16."
  type        = string
}

variable "zones" {
  description = "Zones to use; the same number in both regions."
  type        = list(string)
}

variable "peer_cidr" {
  description = "Addresses of the VPC in the other region."
  type        = string
}

variable "client_cidrs" {
  description = "Who may reach the platform."
  type        = list(string)
  default     = ["0.0.0.0/0"]
}

variable "service_ports" {
  description = "Port of each service behind the load balancer."
  type        = map(number)
}

variable "interface_endpoints" {
  description = "AWS services that the isolated subnets need without a way to the internet."
  type        = list(string)
  default     = ["ecr.api", "ecr.dkr", "kms", "logs", "sqs"]
}

variable "nat_gateways" {
  description = "How many NAT gateways there are; without it one in each zone."
  type        = number
  default     = null
}

variable "flow_retention_days" {
  type    = number
  default = 90
}

variable "log_key_arn" {
  description = "Key of the log groups; its policy lets CloudWatch Logs of this region use it."
  type        = string
}
