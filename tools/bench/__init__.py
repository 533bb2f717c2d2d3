"""Benchmarks: figures to read, side by side in one run; nothing here passes or fails."""
