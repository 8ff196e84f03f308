"""What clients keep in a session: its inputs and outputs, values by name, up to a size."""

from __future__ import annotations

from typing import Final

import Ice
import omero

MOST: Final = 4 << 20
"""The characters, bytes and elements that the inputs of a session may hold together, and the outputs."""


class TooMuchError(Exception):
    """More than a session keeps; the message is for clients."""


def keep(values: dict[str, omero.RType | None], key: str, value: omero.RType | None) -> None:
    """Put a value under a name, or take it out for None. Raises TooMuchError and leaves the values as they were."""
    if value is None:
        values.pop(key, None)
        return
    if weight({**values, key: value}) > MOST:
        raise TooMuchError(f"A session keeps no more than {MOST} characters")
    values[key] = value


def weight(value: object) -> int:
    """Return the characters, bytes and elements of a value with all that it holds; about as many where it is too much.

    What it holds twice, and what holds itself, counts once.
    """
    found, seen, waiting = 0, set[int](), [value]
    while waiting and found <= MOST:
        one = waiting.pop()
        found += 1
        if isinstance(one, str | bytes):
            found += len(one)
        elif isinstance(one, list | tuple | dict | Ice.Object) and id(one) not in seen:
            seen.add(id(one))
            if isinstance(one, list | tuple):
                waiting += one
            else:
                held = one if isinstance(one, dict) else vars(one)
                waiting += [*held, *held.values()]
    return found
