"""Engines that turn one language into another."""
