"""Annotations: counts, and the writes of edits."""
