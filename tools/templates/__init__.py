"""The synthesized templates, as the commands read them and speak of them."""
