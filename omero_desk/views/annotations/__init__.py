"""Annotations: the details panel, the edit dialogs, pending edits."""
