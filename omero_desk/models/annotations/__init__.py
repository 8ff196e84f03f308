"""Annotations: the queue of edits, counts, and descriptions."""
