"""What becomes of a finding, read from synthesized templates: archived, forwarded, routed, told, or lost."""
