"""ThumbnailStore: small pictures of images, made now or kept. Follows OMERO's ThumbnailBean and ThumbnailCtx."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

import omero

from omero_desk.server.access.permissions import READ_ONLY
from omero_desk.server.rendering.definition_store import DefinitionStore, owner_of
from omero_desk.server.rendering.definitions import is_compatible
from omero_desk.server.rendering.drawing import begin_to_draw, draw
from omero_desk.server.rendering.errors import invalid
from omero_desk.server.rendering.scaling import size_by_longest_side
from omero_desk.server.rendering.thumbnail_entry import Entry, Task, clock, side_of
from omero_desk.server.rendering.thumbnail_rows import Size, ThumbnailRows, is_outdated
from omero_desk.server.servants.base import StatefulService
from omero_desk.server.servants.exclusive import Exclusive
from omero_desk.server.wire.calls import Call
from omero_desk.server.wire.exceptions import api_usage, server_error

log = logging.getLogger(__name__)


class ThumbnailService(StatefulService, Exclusive):
    """Has the image that it was last set to, and the settings to show it with.

    Pixels that are still being prepared have a thumbnail if one was kept before, else the picture of a clock. OMERO
    leaves a Thumbnail of version -1 for a clock; here nothing is left.
    """

    def __init__(self, backend: Any) -> None:
        super().__init__(backend)
        self._pixels: Any = None
        self._definition: Any = None
        self._in_progress = False
        self._user: int | None = None  # whose thumbnails are looked for, if not the caller's

    def setPixelsId(self, call: Call, pixels_id: int) -> bool:
        """Take an image; tell whether there are settings for it, the caller's or its owner's."""
        store = DefinitionStore(self.backend, call)
        if self._pixels is None or self._pixels.id.val != pixels_id:
            self._in_progress = False  # else it stays, as in OMERO
        self._pixels, self._definition, self._user = store.pixels(pixels_id), None, None
        if self._pixels is None:
            raise _unknown(call, pixels_id)
        self._definition = store.retrieve(self._pixels)
        return self._definition is not None

    def setRenderingDefId(self, call: Call, definition_id: int) -> None:
        """Take settings by their id, and with them the thumbnails of their owner."""
        self._check_pixels()
        store = DefinitionStore(self.backend, call)
        found = store.definition(definition_id)
        if found is None:
            raise invalid(f"No rendering definition exists with ID = {definition_id}")
        if not is_compatible(self._pixels, store.pixels(found.pixels.id.val)):
            raise invalid(
                f"The rendering definition {definition_id} is incompatible with pixels set {self._pixels.id.val}"
            )
        self._definition, self._user = found, owner_of(found)

    def getRenderingDefId(self, call: Call) -> int:
        """Return the id of the settings."""
        if self._definition is None:
            raise api_usage("No rendering def")
        return int(self._definition.id.val)

    def isInProgress(self, call: Call) -> bool:
        """Tell whether the picture that was asked for last is a clock."""
        return self._in_progress

    def resetDefaults(self, call: Call) -> None:
        """Make settings for an image that has none; the client then sets the image again."""
        self._check_pixels()
        if self._definition is not None:
            raise api_usage(
                "The thumbnail service only resets **empty** rendering settings. Resetting of existing settings "
                "should either be performed using the RenderingEngine or IRenderingSettings."
            )
        if self._is_closed(call, self._pixels):
            raise api_usage(
                f"Unable to reset rendering settings in a read-only group for Pixels set id:{self._pixels.id.val}"
            )
        if self._preparing(call) is not None:
            self._in_progress = True
            return
        store = DefinitionStore(self.backend, call)
        store.save([store.reset(None, self._pixels)])

    # Pictures that are kept

    def getThumbnail(self, call: Call, size_x: Any, size_y: Any) -> bytes:
        """Return a thumbnail of a size."""
        return self._keep(call, (side_of(size_x, "sizeX"), side_of(size_y, "sizeY")))

    def getThumbnailWithoutDefault(self, call: Call, size_x: Any, size_y: Any) -> bytes:
        """Return a thumbnail of a size, never a picture that stands for one."""
        return self.getThumbnail(call, size_x, size_y)

    def getThumbnailByLongestSide(self, call: Call, size: Any) -> bytes:
        """Return a thumbnail with the image's proportions."""
        return self._keep(call, self._proportioned(size))

    def getThumbnailSet(self, call: Call, size_x: Any, size_y: Any, ids: Sequence[int]) -> dict[int, bytes]:
        """Return thumbnails by the Pixels' ids; an empty one where it cannot be made."""
        size = side_of(size_x, "sizeX"), side_of(size_y, "sizeY")
        return self._set(call, ids, lambda: size)

    def getThumbnailByLongestSideSet(self, call: Call, size: Any, ids: Sequence[int]) -> dict[int, bytes]:
        """Return thumbnails with the images' proportions by the Pixels' ids; an empty one where it cannot be made."""
        side_of(size, "size")
        return self._set(call, ids, lambda: self._proportioned(size))

    def createThumbnail(self, call: Call, size_x: Any, size_y: Any) -> None:
        """Make a thumbnail of a size and keep it."""
        self.getThumbnail(call, size_x, size_y)

    def createThumbnails(self, call: Call) -> None:
        """Make all thumbnails of the image anew that are not up to date."""
        self._check_settings(call)
        known = ThumbnailRows(self.backend, call).find([self._pixels], self._owner(call))[self._pixels.id.val]
        self._write(call, [self._entry(call, size, known) for size in known])

    def createThumbnailsByLongestSideSet(self, call: Call, size: Any, ids: Sequence[int]) -> None:
        """Make thumbnails of images and keep them."""
        self.getThumbnailByLongestSideSet(call, size, ids)

    def thumbnailExists(self, call: Call, size_x: Any, size_y: Any) -> bool:
        """Tell whether a thumbnail is kept that shows the settings as they are."""
        self._check_settings(call)
        if self._in_progress:
            return False
        size = side_of(size_x, "sizeX"), side_of(size_y, "sizeY")
        known = ThumbnailRows(self.backend, call).find([self._pixels], self._owner(call))[self._pixels.id.val]
        found = known.get(size)
        if found is None or is_outdated(found, self._definition):
            return False
        return self.backend.thumbnails.has(found.id.val, found.version.val)

    # Pictures that are made now

    def getThumbnailDirect(self, call: Call, size_x: Any, size_y: Any) -> bytes:
        """Make a thumbnail of a size."""
        self._check_settings(call)
        return self._draw(call, (side_of(size_x, "sizeX"), side_of(size_y, "sizeY")))

    def getThumbnailByLongestSideDirect(self, call: Call, size: Any) -> bytes:
        """Make a thumbnail with the image's proportions."""
        return self._draw(call, self._proportioned(size))

    def getThumbnailForSectionDirect(self, call: Call, z: int, t: int, size_x: Any, size_y: Any) -> bytes:
        """Make a thumbnail of another plane."""
        self._check_settings(call)
        return self._draw(call, (side_of(size_x, "sizeX"), side_of(size_y, "sizeY")), z, t)

    def getThumbnailForSectionByLongestSideDirect(self, call: Call, z: int, t: int, size: Any) -> bytes:
        """Make a thumbnail of another plane, with the image's proportions."""
        return self._draw(call, self._proportioned(size), z, t)

    def _proportioned(self, size: Any) -> Size:
        self._check_pixels()
        return size_by_longest_side(self._pixels.sizeX.val, self._pixels.sizeY.val, side_of(size, "size"))

    def _draw(self, call: Call, size: Size, z: int | None = None, t: int | None = None) -> bytes:
        self._check_settings(call)
        if self._in_progress:
            return clock(size)
        try:
            return draw(self.backend.sources, call, self._pixels, self._definition, size, z, t)
        except omero.ConcurrencyException:
            self._in_progress = True
            return clock(size)

    def _keep(self, call: Call, size: Size) -> bytes:
        """Return the kept thumbnail; where there is none, or none that is up to date, make and keep one."""
        self._check_settings(call)
        if self._in_progress:
            return clock(size)
        found = ThumbnailRows(self.backend, call).find([self._pixels], self._owner(call))[self._pixels.id.val]
        entry = self._entry(call, size, found)
        self._in_progress = entry.is_in_progress
        self._write(call, [entry])
        return entry.jpeg

    def _entry(self, call: Call, size: Size, known: Mapping[Size, Any]) -> Entry:
        if self._definition is None and (waiting := self._preparing(call)) is not None:
            return Entry(self._pixels, size, waiting, None, Task.LEAVE)
        self._check_settings(call)
        row: Any = known.get(size)
        is_current = row is not None and not is_outdated(row, self._definition)
        kept = self.backend.thumbnails.get(row.id.val, row.version.val) if is_current else None
        picture: Future[bytes] = Future()
        if kept is None:
            picture = begin_to_draw(self.backend.sources, call, self._pixels, self._definition, size)
        else:
            picture.set_result(kept)
        if row is None:
            task = Task.LEAVE if self._is_closed(call, self._pixels) else Task.MAKE
        elif is_current:
            task = Task.PUT if kept is None else Task.LEAVE
        else:
            task = Task.RENEW if owner_of(row) == call.caller.user_id else Task.LEAVE
        return Entry(self._pixels, size, picture, row, task)

    def _preparing(self, call: Call) -> Future[bytes] | None:
        """Return what comes of drawing pixels without settings if they are still being prepared."""
        try:
            self.backend.sources.find(call, self._pixels.id.val)
        except omero.ConcurrencyException as error:
            picture: Future[bytes] = Future()
            picture.set_exception(error)
            return picture
        return None

    def _write(self, call: Call, made: Sequence[Entry]) -> None:
        """Keep thumbnails, all of them in one change of the library."""
        entries = [each for each in made if not each.is_in_progress]
        rows, cache = ThumbnailRows(self.backend, call), self.backend.thumbnails
        new = [each for each in entries if each.task is Task.MAKE]
        for each, row in zip(new, rows.make([(each.pixels, each.size) for each in new]), strict=True):
            each.row = row
        rows.renew([each.row for each in entries if each.task is Task.RENEW])
        for each in entries:
            if each.task is not Task.LEAVE and each.row is not None:
                cache.put(each.row.id.val, each.row.version.val, each.jpeg)

    def _set(self, call: Call, ids: Sequence[int], size: Callable[[], Size]) -> dict[int, bytes]:
        store = DefinitionStore(self.backend, call)
        known = store.pixels_of(ids)
        definitions = store.find_or_make(known, lambda pixels: not self._is_closed(call, pixels))
        rows = ThumbnailRows(self.backend, call).find(known, call.caller.user_id)
        entries = []
        self._in_progress = False
        for pixels in known:
            self._pixels, self._user = pixels, None
            self._definition = definitions.get(pixels.id.val)
            with _excused(pixels):
                entries.append(self._entry(call, size(), rows[pixels.id.val]))
        found = {pixels.id.val: b"" for pixels in known}
        for each in entries:
            self._in_progress = each.is_in_progress
            with _excused(each.pixels):
                found[each.pixels.id.val] = each.jpeg
        self._write(call, [each for each in entries if found[each.pixels.id.val]])
        return found

    def _owner(self, call: Call) -> int:
        return call.caller.user_id if self._user is None else self._user

    def _is_closed(self, call: Call, pixels: Any) -> bool:
        """Tell whether the caller may see an image in a read-only group and leave nothing behind there."""
        caller = call.caller
        if caller.is_admin or owner_of(pixels) == caller.user_id:
            return False
        group = self.backend.caller(caller.user_id, pixels.details.group.id.val)
        return bool(group.group_permissions == READ_ONLY)

    def _check_pixels(self) -> None:
        if self._pixels is None:
            raise api_usage("Thumbnail service not ready: Pixels not set.")

    def _check_settings(self, call: Call) -> None:
        self._check_pixels()
        if self._definition is not None or self._in_progress:
            return
        pixels_id = self._pixels.id.val
        if self._is_closed(call, self._pixels):
            raise server_error(
                omero.ResourceError,
                f"The owner id:{owner_of(self._pixels)} has not viewed the Pixels set id:{pixels_id}, "
                "rendering settings are missing.",
            )
        raise server_error(
            omero.InternalException,
            f"Fatal error retrieving rendering settings or settings not loaded for Pixels set id:{pixels_id}",
        )


@contextmanager
def _excused(pixels: Any) -> Iterator[None]:
    """Log what keeps an image from having a picture, for others have theirs."""
    try:
        yield
    except omero.ServerError as error:
        log.warning("no thumbnail of pixels %d: %s", pixels.id.val, error.message)


def _unknown(call: Call, pixels_id: int) -> Any:
    return server_error(
        omero.ResourceError,
        f"Error retrieving Pixels id:{pixels_id}. Pixels set does not exist or the user id:{call.caller.user_id} "
        "has insufficient permissions to retrieve it.",
    )
