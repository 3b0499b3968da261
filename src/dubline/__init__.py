"""Takes a video in one language and gives it back spoken in another."""
