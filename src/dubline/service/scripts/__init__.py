"""Scripts: the lines of a dub as people read and edit them."""
