"""What is made of a job's files when somebody wants to look at them."""
