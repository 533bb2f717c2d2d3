"""Who is told of what: severity by finding family by account, from the synthesized templates."""
