"""Names of channels, and links to what is selected."""
