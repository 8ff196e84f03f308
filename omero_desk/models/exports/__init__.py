"""Exports: files to be written, and their progress."""
