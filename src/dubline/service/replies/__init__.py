"""Replies that are kept, so that a request may be sent twice and count once."""
