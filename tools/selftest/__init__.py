"""A heartbeat, or a sample finding, sent on demand and followed to every destination."""
