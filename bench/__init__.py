"""Figures that anyone can measure again: speed, memory, and a true account of a whole corpus."""
