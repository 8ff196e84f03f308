"""The thumbnails of what is on the screen: fetched in batches, newest wish first, and kept in memory and on disk."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal

from omero_desk.gateway.errors import BusyError, FailedError, GatewayError
from omero_desk.gateway.service import State
from omero_desk.gateway.thumbnails import ThumbnailSource
from omero_desk.models.messages import describe
from omero_desk.models.tasks import Tasks

BATCH: Final = 60
"""Thumbnails that are asked for at once: about as many as a screen shows."""
MEMORY: Final = 64 * 2**20
"""Bytes of pictures that are kept in memory."""
MOST_KNOWN: Final = 50_000
"""Images of which anything is remembered: reasons and sources take memory too."""
SIZES: Final = (96, 192, 384)
"""Longest sides, in pixels of the screen, that are asked for; the view makes what is between out of the next larger.

OMERO's importer has thumbnails of the first size made (DEFAULT_INSIGHT_THUMBNAIL_LONGEST_SIDE of its
OMEROMetadataStoreClient), so that a server has them at hand.
"""
NO_PIXELS: Final = "This image has no pixels."
NOT_THERE: Final = "This image is not there any more, or you may not see it."
NO_PICTURE: Final = "The server cannot make a thumbnail of this image."
_REST_S: Final = 0.05
"""So long the same has to be in sight before the server is asked whether the pictures that are here still hold."""
_READ: Final = "read"


def size_for(side: float) -> int:
    """The size to ask for where a thumbnail's longest side on the screen is `side` of its pixels."""
    return next((size for size in SIZES if size >= side), SIZES[-1])


@dataclass(frozen=True, slots=True)
class Kept:
    """A JPEG picture on disk, and the `ThumbnailSource.state` that it shows."""

    state: str
    picture: bytes


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A JPEG picture, or why there is none in a sentence.

    `state` is the `ThumbnailSource.state` that the picture shows. `passing`: what was in the way may be gone when the
    line is back.
    """

    picture: bytes = b""
    state: str = ""
    reason: str = ""
    passing: bool = False


class ReadsThumbnails(Protocol):
    """Reads thumbnails off the GUI's thread; each method raises GatewayError."""

    async def sources(self, image_ids: Sequence[int]) -> dict[int, ThumbnailSource]:
        """What they are made of, by the images' ids."""

    async def pictures(self, pixels_ids: Sequence[int], longest_side: int) -> dict[int, bytes]:
        """The server's pictures, by the pixels' ids; those that it cannot make are left out."""

    async def picture(self, pixels_id: int, longest_side: int) -> bytes:
        """One picture, or the error that is in its way."""

    async def find(self, image_ids: Sequence[int], size: int) -> Mapping[int, Kept]:
        """The pictures that are kept on disk for this user, by the images' ids."""

    async def keep(self, size: int, pictures: Mapping[int, Kept]) -> None:
        """Keep pictures on disk, by the images' ids."""


class ThumbnailsModel(QObject):
    """Thumbnails by image id and size.

    `arrived` tells a set of ids of images of which something new is known, `forgotten` that something is to be asked
    for again. A picture that is kept on disk shows at once; when it was drawn, the server is asked whether it still
    holds.
    """

    arrived = Signal(object)
    forgotten = Signal()

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
        self._sources: OrderedDict[int, ThumbnailSource | None] = OrderedDict()
        self._in_sight: frozenset[int] = frozenset()
        self._wanted: list[int] = []
        self._riddles: list[ThumbnailSource] = []
        self._turned = asyncio.Event()
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

    def remark(self, image_id: int) -> str:
        """What there is to say of a thumbnail in words: why it is missing, and that the image has company."""
        known, source = self._known.get((image_id, self._size)), self._sources.get(image_id)
        together = source.together if source is not None else 0
        company = f"One of {together:,} images of a fileset." if together > 1 else ""
        return " ".join(filter(None, (known.reason if known is not None else "", company)))

    def want(self, image_ids: Iterable[int], size: int) -> None:
        """These are on the screen, and what was wanted before is not: it is not sent for any more."""
        self._size = size
        self._turned.set()
        ids = list(dict.fromkeys(image_ids))
        self._in_sight = frozenset(ids)
        self._wanted = [image for image in ids if not self._is_settled(image)]
        self._riddles = [one for one in self._riddles if one.image_id in self._in_sight]
        if self._wanted and _READ not in self._tasks:
            self._tasks.start(_READ, self._read())

    def forget(self, image_ids: Iterable[int] | None = None) -> None:
        """Ask again, for all or for images whose settings have changed; the old pictures show until then."""
        again = None if image_ids is None else set(image_ids)
        for image in list(self._sources) if again is None else again:
            self._sources.pop(image, None)
        for key, thumbnail in list(self._known.items()):
            if (again is None or key[0] in again) and not thumbnail.picture:
                del self._known[key]
            elif again is None or key[0] in again:
                self._known[key] = replace(thumbnail, passing=False)
        self.forgotten.emit()

    def reset(self) -> None:
        """Another user is there: nothing of what is known is for them."""
        self.cancel_all()
        self._known.clear()
        self._sources.clear()
        self.memory_used = 0
        self.forgotten.emit()

    def follow(self, state: State) -> None:
        """Take note of how the line is: what it was in the way of is asked again when it is back."""
        passing = {image for (image, _), thumbnail in self._known.items() if thumbnail.passing}
        if state is State.ONLINE and passing:
            self.forget(passing)

    def cancel_all(self) -> None:
        """Give up what is under way."""
        self._wanted, self._riddles = [], []
        self._tasks.cancel_all()

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        await self._tasks.finished()

    def _is_settled(self, image: int) -> bool:
        """Whether there is nothing to ask: the picture shows the settings as they are, or there is a reason."""
        known, source = self._known.get((image, self._size)), self._sources.get(image)
        if known is None or known.passing or known.reason:
            return known is not None
        return source is not None and known.state == source.state

    async def _read(self) -> None:
        await asyncio.sleep(0)  # several views may want something in one turn of the loop
        while self._wanted or self._riddles:
            size = self._size
            if self._wanted:
                batch, self._wanted = self._wanted[:BATCH], self._wanted[BATCH:]
                work = self._read_batch(batch, size)
            else:
                riddle = self._riddles.pop(0)
                batch, work = [riddle.image_id], self._solve(riddle, size)
            try:
                await work
            except GatewayError as error:
                self._fail(batch, size, error)
            self._wanted = [image for image in self._wanted if not self._is_settled(image)]

    async def _read_batch(self, batch: Sequence[int], size: int) -> None:
        """Show what is on disk, ask what it has to show, and have made what is missing and still in sight."""
        self._turned.clear()
        unseen = [image for image in (*batch, *self._wanted) if (image, size) not in self._known]
        kept = await self._reader.find(unseen, size) if unseen else {}
        self._show(size, {image: Thumbnail(one.picture, one.state) for image, one in kept.items()})
        if all((image, size) in self._known for image in batch) and await self._has_turned():
            return
        await self._find_sources(batch)
        self._show(size, {image: Thumbnail(reason=reason) for image, reason in self._hopeless(batch)})
        sources = [source for image in batch if (source := self._sources.get(image)) is not None]
        await self._make([one for one in sources if self._is_due(one, size)], size)

    async def _has_turned(self) -> bool:
        """Let the screen be drawn, for there is no hurry; whether something else is wanted by then."""
        with contextlib.suppress(asyncio.TimeoutError):
            return await asyncio.wait_for(self._turned.wait(), _REST_S)
        return False

    def _is_due(self, source: ThumbnailSource, size: int) -> bool:
        known = self._known.get((source.image_id, size))
        outdated = known is None or (known.state != source.state and not known.reason)
        return outdated and source.image_id in self._in_sight

    async def _find_sources(self, batch: Sequence[int]) -> None:
        unknown = [image for image in batch if image not in self._sources]
        if unknown:
            found = await self._reader.sources(unknown)
            self._sources.update((image, found.get(image)) for image in unknown)
            company = {image for image, source in found.items() if source.together > 1}
            if company:
                self.arrived.emit(company)

    def _hopeless(self, batch: Sequence[int]) -> Iterable[tuple[int, str]]:
        for image in batch:
            source = self._sources.get(image)
            if source is None:
                yield image, NOT_THERE
            elif source.pixels_id is None:
                yield image, NO_PIXELS

    async def _make(self, sources: Sequence[ThumbnailSource], size: int) -> None:
        """Have the server make pictures; why it does not make some of them is asked when all else is done."""
        if not sources:
            return
        try:
            made = await self._reader.pictures([one.pixels_id for one in sources if one.pixels_id is not None], size)
        except FailedError as error:
            if isinstance(error, BusyError):
                raise
            made = {}  # one that is bad spoils all of them with some servers
        else:
            bad = [one.image_id for one in sources if one.pixels_id not in made]
            self._show(size, dict.fromkeys(bad, Thumbnail(reason=NO_PICTURE)))
        pictures = {one: made[one.pixels_id] for one in sources if one.pixels_id in made}
        self._riddles += [one for one in sources if one not in pictures]
        await self._take(size, pictures)

    async def _solve(self, riddle: ThumbnailSource, size: int) -> None:
        if riddle.image_id in self._in_sight:
            picture = await self._reader.picture(riddle.pixels_id or 0, size)
            await self._take(size, {riddle: picture})

    async def _take(self, size: int, pictures: Mapping[ThumbnailSource, bytes]) -> None:
        self._show(size, {one.image_id: Thumbnail(picture, one.state) for one, picture in pictures.items()})
        if pictures:
            kept = {one.image_id: Kept(one.state, picture) for one, picture in pictures.items()}
            await self._reader.keep(size, kept)

    def _fail(self, batch: Sequence[int], size: int, error: GatewayError) -> None:
        """Say why on what has no picture; what has an old one keeps it."""
        passing = isinstance(error, BusyError) or not isinstance(error, FailedError)
        why = Thumbnail(reason=describe(error).text, passing=passing)
        olds = {image: self._known.get((image, size)) for image in batch}
        self._show(
            size, {image: replace(old, passing=True) if old and old.picture else why for image, old in olds.items()}
        )

    def _show(self, size: int, thumbnails: Mapping[int, Thumbnail]) -> None:
        if thumbnails:
            for image, thumbnail in thumbnails.items():
                self._remember((image, size), thumbnail)
            self.arrived.emit(set(thumbnails))

    def _remember(self, key: tuple[int, int], thumbnail: Thumbnail) -> None:
        old = self._known.pop(key, None)
        self.memory_used += len(thumbnail.picture) - (len(old.picture) if old is not None else 0)
        self._known[key] = thumbnail
        while (self.memory_used > self._memory or len(self._known) > MOST_KNOWN) and len(self._known) > 1:
            _, gone = self._known.popitem(last=False)
            self.memory_used -= len(gone.picture)
        while len(self._sources) > MOST_KNOWN:
            self._sources.popitem(last=False)
