"""Thumbnail objects: a user's pictures of images, by their sizes. Follows OMERO's ThumbnailCtx."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import omero
import omero.model
import sqlalchemy as sa
from omero.rtypes import rint, rstring

from omero_desk.server.rendering.definition_store import DefinitionStore, owner_of
from omero_desk.server.saving.events import EventWriter
from omero_desk.server.saving.save import save_graph

if TYPE_CHECKING:
    from omero_desk.server.backend import Backend
    from omero_desk.server.wire.calls import Call

Size = tuple[int, int]

_QUERY: Final = (
    "select t from Thumbnail as t join fetch t.pixels as p join fetch t.details.updateEvent where p.id in (:ids) "
    "and t.details.owner.id in (:owners) order by t.id desc"
)
_MEDIA_TYPE: Final = "image/jpeg"


class ThumbnailRows:
    """The Thumbnail objects that the maker of a call may see, and makes."""

    def __init__(self, backend: Backend, call: Call) -> None:
        self._backend = backend
        self._call = call
        self._store = DefinitionStore(backend, call)

    def find(self, pixels: Sequence[Any], user_id: int) -> dict[int, dict[Size, Any]]:
        """Return thumbnails by the Pixels' ids and by size: a user's, else those of the image's owner."""
        found: dict[int, dict[Size, Any]] = {each.id.val: {} for each in pixels}
        if not pixels:
            return found
        owners = {each.id.val: owner_of(each) for each in pixels}
        either = sorted({user_id, *(owner for owner in owners.values() if owner is not None)})
        for each in self._store.query(_QUERY, ids=list(found), owners=either):
            whose, pixels_id = owner_of(each), each.pixels.id.val
            known, size = found[pixels_id], (each.sizeX.val, each.sizeY.val)
            if whose == user_id or (whose == owners[pixels_id] and size not in known):
                known[size] = each
        return found

    def make(self, wanted: Sequence[tuple[Any, Size]]) -> list[Any]:
        """Return new thumbnails of the caller's, of images and in sizes; None for one that the caller may not make."""
        made = [_new(pixels, size) for pixels, size in wanted]
        if made and not self._save(made):
            made = [each if self._save([each]) else None for each in (_new(*one) for one in wanted)]
        return made

    def renew(self, thumbnails: Sequence[Any]) -> None:
        """Count versions up, for the settings changed."""
        if not thumbnails:
            return
        schema = self._backend.store.schema
        table = schema.table("Thumbnail")
        with self._backend.write() as connection:
            events = EventWriter(schema, connection, self._call.caller)
            values = {"version": table.c.version + 1, "update_id": events.event_id}
            ids = [each.id.val for each in thumbnails]
            connection.execute(sa.update(table).where(table.c.id.in_(ids)).values(values))
        for each in thumbnails:
            each.version = rint(each.version.val + 1)

    def _save(self, made: list[Any]) -> bool:
        backend = self._backend
        try:
            with backend.write() as connection:
                save_graph(backend.store.schema, connection, self._call.caller, made)
        except omero.SecurityViolation:
            return False
        return True


def _new(pixels: Any, size: Size) -> Any:
    made = omero.model.ThumbnailI()
    made.pixels = omero.model.PixelsI(pixels.id.val, False)
    made.mimeType = rstring(_MEDIA_TYPE)
    made.sizeX, made.sizeY = rint(size[0]), rint(size[1])
    return made


def is_outdated(thumbnail: Any, definition: Any) -> bool:
    """Tell whether settings were saved after a thumbnail was made."""
    return bool(_updated(definition) > _updated(thumbnail))


def _updated(thing: Any) -> Any:
    event = thing.details.updateEvent
    return event.time.val, event.id.val
