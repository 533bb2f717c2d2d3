"""Expectations: this finding is hidden by that entry, that one pages these people; checked against templates."""
