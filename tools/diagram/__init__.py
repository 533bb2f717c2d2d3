"""The picture of a deployment's architecture, from its synthesized templates."""
