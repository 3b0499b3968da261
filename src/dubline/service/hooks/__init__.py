"""Webhooks: others are told what happens to jobs, signed as Standard Webhooks says, until they have heard it."""
