"""The errors of image files that cannot be read."""

from __future__ import annotations


class ImageFileError(Exception):
    """A file cannot be read as an image; the text names the file and says why."""


class ReasonError(ValueError):
    """The reason why a file cannot be read, as part of a sentence that begins with the file's name."""
