"""What every function of ours carries: log and settings, what it knows of a deployment, and how it reads AWS's words."""
