"""The policies of CloudFormation's roles, in docs/."""
