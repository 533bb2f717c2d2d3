"""The whole stack in a minute, without an AWS account."""
