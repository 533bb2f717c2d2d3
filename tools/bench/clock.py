"""The day that benchmarks take for today, so that the sample entries have not ended."""

from datetime import date

TODAY = date(2026, 11, 23)
