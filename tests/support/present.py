"""A value that may be missing, taken where a test knows that it is there."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def present(thing: T | None) -> T:
    """Return a thing; AssertionError if it is None."""
    assert thing is not None
    return thing
