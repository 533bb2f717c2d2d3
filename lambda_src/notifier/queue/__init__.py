"""Queue messages: what comes with one, and when it comes again."""
