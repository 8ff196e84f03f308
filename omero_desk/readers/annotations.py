"""Reads and writes annotations and names, on the lane for metadata."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from omero_desk.entities.connection_states import Lane
from omero_desk.entities.edits import Author, Edit, Receipt
from omero_desk.entities.objects import AnnotationCounts, Ref
from omero_desk.gateway.service.account_calls import SendsCalls
from omero_desk.readers.downloads import download
from omero_desk.system import lazy_imports as late

if TYPE_CHECKING:
    from omero_desk.gateway.annotations import (
        about,
        acquisition,
        channel_names,
        counts,
        files,
        filesets,
        original_metadata,
        reading,
        tags,
        web_address,
    )
else:  # used when somebody has signed in, by which time omero is loaded
    about = late.LazyModule("omero_desk.gateway.annotations.about")
    acquisition = late.LazyModule("omero_desk.gateway.annotations.acquisition")
    channel_names = late.LazyModule("omero_desk.gateway.annotations.channel_names")
    counts = late.LazyModule("omero_desk.gateway.annotations.counts")
    files = late.LazyModule("omero_desk.gateway.annotations.files")
    filesets = late.LazyModule("omero_desk.gateway.annotations.filesets")
    original_metadata = late.LazyModule("omero_desk.gateway.annotations.original_metadata")
    reading = late.LazyModule("omero_desk.gateway.annotations.reading")
    tags = late.LazyModule("omero_desk.gateway.annotations.tags")
    web_address = late.LazyModule("omero_desk.gateway.annotations.web_address")


class AnnotationReader:
    """Reads what an inspector shows, and sends edits, through the calls of an account."""

    def __init__(self, calls: SendsCalls) -> None:
        self._calls = calls

    async def counts(self, refs: Sequence[Ref]) -> dict[Ref, AnnotationCounts]:
        """Return how many annotations of each kind the objects have."""
        return await self._calls.call(Lane.METADATA, counts.counts, refs)

    def start(self, edit: Edit, author: Author) -> Any:
        """Return the write of an edit; by then somebody is signed in, and omero is loaded."""
        return late.load("omero_desk.gateway.annotations.writes").write_of(edit, author)

    async def send(self, write: Any) -> Receipt:
        """Make the write; it is looked for before it is sent again."""
        return await self._calls.write(write.lane, write)

    def author(self) -> Author | None:
        """Return who is signed in, None if nobody is."""
        return Author.of(self._calls.account)

    async def about(self, ref: Ref) -> About:
        """Read the head and the details of an object."""
        return await self._calls.call(Lane.METADATA, about.about, ref)

    async def annotations(self, refs: Sequence[Ref], section: Section) -> Sequence[Annotation]:
        """Read the annotations of a section on any of the objects."""
        return await self._calls.call(Lane.METADATA, reading.section_of, refs, section)

    async def inherited(self, ref: Ref) -> Sequence[Annotation]:
        """Read the key-value annotations of the objects that an object is in."""
        return await self._calls.call(Lane.METADATA, reading.inherited, ref)

    async def uses(self, annotation_id: int) -> Mapping[str, int]:
        """Read on how many objects of each kind an annotation is."""
        return await self._calls.call(Lane.METADATA, reading.uses, annotation_id)

    async def tags(self, group_id: int) -> Sequence[TagChoice]:
        """Read the tags of a group."""
        return await self._calls.call(Lane.METADATA, tags.tags, group_id)

    async def tag_sets(self, group_id: int) -> Sequence[TagSet]:
        """Read the sets of tags of a group."""
        return await self._calls.call(Lane.METADATA, tags.tag_sets, group_id)

    async def files(self, group_id: int) -> Sequence[Annotation]:
        """Read the file annotations of a group."""
        return await self._calls.call(Lane.METADATA, tags.files, group_id)

    async def fileset(self, fileset_id: int) -> FilesetInfo:
        """Read what an image was imported from."""
        return await self._calls.call(Lane.METADATA, filesets.fileset, fileset_id)

    async def acquisition(self, image_id: int) -> Sequence[FactGroup]:
        """Read how an image was taken."""
        return await self._calls.call(Lane.METADATA, acquisition.acquisition, image_id)

    async def original_metadata(self, image_id: int) -> OriginalMetadata:
        """Read what an image's file said of itself, on the lane for jobs: the server opens the file."""
        return await self._calls.call(Lane.JOBS, original_metadata.original_metadata, image_id)

    async def download(self, file: StoredFile, path: Path, progress: Callable[[int], object]) -> None:
        """Write a file of the server's to `path`."""
        await download(self._calls, file, path, progress)

    async def beginning(self, file: StoredFile, most: int) -> bytes:
        """Read the beginning of a file of the server's, on the lane for jobs."""
        return await self._calls.call(Lane.JOBS, files.beginning, file.id, most)

    async def channel_names(self, refs: tuple[Ref, ...]) -> Sequence[ChannelNames]:
        """Read the names of the channels of images, or of all images in containers."""
        return await self._calls.call(Lane.METADATA, channel_names.channel_names, refs)

    async def web_address(self, account: str) -> str:
        """Read where the server's OMERO.web is; the calls are those of the account anyway."""
        return await self._calls.call(Lane.METADATA, web_address.web_address)
