"""What was used, what it cost, and how much more may be used."""
