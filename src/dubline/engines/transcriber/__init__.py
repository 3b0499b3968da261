"""Engines that turn speech into words with times."""
