"""Thumbnail objects: a user's pictures of images, by their sizes. Follows OMERO's ThumbnailCtx."""

from __future__ import annotations

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
    "select t from Thumbnail as t join fetch t.pixels as p join fetch t.details.updateEvent where p.id = :id and "
)
_OF_SIZE: Final = "t.sizeX = :x and t.sizeY = :y and "
_MEDIA_TYPE: Final = "image/jpeg"


class ThumbnailRows:
    """The Thumbnail objects that the maker of a call may see, and makes."""

    def __init__(self, backend: Backend, call: Call) -> None:
        self._backend = backend
        self._call = call
        self._store = DefinitionStore(backend, call)

    def find(self, pixels: Any, user_id: int, size: Size | None = None) -> list[Any]:
        """Return a user's thumbnails of an image, those of the image's owner if there are none; of any size."""
        values = {"id": pixels.id.val}
        condition = _QUERY
        if size is not None:
            values |= {"x": size[0], "y": size[1]}
            condition += _OF_SIZE
        for owner in dict.fromkeys([user_id, owner_of(pixels)]):
            found = self._store.query(condition + "t.details.owner.id = :owner order by t.id", **values, owner=owner)
            if found:
                return found
        return []

    def make(self, pixels: Any, size: Size) -> Any:
        """Return a new thumbnail of the caller's; None in a group where the caller may make none."""
        made = omero.model.ThumbnailI()
        made.pixels = omero.model.PixelsI(pixels.id.val, False)
        made.mimeType = rstring(_MEDIA_TYPE)
        made.sizeX, made.sizeY = rint(size[0]), rint(size[1])
        backend, caller = self._backend, self._call.caller
        try:
            with backend.write() as connection:
                save_graph(backend.store.schema, connection, caller, [made])
        except omero.SecurityViolation:
            return None
        return self._store.query(
            "select t from Thumbnail t join fetch t.details.updateEvent where t.id = :id", id=made.id.val
        )[0]

    def renew(self, thumbnail: Any) -> Any:
        """Count a thumbnail's version up, for its settings changed; return it as it is now."""
        backend = self._backend
        table = backend.store.schema.table("Thumbnail")
        with backend.write() as connection:
            events = EventWriter(backend.store.schema, connection, self._call.caller)
            values = {"version": table.c.version + 1, "update_id": events.event_id}
            connection.execute(sa.update(table).where(table.c.id == thumbnail.id.val).values(values))
        thumbnail.version = rint(thumbnail.version.val + 1)
        return thumbnail


def is_outdated(thumbnail: Any, definition: Any) -> bool:
    """Tell whether settings were saved after a thumbnail was made."""
    return bool(_updated(definition) > _updated(thumbnail))


def _updated(thing: Any) -> Any:
    event = thing.details.updateEvent
    return event.time.val, event.id.val
