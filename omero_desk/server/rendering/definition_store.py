"""RenderingDefs in the library: finding the one for a caller, and saving."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import omero
import omero.model
import sqlalchemy as sa
from omero.rtypes import rint, rlist, rlong, unwrap

from omero_desk.server.access.caller import Caller, enter_group
from omero_desk.server.hql.query import run_query
from omero_desk.server.images.pixel_source import PixelSource
from omero_desk.server.rendering.definitions import (
    DEFINITION_QUERY,
    NEWEST_FIRST,
    PIXELS_QUERY,
    Choices,
    new_definition,
    reset,
)
from omero_desk.server.rendering.measure import measure
from omero_desk.server.rendering.quantum import Extremes
from omero_desk.server.saving.save import save_graph

if TYPE_CHECKING:
    from omero_desk.server.backend import Backend
    from omero_desk.server.call import Call

log = logging.getLogger(__name__)


class DefinitionStore:
    """The rendering settings and Pixels that the caller may see."""

    def __init__(self, backend: Backend, call: Call) -> None:
        self._backend = backend
        self._call = call

    def query(self, hql: str, **values: int | Sequence[int]) -> list[Any]:
        """Return the objects that a query finds; values are whole numbers or lists of them."""
        parameters = omero.sys.ParametersI()
        for name, value in values.items():
            parameters.add(name, rlong(value) if isinstance(value, int) else rlist(rlong(each) for each in value))
        store, call = self._backend.store, self._call
        with store.read() as connection:
            return run_query(connection, store.schema, call.caller, call.group, hql, parameters)

    def pixels(self, pixels_id: int) -> omero.model.Pixels | None:
        """Return Pixels with type and channels, None if there are none that the caller may see."""
        found = self.query(PIXELS_QUERY + "= :id", id=pixels_id)
        return found[0] if found else None

    def pixels_of(self, ids: Iterable[int]) -> list[omero.model.Pixels]:
        """Return several Pixels with their types and channels."""
        wanted = list(ids)
        return self.query(PIXELS_QUERY + "in (:ids)", ids=wanted) if wanted else []

    def definition(self, definition_id: int) -> omero.model.RenderingDef | None:
        """Return a RenderingDef, None if there is none that the caller may see."""
        found = self.query(DEFINITION_QUERY + "rdef.id = :id", id=definition_id)
        return found[0] if found else None

    def of(self, pixels_ids: Sequence[int], owner: int = -1) -> list[omero.model.RenderingDef]:
        """Return the RenderingDefs of Pixels, everybody's or one user's, the newest first."""
        if not pixels_ids:
            return []
        condition, values = "rdef.pixels.id in (:ids)", {}
        if owner >= 0:
            condition, values = condition + " and rdef.details.owner.id = :owner", {"owner": owner}
        return self.query(DEFINITION_QUERY + condition + NEWEST_FIRST, ids=list(pixels_ids), **values)

    def newest(self, pixels_ids: Sequence[int], owner: int) -> dict[int, omero.model.RenderingDef]:
        """Return a user's newest RenderingDefs by the Pixels' ids."""
        return {each.pixels.id.val: each for each in reversed(self.of(pixels_ids, owner))}

    def of_owner(self, pixels: Sequence[omero.model.Pixels]) -> dict[int, omero.model.RenderingDef]:
        """Return by the Pixels' ids the newest RenderingDefs that the owners of the Pixels made."""
        owners = {each.id.val: each.details.owner.id.val for each in pixels}
        return {
            each.pixels.id.val: each
            for each in reversed(self.of(list(owners)))
            if each.details.owner.id.val == owners[each.pixels.id.val]
        }

    def retrieve(self, pixels: omero.model.Pixels) -> omero.model.RenderingDef | None:
        """Return the settings with which the caller sees an image: the caller's newest, else its owner's, or None."""
        return self.find([pixels]).get(pixels.id.val)

    @cached_property
    def choices(self) -> Choices:
        """The rendering models and families."""
        models, families = (
            self.query(f"select e from {name} e order by e.id") for name in ("RenderingModel", "Family")
        )
        return Choices({each.value.val: each for each in models}, {each.value.val: each for each in families})

    def reset(
        self, definition: omero.model.RenderingDef | None, pixels: omero.model.Pixels, *, is_measured: bool = True
    ) -> omero.model.RenderingDef:
        """Set settings, or new ones where None is given, to the defaults; return them.

        Pixels without statistics are measured, unless `is_measured` is False; those that cannot be read get none.
        """
        if not is_measured:
            return self._reset(definition, pixels, None)
        with self._backend.sources.open(self._call, pixels.id.val) as source:
            return self.reset_by(source, definition, pixels)

    def reset_by(
        self, source: PixelSource, definition: omero.model.RenderingDef | None, pixels: omero.model.Pixels
    ) -> omero.model.RenderingDef:
        """As `reset`, of pixels whose source is open."""
        return self._reset(definition, pixels, measure(self._backend.configuration, source, pixels))

    def _reset(
        self,
        definition: omero.model.RenderingDef | None,
        pixels: omero.model.Pixels,
        measured: Sequence[Extremes] | None,
    ) -> omero.model.RenderingDef:
        made = new_definition(pixels) if definition is None else definition
        reset(made, pixels, self.choices, measured)
        return made

    def try_reset(
        self, definition: omero.model.RenderingDef | None, pixels: omero.model.Pixels, *, is_measured: bool = True
    ) -> omero.model.RenderingDef | None:
        """As `reset`; None for an image that cannot be read, which must not keep others from their settings."""
        try:
            return self.reset(definition, pixels, is_measured=is_measured)
        except omero.ServerError as error:
            log.warning("no settings for pixels %d: %s", pixels.id.val, error.message)
            return None

    def find(self, pixels: Sequence[omero.model.Pixels]) -> dict[int, omero.model.RenderingDef]:
        """Return settings by the Pixels' ids as `retrieve` finds them."""
        mine = self.newest([each.id.val for each in pixels], self._call.caller.user_id)
        return mine | self.of_owner([each for each in pixels if each.id.val not in mine])

    def save(self, definitions: Sequence[omero.model.RenderingDef]) -> list[int]:
        """Save settings with all that belongs to them and return their ids; maps that are gone are deleted.

        They are saved in their own groups by a caller who is in all of them, else in the caller's.
        """
        by_group: dict[int, list[omero.model.RenderingDef]] = {}
        for each in definitions:
            by_group.setdefault(self._group_of(each), []).append(each)
        with self._backend.write() as connection:
            for group, members in by_group.items():
                caller = self._call.caller
                here = enter_group(connection, caller, group) if caller.group_id < 0 else caller
                self._save(connection, here, members)
        return [each.id.val for each in definitions]

    def _group_of(self, definition: omero.model.RenderingDef) -> int:
        """Return the group of settings, or else of their Pixels."""
        known = definition.pixels
        group = _group_named_by(definition)
        if group is None and known is not None and known.id is not None:
            group = _group_named_by(self.pixels(known.id.val))
        return self._call.caller.group_id if group is None else group

    def _save(self, connection: sa.Connection, caller: Caller, definitions: Sequence[omero.model.RenderingDef]) -> None:
        """Save settings counted up, also where only a part of them changed: thumbnails are made anew by that."""
        for each in definitions:
            if each.id is not None:
                each.version = rint((unwrap(each.version) or 0) + 1)
        save_graph(self._backend.store.schema, connection, caller, definitions)


def _group_named_by(thing: omero.model.IObject | None) -> int | None:
    details = None if thing is None else thing.details
    return None if details is None or details.group is None else int(details.group.id.val)


def owner_of(thing: omero.model.IObject) -> int | None:
    """Return whose an object is, None for one that was never saved."""
    details = thing.details
    return None if details is None or details.owner is None else unwrap(details.owner.id)
