"""The thumbnails of what is on the screen: fetched in batches, newest wish first, and kept in memory and on disk."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.errors import GatewayError
from omero_desk.gateway.thumbnails import ThumbnailSource
from omero_desk.models.messages import describe
from omero_desk.models.tasks import Tasks

BATCH: Final = 60
"""Thumbnails that are asked for at once: about as many as a screen shows."""
MEMORY: Final = 64 * 2**20
"""Bytes of pictures that are kept in memory."""
SIZES: Final = (96, 192, 384)
"""Longest sides, in pixels of the screen, that are asked for; the view makes what is between out of the next larger."""
_READ: Final = "read"


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A JPEG picture, or why there is none in a sentence."""

    picture: bytes = b""
    reason: str = ""


class ReadsThumbnails(Protocol):
    """Reads thumbnails off the GUI's thread; each method raises GatewayError."""

    async def sources(self, image_ids: Sequence[int]) -> dict[int, ThumbnailSource]:
        """What they are made of, by the images' ids."""

    async def pictures(self, pixels_ids: Sequence[int], longest_side: int) -> dict[int, bytes]:
        """The server's pictures, by the pixels' ids."""

    async def find(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """The pictures that are kept on disk."""

    async def keep(self, pictures: Mapping[str, bytes]) -> None:
        """Keep pictures on disk."""


class ThumbnailsModel(QObject):
    """Thumbnails by image id and size. `arrived` tells a set of ids of images whose thumbnails are here now."""

    arrived = Signal(object)

    def __init__(
        self,
        reader: ReadsThumbnails,
        report: Callable[[BaseException], object],
        memory: int = MEMORY,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._reader = reader
        self._tasks = Tasks(report)
        self._memory, self.memory_used = memory, 0
        self._known: OrderedDict[tuple[int, int], Thumbnail] = OrderedDict()
        self._sources: dict[int, ThumbnailSource | None] = {}
        self._wanted: list[int] = []
        self._size = SIZES[1]

    def get(self, image_id: int, size: int) -> Thumbnail | None:
        """What is known; None while it is not."""
        found = self._known.get((image_id, size))
        if found is not None:
            self._known.move_to_end((image_id, size))
        return found

    def source(self, image_id: int) -> ThumbnailSource | None:
        """What the thumbnail is made of, once that is known."""
        return self._sources.get(image_id)

    def want(self, image_ids: Sequence[int], size: int) -> None:
        """These are on the screen, and what was wanted before is not: it is not sent for any more."""
        self._size = size
        self._wanted = [image for image in dict.fromkeys(image_ids) if (image, size) not in self._known]
        if self._wanted and _READ not in self._tasks:
            self._tasks.start(_READ, self._read())

    def forget(self, image_ids: Sequence[int] | None = None) -> None:
        """Have thumbnails read again: all, or those of images whose settings have changed."""
        gone = None if image_ids is None else set(image_ids)
        for key in [key for key in self._known if gone is None or key[0] in gone]:
            self.memory_used -= len(self._known.pop(key).picture)
        for image in list(self._sources) if gone is None else gone:
            self._sources.pop(image, None)

    def cancel_all(self) -> None:
        """Give up what is under way."""
        self._wanted = []
        self._tasks.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()

    async def _read(self) -> None:
        await asyncio.sleep(0)  # several views may want something in one turn of the loop
        while self._wanted:
            batch, self._wanted = self._wanted[:BATCH], self._wanted[BATCH:]
            size = self._size
            try:
                found = await self._read_batch(batch, size)
            except GatewayError as error:
                found = dict.fromkeys(batch, Thumbnail(reason=describe(error).text))
            for image, thumbnail in found.items():
                self._remember((image, size), thumbnail)
            self.arrived.emit(set(found))
            self._wanted = [image for image in self._wanted if (image, self._size) not in self._known]

    async def _read_batch(self, batch: list[int], size: int) -> dict[int, Thumbnail]:
        await self._find_sources(batch)
        sources = [source for image in batch if (source := self._sources[image]) is not None]
        keys = {source.image_id: f"{source.image_id}:{source.pixels_id}:{source.settings}:{size}" for source in sources}
        kept = await self._reader.find(list(keys.values()))
        missing = [source for source in sources if keys[source.image_id] not in kept]
        made = await self._reader.pictures([one.pixels_id for one in missing], size) if missing else {}
        new = {keys[one.image_id]: made[one.pixels_id] for one in missing if one.pixels_id in made}
        if new:
            await self._reader.keep(new)
        return {image: self._thumbnail(keys.get(image), {**kept, **new}) for image in batch}

    async def _find_sources(self, batch: list[int]) -> None:
        unknown = [image for image in batch if image not in self._sources]
        if unknown:
            found = await self._reader.sources(unknown)
            self._sources.update((image, found.get(image)) for image in unknown)

    @staticmethod
    def _thumbnail(key: str | None, pictures: Mapping[str, bytes]) -> Thumbnail:
        if key is None:
            return Thumbnail(reason="This image has no pixels.")
        picture = pictures.get(key)
        return Thumbnail(picture) if picture else Thumbnail(reason="The server has no thumbnail of this image.")

    def _remember(self, key: tuple[int, int], thumbnail: Thumbnail) -> None:
        old = self._known.pop(key, None)
        self.memory_used += len(thumbnail.picture) - (len(old.picture) if old is not None else 0)
        self._known[key] = thumbnail
        while self.memory_used > self._memory and len(self._known) > 1:
            _, gone = self._known.popitem(last=False)
            self.memory_used -= len(gone.picture)
