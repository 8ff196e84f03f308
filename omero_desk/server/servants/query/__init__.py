"""The services that query, save and search."""
