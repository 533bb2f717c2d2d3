"""From the text of a file to plain values with their places, and back to words when they are wrong."""
