"""Filesets: imports, original files and their rows."""
