"""What a destination was told already, and what it is spared: one DynamoDB table, and the rules for it."""
