"""How AWS writes what functions are given as text: the number of an account, the name of a Region."""

import re

ACCOUNT = re.compile(r"[0-9]{12}")
REGION = re.compile(r"[a-z]{2,5}(?:-[a-z]+)+-[1-9]")
"""A name of the form of one, in any partition; whether there is such a Region, nobody says here."""
