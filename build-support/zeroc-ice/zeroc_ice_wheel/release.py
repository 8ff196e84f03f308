"""What is wanted: one release of one project, and the words for not getting it."""

from __future__ import annotations

import sys

NAME = "zeroc-ice"
VERSION = "3.6.5"  # omero-py wants 3.6.5 or newer, but older than 3.7


class UnavailableError(Exception):
    """A wheel cannot be had in some way; the message is one line for the user."""


def say(line: str, end: str = "\n") -> None:
    """Tell the user what is being done."""
    sys.stderr.write(f"  {line}{end}")
    sys.stderr.flush()
