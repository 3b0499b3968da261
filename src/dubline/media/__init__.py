"""The only door to FFmpeg: every byte from outside is looked at here, in a sandbox, and nowhere else."""
