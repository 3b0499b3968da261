"""What is heard: the dub over a background without the original voice."""
