"""What other programs call: a dub, an edit, a look at what would happen."""
