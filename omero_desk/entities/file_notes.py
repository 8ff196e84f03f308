"""Notes of a folder's server on the files of images."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileNote:
    """The name of an image, that of a dataset that it is in ("" for none), and what is wrong with its file."""

    image_id: int
    name: str
    dataset: str
    text: str


@dataclass(frozen=True, slots=True)
class FileNotes:
    """Notes by the names of images; `has_more` is True if there are more than these."""

    notes: tuple[FileNote, ...] = ()
    has_more: bool = False
