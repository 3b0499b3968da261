"""Keys that people make for their programs."""
