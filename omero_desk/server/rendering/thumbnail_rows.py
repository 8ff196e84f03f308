"""Thumbnail objects: a user's pictures of images, by their sizes. Follows OMERO's ThumbnailCtx."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import omero
import omero.model
import sqlalchemy as sa
from omero.rtypes import rint, rstring, unwrap

from omero_desk.server.rendering.definition_store import DefinitionStore, owner_of
from omero_desk.server.saving.events import EventWriter
from omero_desk.server.saving.save import save_graph

if TYPE_CHECKING:
    from omero_desk.server.backend import Backend
    from omero_desk.server.call import Call

Size = tuple[int, int]

_QUERY: Final = (
    "select t from Thumbnail as t join fetch t.pixels as p join fetch t.details.updateEvent where p.id in (:ids) "
    "and t.details.owner.id in (:owners) order by t.id desc"
)
_MEDIA_TYPE: Final = "image/jpeg"


class ThumbnailRows:
    """The Thumbnail objects that the caller may see, and new ones."""

    def __init__(self, backend: Backend, call: Call) -> None:
        self._backend = backend
        self._call = call
        self._store = DefinitionStore(backend, call)

    def find(self, pixels: Sequence[omero.model.Pixels], user_id: int) -> dict[int, dict[Size, omero.model.Thumbnail]]:
        """Return thumbnails by the Pixels' ids and by size: a user's, else those of the image's owner."""
        found: dict[int, dict[Size, omero.model.Thumbnail]] = {each.id.val: {} for each in pixels}
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

    def make(self, wanted: Sequence[tuple[omero.model.Pixels, Size, int]]) -> list[omero.model.Thumbnail | None]:
        """Return new thumbnails of the caller's, of images, in sizes and with versions.

        None stands for one that the caller may not make.
        """
        made = [_new(pixels, size) for pixels, size, _ in wanted]
        versions = [version for _, _, version in wanted]
        if not made or self._save(made, versions):
            return [*made]
        alone = [_new(pixels, size) for pixels, size, _ in wanted]
        return [each if self._save([each], [version]) else None for each, version in zip(alone, versions, strict=True)]

    def renew(self, thumbnails: Sequence[omero.model.Thumbnail]) -> None:
        """Count up the versions of thumbnails whose settings changed."""
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
            each.version = rint(unwrap(each.version) + 1)

    def _save(self, made: Sequence[omero.model.Thumbnail], versions: Sequence[int]) -> bool:
        backend = self._backend
        try:
            with backend.write() as connection:
                for each, version in zip(made, versions, strict=True):
                    each.version = rint(version)
                save_graph(backend.store.schema, connection, self._call.caller, made, anywhere=True)
        except omero.SecurityViolation:
            return False
        return True


def _new(pixels: omero.model.Pixels, size: Size) -> omero.model.Thumbnail:
    made = omero.model.ThumbnailI()
    made.pixels = omero.model.PixelsI(pixels.id.val, False)
    made.mimeType = rstring(_MEDIA_TYPE)
    made.sizeX, made.sizeY = rint(size[0]), rint(size[1])
    return made


def is_outdated(thumbnail: omero.model.Thumbnail, definition: omero.model.RenderingDef) -> bool:
    """Tell whether settings were saved after a thumbnail was made."""
    return bool(_updated(definition) > _updated(thumbnail))


def _updated(thing: omero.model.IObject) -> tuple[int, int]:
    event = thing.details.updateEvent
    return event.time.val, event.id.val
