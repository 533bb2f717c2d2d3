"""What stands between a configuration and its deployment, as the accounts are now."""
