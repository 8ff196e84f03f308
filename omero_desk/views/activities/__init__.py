"""Activities: what is under way and what has ended, in the bottom region and in the status bar."""
