"""Kinds of values that fields hold: what each looks like, and what a wrong one is told."""
