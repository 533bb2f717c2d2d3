"""The synthesized templates, as the commands read them."""
