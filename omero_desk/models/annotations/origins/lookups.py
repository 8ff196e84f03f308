"""All that an inspector looks up beside annotations, for the object that it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QObject

from omero_desk.entities.annotations import Annotation, ChannelNames, FactGroup, FilesetInfo, OriginalMetadata, TagSet
from omero_desk.entities.objects import Kind, Ref
from omero_desk.models.annotations.inspector import InspectorModel
from omero_desk.models.annotations.lookup import Lookup
from omero_desk.models.annotations.source import ReadsAnnotations
from omero_desk.models.tasks import Tasked, TaskOwner
from omero_desk.models.translation import translate

GLOBAL: Final = "[Global Metadata]"
SERIES: Final = "[Series Metadata]"
"""The heads in the text file that OMERO.web makes of the metadata (omeroweb.webgateway.views.original_metadata)."""


class Lookups(TaskOwner, QObject):
    """Follows the inspector: each lookup is of the one object that is selected, None for several or another kind.

    `uses` is of an annotation, `files` and `tag_sets` of a group, `web` of an account by its key;
    they are told by whoever asks.
    """

    def __init__(
        self,
        reader: ReadsAnnotations,
        inspected: InspectorModel,
        report: Callable[[BaseException], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._inspected = inspected
        self.acquisition = Lookup[int, Sequence[FactGroup]](reader.acquisition, report, self)
        self.originals = Lookup[int, OriginalMetadata](reader.original_metadata, report, self)
        self.inherited = Lookup[Ref, Sequence[Annotation]](reader.inherited, report, self)
        self.fileset = Lookup[int, FilesetInfo](reader.fileset, report, self)
        self.uses = Lookup[int, Mapping[str, int]](reader.uses, report, self)
        self.files = Lookup[int, Sequence[Annotation]](reader.files, report, self)
        self.tag_sets = Lookup[int, Sequence[TagSet]](reader.tag_sets, report, self)
        self.channels = Lookup[tuple[Ref, ...], Sequence[ChannelNames]](reader.channel_names, report, self)
        self.web = Lookup[str, str](reader.web_address, report, self)
        for of_one in (self.acquisition, self.originals, self.inherited):
            inspected.moving.connect(of_one.pause)
        inspected.changed.connect(self._follow)

    @property
    def _at_work(self) -> tuple[Tasked, ...]:
        return self._all

    def clear(self) -> None:
        """Forget all: another account comes."""
        for one in self._all:
            one.look_at(None)

    @property
    def _all(self) -> tuple[Lookup, ...]:  # type: ignore[type-arg]
        return (
            *(self.acquisition, self.originals, self.inherited, self.fileset),
            *(self.uses, self.files, self.tag_sets, self.channels, self.web),
        )

    def _follow(self) -> None:
        one = self._inspected.refs[0] if self._inspected.is_one and self._inspected.refs else None
        image = one.id if one is not None and one.kind == Kind.IMAGE else None
        self.acquisition.look_at(image)
        self.originals.look_at(image)
        self.inherited.look_at(one)


def rows_of(metadata: OriginalMetadata) -> list[tuple[str, str, str]]:
    """Return the rows of a table: the key, the value, and what it is about."""
    whole, series = translate("Annotations", "Whole file"), translate("Annotations", "Series")
    return [
        *((key, value, whole) for key, value in metadata.whole),
        *((key, value, series) for key, value in metadata.series),
    ]


def as_text(metadata: OriginalMetadata) -> str:
    """Return the metadata as the lines of a text file, as OMERO.web has it; line ends in a value become spaces."""
    lines = [GLOBAL, *map(_line, metadata.whole), SERIES, *map(_line, metadata.series)]
    return "\n".join(lines) + "\n"


def fileset_rows(found: FilesetInfo) -> list[tuple[str, str]]:
    """Return the rows of a table of files: where each is on the server, and what it was imported from."""
    clients = (*found.client_paths, *("" for _ in found.server_paths))
    return list(zip(found.server_paths, clients, strict=False))


def _line(pair: tuple[str, str]) -> str:
    return "=".join(" ".join(text.splitlines()) for text in pair)
