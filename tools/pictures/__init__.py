"""Pictures of the messages for the documentation, taken of the pages that the preview shows."""
