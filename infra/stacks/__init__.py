"""Stacks: where the configuration meets the constructs; wiring only."""
