"""The lookup tables that a server has: their names, and their colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession

_ENTRIES: Final = 256
_LARGEST: Final = 1 << 16
_ICOL: Final = b"ICOL"
_HEADER: Final = 32

Table = NDArray[np.uint8]
"""(256, 3): red, green and blue."""


def tables(session: LaneSession) -> dict[str, Table]:
    """The server's tables by their names, such as "fire.lut"; those of a format that nobody knows are left out.

    Two round trips for each table, for a file store reads one file after the other. Raises what the session raises.
    """
    options = session.gateway.SERVICE_OPTS
    files = session.connection.factory.getScriptService().getScriptsByMimetype("text/x-lut", options)
    found = {}
    with session.borrow("createRawFileStore") as store:
        for file in files:
            store.setFileId(file.getId().getValue(), options)
            raw = store.read(0, min(file.getSize().getValue(), _LARGEST))
            table = parsed(raw)
            if table is not None:
                found[file.getName().getValue()] = table
    return found


def parsed(raw: bytes) -> Table | None:
    """A table out of a file as ImageJ and OMERO have them; None if it is none.

    That is 256 reds, greens and blues in turn, with NIH Image's header of 32 bytes before them or without, or a text
    of 256 lines with three numbers, or four of which the first counts the lines.
    """
    if len(raw) == 3 * _ENTRIES:
        return _from_columns(raw)
    if len(raw) == _HEADER + 3 * _ENTRIES and raw.startswith(_ICOL):
        return _from_columns(raw[_HEADER:])
    return _from_text(raw)


def _from_columns(raw: bytes) -> Table:
    return np.ascontiguousarray(np.frombuffer(raw, np.uint8).reshape(3, _ENTRIES).T)


def _from_text(raw: bytes) -> Table | None:
    rows = []
    for line in raw.decode("ascii", "replace").splitlines():
        words = line.replace(",", " ").split()
        if len(words) in (3, 4) and all(word.isdecimal() and word.isascii() for word in words):
            rows.append([int(word) for word in words[-3:]])
    if len(rows) != _ENTRIES or any(part > 255 for row in rows for part in row):
        return None
    return np.array(rows, np.uint8)
