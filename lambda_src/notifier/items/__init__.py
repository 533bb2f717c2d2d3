"""What a queue message can hold: a finding, or an item of another kind; and how it is read from whatever came."""
