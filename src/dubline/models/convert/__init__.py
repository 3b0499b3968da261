"""Foreign weight formats, turned once into the files our engines load."""
