"""The thumbnails of the images in sight: fetched in batches, latest request first, and cached in memory and on disk."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal
from typing_extensions import override

from omero_desk.entities.connection_states import State
from omero_desk.entities.errors import BusyError, FailedError, GatewayError
from omero_desk.entities.sentences import mark
from omero_desk.entities.thumbnails import ImageSize, Kept, ThumbnailSource
from omero_desk.models.labels import plain
from omero_desk.models.messages import describe
from omero_desk.models.tasks import TaskOwner, Tasks
from omero_desk.models.translation import plural, say

BATCH: Final = 60
"""Thumbnails in a request: about as many as a screen shows."""
MEMORY: Final = 64 * 2**20
"""Bytes of pictures that are kept in memory."""
MOST_KNOWN: Final = 50_000
"""Images of which anything is remembered: reasons and sources take memory too."""
SIZES: Final = (96, 192, 384)
"""Longest sides, in pixels of the screen, of requested thumbnails; a view scales the next larger one down.

OMERO's importer has thumbnails of the first size made (DEFAULT_INSIGHT_THUMBNAIL_LONGEST_SIDE of its
OMEROMetadataStoreClient), so that a server has them at hand.
"""
NO_PIXELS: Final = mark("Gallery", "This image has no pixels.")
NOT_THERE: Final = mark("Gallery", "This image is not there any more, or you may not see it.")
NO_PICTURE: Final = mark("Gallery", "The server cannot make a thumbnail of this image.")
_REST_S: Final = 0.05
"""Seconds that the same images must be in sight before the server is asked whether cached pictures are up to date."""
_READ: Final = "read"
_EXPLAIN: Final = "explain"


def size_for(side: float) -> int:
    """Return the size to request for a thumbnail whose longest side is `side` pixels of the screen."""
    return next((size for size in SIZES if size >= side), SIZES[-1])


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A JPEG picture, or the sentence why there is none.

    `state` is the `ThumbnailSource.state` that the picture shows. `passing`: the reason may be gone when the connection
    is back.
    """

    picture: bytes = b""
    state: str = ""
    reason: str = ""
    passing: bool = False


class ReadsThumbnails(Protocol):
    """Reads thumbnails off the GUI's thread; each method raises GatewayError."""

    async def sources(self, image_ids: Sequence[int]) -> dict[int, ThumbnailSource]:
        """Return the sources of thumbnails by the images' ids."""

    async def pictures(self, pixels_ids: Sequence[int], longest_side: int) -> dict[int, bytes]:
        """Return the server's pictures by the pixels' ids, without those that it cannot make."""

    async def picture(self, pixels_id: int, longest_side: int) -> bytes:
        """Return one picture, or raise why the server cannot make it."""

    async def find(self, image_ids: Sequence[int], size: int) -> Mapping[int, Kept]:
        """Return the pictures cached on disk for this user, by the images' ids."""

    async def keep(self, size: int, pictures: Mapping[int, Kept]) -> None:
        """Cache pictures on disk, by the images' ids."""


class ThumbnailsModel(TaskOwner, QObject):
    """Thumbnails by image id and size.

    `arrived` carries the set of ids of images of which something new is known; `forgotten`: views should ask again. A
    picture that is cached on disk shows at once; when it was drawn, the server is asked whether it is up to date.
    """

    arrived = Signal(set)
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
        """Return what is known of a thumbnail, None while nothing is."""
        found = self._known.get((image_id, size))
        if found is not None:
            self._known.move_to_end((image_id, size))
        return found

    def source(self, image_id: int) -> ThumbnailSource | None:
        """Return the source of a thumbnail, None while it is not known."""
        return self._sources.get(image_id)

    def picture(self, image_id: int) -> bytes:
        """Return the largest picture of an image that is in memory, b"" for none."""
        known = (self._known.get((image_id, size)) for size in reversed(SIZES))
        return next((one.picture for one in known if one is not None and one.picture), b"")

    def size(self, image_id: int) -> ImageSize | None:
        """Return the size of an image, None while it is not known."""
        source = self.source(image_id)
        return None if source is None else source.size

    def pixels_of(self, image_id: int) -> int | None:
        """Return the id of an image's pixels, None while it is not known."""
        source = self.source(image_id)
        return None if source is None else source.pixels_id

    def remark(self, image_id: int) -> str:
        """Return what is wrong with a file or why a thumbnail is missing, and whether the fileset has other images."""
        source = self._sources.get(image_id)
        together = source.together if source is not None else 0
        one_of = plural("Gallery", "One of %n images of a fileset.", "One of %n image of a fileset.", together)
        company = one_of if together > 1 else ""
        note = plain(source.note) if source is not None else ""
        return " ".join(filter(None, (note or self._reason(image_id), company)))

    def explain(self, image_ids: Iterable[int]) -> None:
        """Read what `remark` says of these images, which are in sight without pictures, rather than of those before."""
        unknown = [image for image in dict.fromkeys(image_ids) if image not in self._sources]
        if unknown:
            self._tasks.start(_EXPLAIN, self._explain(unknown))

    def want(self, image_ids: Iterable[int], size: int) -> None:
        """Fetch the thumbnails of these images, which are in sight, rather than those wanted before."""
        self._size = size
        self._turned.set()
        ids = list(dict.fromkeys(image_ids))
        self._in_sight = frozenset(ids)
        self._wanted = [image for image in ids if not self._is_settled(image)]
        self._riddles = [one for one in self._riddles if one.image_id in self._in_sight]
        if self._wanted and _READ not in self._tasks:
            self._tasks.start(_READ, self._read())

    def forget(self, image_ids: Iterable[int] | None = None) -> None:
        """Ask again for all images, or for those whose settings have changed; the old pictures show until then."""
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
        """Forget everything, as another user signed in."""
        self.cancel_all()
        self._known.clear()
        self._sources.clear()
        self.memory_used = 0
        self.forgotten.emit()

    def follow(self, state: State) -> None:
        """Follow the state of the connection: ask again for what failed without it when it is back."""
        passing = {image for (image, _), thumbnail in self._known.items() if thumbnail.passing}
        if state is State.ONLINE and passing:
            self.forget(passing)

    @override
    def cancel_all(self) -> None:
        self._wanted, self._riddles = [], []
        super().cancel_all()

    def _is_settled(self, image: int) -> bool:
        """Return whether there is nothing to ask: the picture shows the current settings, or the reason will stay."""
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
        """Show what is cached on disk, read the sources, and request what is missing and still in sight."""
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

    async def _explain(self, unknown: Sequence[int]) -> None:
        for start in range(0, len(unknown), BATCH):
            batch = unknown[start : start + BATCH]
            try:
                await self._find_sources(batch)
            except GatewayError:
                return  # there are no remarks until other images come into sight
            self.arrived.emit(set(batch))

    def _reason(self, image_id: int) -> str:
        """Return why there is no thumbnail, as far as it is known."""
        known = self._known.get((image_id, self._size))
        if known is not None:
            return known.reason
        return dict(self._hopeless([image_id])).get(image_id, "") if image_id in self._sources else ""

    async def _has_turned(self) -> bool:
        """Let the screen be drawn first, and return whether other images are wanted by then."""
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
                yield image, say(NOT_THERE)
            elif source.pixels_id is None:
                yield image, plain(source.note) or say(NO_PIXELS)

    async def _make(self, sources: Sequence[ThumbnailSource], size: int) -> None:
        """Request pictures; the reasons of those that the server does not make are asked for when all else is done."""
        if not sources:
            return
        try:
            made = await self._reader.pictures([one.pixels_id for one in sources if one.pixels_id is not None], size)
        except FailedError as error:
            if isinstance(error, BusyError):
                raise
            made = {}  # with some servers, one bad image spoils the whole request
        else:
            bad = [one.image_id for one in sources if one.pixels_id not in made]
            self._show(size, dict.fromkeys(bad, Thumbnail(reason=say(NO_PICTURE))))
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
        """Show the reason in place of missing pictures; an old picture stays."""
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
