"""An organization in several Regions, rolled out wave by wave, without an AWS account."""
