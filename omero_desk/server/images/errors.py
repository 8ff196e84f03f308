"""How image files fail."""

from __future__ import annotations


class ImageFileError(Exception):
    """A file cannot be read as an image; the text names the file and says why."""
