"""How long the texts of a brief may be, in characters."""

TITLE = 400
SUBJECT = 160
DESCRIPTION = 700
RAW = 2500
ID = 120
NAME = 80
