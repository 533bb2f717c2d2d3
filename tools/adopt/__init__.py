"""Detectors and graphs that are there already, brought into their Detection stacks by `cdk import`."""
