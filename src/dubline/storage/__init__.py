"""Artefacts and the ledger: what was made, under which key, and where it lies."""
