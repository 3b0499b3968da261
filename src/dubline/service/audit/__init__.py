"""Who did what that somebody may want to know later."""
