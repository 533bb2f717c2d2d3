"""Mutation testing: small mistakes made on purpose in the modules that matter most, and which tests see them."""
