"""The embedded AWS: ministack on loopback, with the parts it lacks."""
