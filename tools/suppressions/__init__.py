"""The ledger of suppressions: who answers for each, what it costs, and how long it still counts."""
