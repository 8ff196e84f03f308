"""What an image was made with and comes from, looked up when somebody wants to see it."""
