"""What a change means, in words, from two folders of synthesized templates; never from the configuration."""
