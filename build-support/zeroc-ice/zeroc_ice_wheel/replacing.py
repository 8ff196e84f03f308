"""A replacement in a source file of Ice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Replacement:
    """A piece of a source file that stands there once, and what takes its place."""

    file: str
    old: str
    new: str
