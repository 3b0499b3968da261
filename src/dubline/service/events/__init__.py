"""What happens to jobs, told in order."""
