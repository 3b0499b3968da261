"""Weights: what they are, where they come from, where they lie, and how long they stay loaded."""
