"""What a deployment costs, as far as its templates tell."""
