"""What makes a dub good, as pure functions: segmentation, casting, fit, mixing, subtitles, scoring."""
