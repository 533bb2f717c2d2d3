"""Pictures of the messages for the documentation, taken of the preview's own pages."""
