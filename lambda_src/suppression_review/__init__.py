"""Run time: looks back at what the suppression rules hide, and tells people about it."""
