"""How commands speak to whoever sits before them, and to a pipe."""
