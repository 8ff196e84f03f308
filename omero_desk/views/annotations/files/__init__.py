"""Attached files: what can be done with them."""
