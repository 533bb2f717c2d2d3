"""Where the project lies: configuration, functions and documents are found from here."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
