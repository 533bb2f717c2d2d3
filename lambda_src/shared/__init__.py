"""What every function of ours carries: how it writes its log, and how it reads its settings."""
