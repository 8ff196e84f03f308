"""The changes that commands make: deleting, moving and copying rows and files."""
