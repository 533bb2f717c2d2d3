"""Whose code this project uses, under which licence: bills of materials, a page, and a policy."""
