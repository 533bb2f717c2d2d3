"""What is live, against what the templates declare."""
