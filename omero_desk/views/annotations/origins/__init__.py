"""What an image was made with and comes from, as sections and dialogs."""
