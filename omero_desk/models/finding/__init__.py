"""Finding what is loaded, and commands, by their names."""
