"""What the user sees of the feature."""
