"""The requests of the models of annotations to a server."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from omero_desk.entities.annotations import (
    About,
    Annotation,
    ChannelNames,
    FactGroup,
    FilesetInfo,
    OriginalMetadata,
    Section,
    StoredFile,
    TagChoice,
    TagSet,
)
from omero_desk.entities.edits import Author, Edit, Receipt
from omero_desk.entities.objects import AnnotationCounts, Ref


class SendsEdits(Protocol):
    """Counts annotations, and sends edits."""

    async def counts(self, refs: Sequence[Ref]) -> dict[Ref, AnnotationCounts]:
        """Return how many annotations of each kind the objects have. Raises GatewayError."""

    def start(self, edit: Edit, author: Author) -> Any:
        """Return the write of an edit."""

    async def send(self, write: Any) -> Receipt:
        """Make the write. Raises GatewayError."""

    def author(self) -> Author | None:
        """Return who is signed in, None if nobody is."""


class ReadsAnnotations(Protocol):
    """Reads what an inspector shows. All of it raises GatewayError; a cancelled call is abandoned at once."""

    async def about(self, ref: Ref) -> About:
        """Return the head and the details of an object, and the numbers of its annotations: at most 2 round trips."""

    async def annotations(self, refs: Sequence[Ref], section: Section) -> Sequence[Annotation]:
        """Return the annotations of a section on any of the objects, of one kind each, with all their links to them.

        One round trip for each kind of object; files beside an import are left out.
        """

    async def inherited(self, ref: Ref) -> Sequence[Annotation]:
        """Return the key-value annotations of the objects that an object is in, as their links say. One round trip."""

    async def uses(self, annotation_id: int) -> Mapping[str, int]:
        """Return on how many objects of each kind an annotation is, as far as the user may see them."""

    async def tags(self, group_id: int) -> Sequence[TagChoice]:
        """Return the tags of a group, without the sets, the most used first."""

    async def tag_sets(self, group_id: int) -> Sequence[TagSet]:
        """Return the sets of tags of a group, with the tags in them, by their names."""

    async def files(self, group_id: int) -> Sequence[Annotation]:
        """Return the file annotations of a group that may be put on other objects too, the newest first."""

    async def fileset(self, fileset_id: int) -> FilesetInfo:
        """Return what an image was imported from."""

    async def acquisition(self, image_id: int) -> Sequence[FactGroup]:
        """Return how an image was taken: what is not known is left out."""

    async def original_metadata(self, image_id: int) -> OriginalMetadata:
        """Return what an image's file said of itself."""

    async def download(self, file: StoredFile, path: Path, progress: Callable[[int], object]) -> None:
        """Write a file of the server's to `path`, whole or not at all; `progress` is told the bytes so far."""

    async def beginning(self, file: StoredFile, most: int) -> bytes:
        """Return at most so many bytes from the beginning of a file of the server's."""

    async def channel_names(self, refs: tuple[Ref, ...]) -> Sequence[ChannelNames]:
        """Return the names of the channels of images, or of all images in containers of one kind."""

    async def web_address(self, account: str) -> str:
        """Return where the OMERO.web of the account's server is, "" where it does not tell."""
