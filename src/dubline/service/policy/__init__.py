"""What an operator does not want dubbed: looked for, told in the job, and refused if so chosen."""
