"""Files on their way out, by signed links."""
