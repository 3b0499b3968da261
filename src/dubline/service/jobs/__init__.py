"""Jobs: asked for, worked on, done."""
