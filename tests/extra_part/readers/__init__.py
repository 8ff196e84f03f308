"""What the feature asks the server."""
