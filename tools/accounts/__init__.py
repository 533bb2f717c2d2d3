"""The list of accounts of a configuration, against the organization."""
