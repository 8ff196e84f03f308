"""The release that is wanted: its name, its version with our patches, and the error for not getting it."""

from __future__ import annotations

import sys

NAME = "zeroc-ice"
UPSTREAM = "3.6.5"  # omero-py wants 3.6.5 or newer, but older than 3.7
PATCHES = 2  # the number of our set of patches, `Ice.omeroDeskPatches`: one more whenever they change
VERSION = f"{UPSTREAM}+desk{PATCHES}"


class UnavailableError(Exception):
    """A wheel cannot be had in some way; the message is one line for the user."""


def say(line: str, end: str = "\n") -> None:
    """Tell the user what is being done."""
    sys.stderr.write(f"  {line}{end}")
    sys.stderr.flush()
