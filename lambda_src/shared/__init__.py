"""What every function of ours carries: log, settings, what it knows of a deployment, how AWS writes what it gets."""
