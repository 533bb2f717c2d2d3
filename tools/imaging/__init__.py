"""Pages as pictures, for the commands that take some: a headless Chromium, and PNG in few bytes."""
