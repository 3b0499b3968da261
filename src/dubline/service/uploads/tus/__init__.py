"""Resumable uploads: tus 1.0.0 with creation, creation-with-upload, checksum, termination and expiration."""
