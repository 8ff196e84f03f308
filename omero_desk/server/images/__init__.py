"""Image files: what they hold, and how they are entered into a library."""
