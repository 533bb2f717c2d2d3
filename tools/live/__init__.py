"""What the commands share that look at live accounts: clients, pages, refusals, and what a look comes to."""
