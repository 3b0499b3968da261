"""What happens, in the order a person would tell it."""
