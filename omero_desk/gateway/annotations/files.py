"""The bytes of files on the server, some blocks a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omero_desk.gateway.lanes.policy import Patience, patient

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession

BLOCK: Final = 1 << 20
"""Bytes that are read in a round trip: BlitzGateway's own are of 2.6 MB, which a slow line takes long for."""
BLOCKS: Final = 8
"""Blocks a call: whoever cancels waits for no more than these."""


@patient(Patience.LONG)
def blocks(session: LaneSession, file_id: int, offset: int, size: int | None) -> tuple[list[bytes], int]:
    """Read the next blocks of a file from `offset` on, and return them with its size on disk, asked for if unknown.

    Nothing is read from beyond its end, where OMERO.server gives zeros (RawFileBean.read). Raises what the session
    raises.
    """
    with session.borrow("createRawFileStore") as store:
        store.setFileId(file_id, session.everywhere)
        total = store.size(session.everywhere) if size is None else size
        found: list[bytes] = []
        end = min(offset + BLOCKS * BLOCK, total)
        while offset < end:
            block = store.read(offset, min(BLOCK, end - offset), session.everywhere)
            if not block:
                break
            found.append(block)
            offset += len(block)
    return found, total


def beginning(session: LaneSession, file_id: int, most: int) -> bytes:
    """Read at most `most` bytes, and no more than `BLOCK`, from the beginning of a file. Raises as `blocks` does."""
    with session.borrow("createRawFileStore") as store:
        store.setFileId(file_id, session.everywhere)
        size = min(most, BLOCK, store.size(session.everywhere))
        found: bytes = store.read(0, size, session.everywhere) if size > 0 else b""
        return found
