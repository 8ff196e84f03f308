"""ThumbnailStore: small pictures of images, made now or kept. Follows OMERO's ThumbnailBean and ThumbnailCtx."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import omero
from omero.model import Pixels
from omero.rtypes import unwrap

from omero_desk.server.access.permissions import READ_ONLY
from omero_desk.server.backend import Backend
from omero_desk.server.call import Call
from omero_desk.server.errors import api_usage, server_error
from omero_desk.server.images.pixels_rows import PixelsRow
from omero_desk.server.rendering.definition_store import DefinitionStore, owner_of
from omero_desk.server.rendering.definitions import is_compatible
from omero_desk.server.rendering.drawing import begin, draw
from omero_desk.server.rendering.errors import invalid
from omero_desk.server.rendering.scaling import size_by_longest_side
from omero_desk.server.rendering.thumbnail_entry import Entry, Task, clock, side_of
from omero_desk.server.rendering.thumbnail_rows import Size, ThumbnailRows, is_outdated
from omero_desk.server.servants.base import StatefulService
from omero_desk.server.servants.exclusive import Exclusive

log = logging.getLogger(__name__)


class ThumbnailService(StatefulService, Exclusive):
    """Makes thumbnails of the image that it was set to, with the settings that were chosen.

    Pixels that are still being prepared have their stored thumbnail if there is one, else the picture of a clock. OMERO
    leaves a Thumbnail of version -1 for a clock; here nothing is left.
    """

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self._pixels: Pixels | None = None
        self._definition: omero.model.RenderingDef | None = None
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
        pixels, store = self._chosen, DefinitionStore(self.backend, call)
        found = store.definition(definition_id)
        if found is None:
            raise invalid(f"No rendering definition exists with ID = {definition_id}")
        if not is_compatible(pixels, store.pixels(found.pixels.id.val)):
            raise invalid(f"The rendering definition {definition_id} is incompatible with pixels set {pixels.id.val}")
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
        pixels = self._chosen
        if self._definition is not None:
            raise api_usage(
                "The thumbnail service only resets **empty** rendering settings. Resetting of existing settings "
                "should either be performed using the RenderingEngine or IRenderingSettings."
            )
        if self._is_closed(call, pixels):
            raise api_usage(
                f"Unable to reset rendering settings in a read-only group for Pixels set id:{pixels.id.val}"
            )
        store = DefinitionStore(self.backend, call)
        try:
            made = store.reset(None, pixels)
        except omero.ConcurrencyException:
            self._in_progress = True
            return
        store.save([made])

    # Pictures that are kept

    def getThumbnail(self, call: Call, size_x: omero.RInt, size_y: omero.RInt) -> bytes:
        """Return a thumbnail of a size."""
        return self._keep(call, (side_of(size_x, "sizeX"), side_of(size_y, "sizeY")))

    def getThumbnailWithoutDefault(self, call: Call, size_x: omero.RInt, size_y: omero.RInt) -> bytes:
        """Return a thumbnail of a size, never a picture that stands for one."""
        return self.getThumbnail(call, size_x, size_y)

    def getThumbnailByLongestSide(self, call: Call, size: omero.RInt) -> bytes:
        """Return a thumbnail with the image's proportions."""
        return self._keep(call, self._proportioned(size))

    def getThumbnailSet(
        self, call: Call, size_x: omero.RInt, size_y: omero.RInt, ids: Sequence[int]
    ) -> dict[int, bytes]:
        """Return thumbnails by the Pixels' ids; an empty one where it cannot be made."""
        size = side_of(size_x, "sizeX"), side_of(size_y, "sizeY")
        return self._set(call, ids, lambda: size)

    def getThumbnailByLongestSideSet(self, call: Call, size: omero.RInt, ids: Sequence[int]) -> dict[int, bytes]:
        """Return thumbnails with the images' proportions by the Pixels' ids; an empty one where it cannot be made."""
        side_of(size, "size")
        return self._set(call, ids, lambda: self._proportioned(size))

    def createThumbnail(self, call: Call, size_x: omero.RInt, size_y: omero.RInt) -> None:
        """Make a thumbnail of a size and keep it."""
        self.getThumbnail(call, size_x, size_y)

    def createThumbnails(self, call: Call) -> None:
        """Make all thumbnails of the image anew that are not up to date."""
        self._check_settings(call)
        known = self._known(call)
        entries = [self._entry(call, size, known) for size in known]
        self._begin(call, entries)
        self._write(call, entries)

    def createThumbnailsByLongestSideSet(self, call: Call, size: omero.RInt, ids: Sequence[int]) -> None:
        """Make thumbnails of images and keep them."""
        self.getThumbnailByLongestSideSet(call, size, ids)

    def thumbnailExists(self, call: Call, size_x: omero.RInt, size_y: omero.RInt) -> bool:
        """Tell whether a thumbnail is kept that shows the settings as they are."""
        self._check_settings(call)
        if self._in_progress:
            return False
        size = side_of(size_x, "sizeX"), side_of(size_y, "sizeY")
        known = self._known(call)
        found = known.get(size)
        if found is None or is_outdated(found, self._settings(call)):
            return False
        return self.backend.thumbnails.has(found.id.val, unwrap(found.version))

    # Pictures that are made now

    def getThumbnailDirect(self, call: Call, size_x: omero.RInt, size_y: omero.RInt) -> bytes:
        """Make a thumbnail of a size."""
        self._check_settings(call)
        return self._draw(call, (side_of(size_x, "sizeX"), side_of(size_y, "sizeY")))

    def getThumbnailByLongestSideDirect(self, call: Call, size: omero.RInt) -> bytes:
        """Make a thumbnail with the image's proportions."""
        return self._draw(call, self._proportioned(size))

    def getThumbnailForSectionDirect(self, call: Call, z: int, t: int, size_x: omero.RInt, size_y: omero.RInt) -> bytes:
        """Make a thumbnail of another plane."""
        self._check_settings(call)
        return self._draw(call, (side_of(size_x, "sizeX"), side_of(size_y, "sizeY")), z, t)

    def getThumbnailForSectionByLongestSideDirect(self, call: Call, z: int, t: int, size: omero.RInt) -> bytes:
        """Make a thumbnail of another plane, with the image's proportions."""
        return self._draw(call, self._proportioned(size), z, t)

    def _proportioned(self, size: omero.RInt) -> Size:
        pixels = self._chosen
        return size_by_longest_side(pixels.sizeX.val, pixels.sizeY.val, side_of(size, "size"))

    def _draw(self, call: Call, size: Size, z: int | None = None, t: int | None = None) -> bytes:
        self._check_settings(call)
        if self._in_progress:
            return clock(size)
        pixels = self._chosen
        try:
            with self.backend.sources.open(call, pixels.id.val) as source:
                return draw(source, pixels, self._settings(call), size, z, t)
        except omero.ConcurrencyException:
            self._in_progress = True
            return clock(size)

    def _keep(self, call: Call, size: Size) -> bytes:
        """Return the kept thumbnail; where there is none, or none that is up to date, make and keep one."""
        self._check_settings(call)
        if self._in_progress:
            return clock(size)
        entry = self._entry(call, size, self._known(call))
        self._begin(call, [entry])
        self._in_progress = entry.is_in_progress
        self._write(call, [entry])
        return entry.jpeg

    def _known(self, call: Call) -> Mapping[Size, omero.model.Thumbnail]:
        """Return the kept thumbnails of the image by their size."""
        pixels = self._chosen
        found: Mapping[Size, omero.model.Thumbnail]
        found = ThumbnailRows(self.backend, call).find([pixels], self._owner(call))[pixels.id.val]
        return found

    def _entry(
        self, call: Call, size: Size, known: Mapping[Size, omero.model.Thumbnail], *, may_make: bool = False
    ) -> Entry:
        """Return a thumbnail with the kept picture if that shows the settings; `_begin` draws another one.

        Settings are made with the picture if there are none and `may_make`.
        """
        pixels, definition, user = self._chosen, self._definition, call.caller.user_id
        row, version = known.get(size), 0
        whose = user if definition is None else owner_of(definition)
        if row is not None and whose == user != owner_of(row):
            # Somebody else's picture does not show the caller's own settings; OMERO counts from it (_createThumbnail).
            row, version = None, 1
        is_current = row is not None and definition is not None and not is_outdated(row, definition)
        kept = self.backend.thumbnails.get(row.id.val, row.version.val) if row is not None and is_current else None
        if row is None:
            task = Task.LEAVE if self._is_closed(call, pixels) else Task.MAKE
        elif is_current:
            task = Task.PUT if kept is None else Task.LEAVE
        else:
            task = Task.RENEW if owner_of(row) == user else Task.LEAVE
        refusal = self._lacks_settings(call) if definition is None and not may_make else None
        entry = Entry(pixels, size, definition, row, task, version, refusal)
        if kept is not None:
            entry.picture.set_result(kept)
        return entry

    def _begin(self, call: Call, entries: Sequence[Entry]) -> None:
        """Start to draw what is not kept, all of which is looked up at once."""
        missing = [each for each in entries if not each.picture.done()]
        found = self.backend.sources.find_all(call, [each.pixels.id.val for each in missing])
        store = DefinitionStore(self.backend, call)
        for each in missing:
            each.picture = begin(partial(self._made, store, found[each.pixels.id.val], each))

    def _made(self, store: DefinitionStore, found: PixelsRow | omero.ServerError, entry: Entry) -> bytes:
        """Draw a thumbnail, with settings that are made for it if there are none."""
        for error in (found, entry.refusal):
            if isinstance(error, omero.ServerError):
                raise error
        assert isinstance(found, PixelsRow)
        with self.backend.sources.borrow(found) as source:
            definition = entry.definition
            if definition is None:
                definition = entry.made = store.reset_by(source, None, entry.pixels)
            return draw(source, entry.pixels, definition, entry.size)

    def _write(self, call: Call, made: Sequence[Entry]) -> None:
        """Store thumbnails, all in one transaction."""
        entries = [each for each in made if not each.is_in_progress]
        rows, cache = ThumbnailRows(self.backend, call), self.backend.thumbnails
        new = [each for each in entries if each.task is Task.MAKE]
        for each, row in zip(new, rows.make([(each.pixels, each.size, each.version) for each in new]), strict=True):
            each.row = row
        rows.renew([each.row for each in entries if each.task is Task.RENEW and each.row is not None])
        for each in entries:
            if each.task is not Task.LEAVE and each.row is not None:
                cache.put(each.row.id.val, unwrap(each.row.version), each.jpeg)

    def _set(self, call: Call, ids: Sequence[int], size: Callable[[], Size]) -> dict[int, bytes]:
        store = DefinitionStore(self.backend, call)
        known = store.pixels_of(ids)
        definitions = store.find(known)
        rows = ThumbnailRows(self.backend, call).find(known, call.caller.user_id)
        entries = []
        self._in_progress = False
        for pixels in known:
            self._pixels, self._user = pixels, None
            self._definition = definitions.get(pixels.id.val)
            may_make = not self._is_closed(call, pixels)
            entries.append(self._entry(call, size(), rows[pixels.id.val], may_make=may_make))
        self._begin(call, entries)
        found = {each.pixels.id.val: self._finished(each) for each in entries}
        self._keep_made(store, entries)
        self._write(call, [each for each in entries if found[each.pixels.id.val]])
        return found

    def _finished(self, entry: Entry) -> bytes:
        """Return a picture, nothing for an error, so that other images still get theirs."""
        try:
            self._in_progress = entry.is_in_progress
            return entry.jpeg
        except omero.ServerError as error:
            log.warning("no thumbnail of pixels %d: %s", entry.pixels.id.val, error.message)
            return b""

    def _keep_made(self, store: DefinitionStore, entries: Sequence[Entry]) -> None:
        """Save the settings that were made with pictures, and take over those of the last one."""
        made = [each.made for each in entries if each.made is not None]
        if made:
            store.save(made)
            self._definition = store.retrieve(self._chosen)

    def _owner(self, call: Call) -> int:
        return call.caller.user_id if self._user is None else self._user

    def _is_closed(self, call: Call, pixels: Pixels) -> bool:
        """Tell whether the caller may see an image in a read-only group and leave nothing behind there."""
        caller = call.caller
        if caller.is_admin or owner_of(pixels) == caller.user_id:
            return False
        group = self.backend.caller(caller.user_id, pixels.details.group.id.val)
        return bool(group.group_permissions == READ_ONLY)

    @property
    def _chosen(self) -> Pixels:
        if self._pixels is None:
            raise api_usage("Thumbnail service not ready: Pixels not set.")
        return self._pixels

    def _check_settings(self, call: Call) -> None:
        _ = self._chosen
        if not self._in_progress:
            self._settings(call)

    def _settings(self, call: Call) -> omero.model.RenderingDef:
        """Return the settings to draw with; raises as OMERO does where there are none."""
        if self._definition is not None:
            return self._definition
        raise self._lacks_settings(call)

    def _lacks_settings(self, call: Call) -> omero.ServerError:
        """Return what OMERO says of an image without settings."""
        pixels = self._chosen
        pixels_id = pixels.id.val
        if self._is_closed(call, pixels):
            return server_error(
                omero.ResourceError,
                f"The owner id:{owner_of(pixels)} has not viewed the Pixels set id:{pixels_id}, "
                "rendering settings are missing.",
            )
        return server_error(
            omero.InternalException,
            f"Fatal error retrieving rendering settings or settings not loaded for Pixels set id:{pixels_id}",
        )


def _unknown(call: Call, pixels_id: int) -> omero.ResourceError:
    return server_error(
        omero.ResourceError,
        f"Error retrieving Pixels id:{pixels_id}. Pixels set does not exist or the user id:{call.caller.user_id} "
        "has insufficient permissions to retrieve it.",
    )
