"""What the feature knows."""
