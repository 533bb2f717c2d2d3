"""Constructs: one noun, one file; they take values and constructs, never the configuration."""
