"""The geometry of shapes: one class for a kind, without transforms."""
