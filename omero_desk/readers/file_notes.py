"""Reads the notes on files, on the lane for metadata."""

from __future__ import annotations

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.file_notes import FileNotes
from omero_desk.gateway.images import notes
from omero_desk.gateway.service.account_calls import SendsCalls


class FileNotesReader:
    """Reads notes through the calls of an account."""

    def __init__(self, calls: SendsCalls) -> None:
        self._calls = calls

    async def __call__(self) -> FileNotes:
        """Return the notes on all images of the account."""
        return await self._calls.call(Lane.METADATA, notes.all_notes)
