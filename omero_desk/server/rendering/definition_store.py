"""RenderingDefs in the library: who finds which, and how they are saved."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import omero
import sqlalchemy as sa
from omero.rtypes import rlist, rlong, unwrap

from omero_desk.server.access.caller import Caller, enter_group
from omero_desk.server.hql import run_query
from omero_desk.server.rendering.definitions import (
    DEFINITION_QUERY,
    NEWEST_FIRST,
    PIXELS_QUERY,
    Choices,
    new_definition,
    reset,
)
from omero_desk.server.rendering.measure import measure
from omero_desk.server.saving.events import EventWriter
from omero_desk.server.saving.save import save_graph

if TYPE_CHECKING:
    from omero_desk.server.backend import Backend
    from omero_desk.server.wire.calls import Call

log = logging.getLogger(__name__)


class DefinitionStore:
    """The rendering settings and what they are for, as the maker of one call may see them."""

    def __init__(self, backend: Backend, call: Call) -> None:
        self._backend = backend
        self._call = call

    def query(self, hql: str, **values: Any) -> list[Any]:
        """Return the objects that a query finds; values are whole numbers or lists of them."""
        parameters = omero.sys.ParametersI()
        for name, value in values.items():
            is_one = isinstance(value, int)
            parameters.add(name, rlong(value) if is_one else rlist([rlong(each) for each in value]))
        store, call = self._backend.store, self._call
        with store.read() as connection:
            return run_query(connection, store.schema, call.caller, call.group, hql, parameters)

    def pixels(self, pixels_id: int) -> Any:
        """Return Pixels with type and channels, None if there are none that the caller may see."""
        found = self.query(PIXELS_QUERY + "= :id", id=pixels_id)
        return found[0] if found else None

    def pixels_of(self, ids: Iterable[int]) -> list[Any]:
        """Return several Pixels with their types and channels."""
        wanted = list(ids)
        return self.query(PIXELS_QUERY + "in (:ids)", ids=wanted) if wanted else []

    def definition(self, definition_id: int) -> Any:
        """Return a RenderingDef, None if there is none that the caller may see."""
        found = self.query(DEFINITION_QUERY + "rdef.id = :id", id=definition_id)
        return found[0] if found else None

    def of(self, pixels_ids: Sequence[int], owner: int = -1) -> list[Any]:
        """Return the RenderingDefs of Pixels, everybody's or one user's, the newest first."""
        if not pixels_ids:
            return []
        condition, values = "rdef.pixels.id in (:ids)", {}
        if owner >= 0:
            condition, values = condition + " and rdef.details.owner.id = :owner", {"owner": owner}
        return self.query(DEFINITION_QUERY + condition + NEWEST_FIRST, ids=list(pixels_ids), **values)

    def newest(self, pixels_ids: Sequence[int], owner: int) -> dict[int, Any]:
        """Return a user's newest RenderingDefs by the Pixels' ids."""
        return {each.pixels.id.val: each for each in reversed(self.of(pixels_ids, owner))}

    def of_owner(self, pixels: Sequence[Any]) -> dict[int, Any]:
        """Return by the Pixels' ids the newest RenderingDefs that the owners of the Pixels made."""
        owners = {each.id.val: each.details.owner.id.val for each in pixels}
        return {
            each.pixels.id.val: each
            for each in reversed(self.of(list(owners)))
            if each.details.owner.id.val == owners[each.pixels.id.val]
        }

    def retrieve(self, pixels: Any) -> Any:
        """Return what the caller sees an image with: the caller's own newest settings, else its owner's, or None."""
        return self._find([pixels]).get(pixels.id.val)

    @cached_property
    def choices(self) -> Choices:
        """The rendering models and families."""
        models, families = (
            self.query(f"select e from {name} e order by e.id") for name in ("RenderingModel", "Family")
        )
        return Choices({each.value.val: each for each in models}, {each.value.val: each for each in families})

    def reset(self, definition: Any, pixels: Any, *, is_measured: bool = True) -> Any:
        """Set settings, or new ones where None is given, to the defaults; return them.

        The pixels are looked at where nobody did so before, unless that is not wanted.
        """
        made = new_definition(pixels) if definition is None else definition
        measured = measure(self._backend, self._call, pixels) if is_measured else None
        reset(made, pixels, self.choices, measured)
        return made

    def try_reset(self, definition: Any, pixels: Any, *, is_measured: bool = True) -> Any:
        """As `reset`; None for an image that cannot be read, which must not keep others from their settings."""
        try:
            return self.reset(definition, pixels, is_measured=is_measured)
        except omero.ServerError as error:
            log.warning("no settings for pixels %d: %s", pixels.id.val, error.message)
            return None

    def find_or_make(self, pixels: Sequence[Any], may_make: Callable[[Any], bool]) -> dict[int, Any]:
        """Return settings by the Pixels' ids as `retrieve` finds them, new ones where there are none and may be."""
        known = self._find(pixels)
        missing = [each for each in pixels if each.id.val not in known and may_make(each)]
        made = [each for each in map(partial(self.try_reset, None), missing) if each is not None]
        self.save(made)
        return known | self._find(missing) if made else known

    def _find(self, pixels: Sequence[Any]) -> dict[int, Any]:
        mine = self.newest([each.id.val for each in pixels], self._call.caller.user_id)
        return mine | self.of_owner([each for each in pixels if each.id.val not in mine])

    def save(self, definitions: Sequence[Any]) -> list[int]:
        """Save settings with all that belongs to them and return their ids; maps that are gone are deleted.

        They are saved in their own groups by a caller who is in all of them, else in the caller's.
        """
        by_group: dict[int, list[Any]] = {}
        for each in definitions:
            by_group.setdefault(self._group_of(each), []).append(each)
        with self._backend.write() as connection:
            for group, members in by_group.items():
                caller = self._call.caller
                here = enter_group(connection, caller, group) if caller.group_id < 0 else caller
                self._save(connection, here, members)
        return [each.id.val for each in definitions]

    def _group_of(self, definition: Any) -> int:
        """Return the group of settings, or of what they are for."""
        known = definition.pixels
        for each in (definition, None if known is None or known.id is None else self.pixels(known.id.val)):
            if each is not None and each.details is not None and each.details.group is not None:
                return int(each.details.group.id.val)
        return self._call.caller.group_id

    def _save(self, connection: sa.Connection, caller: Caller, definitions: Sequence[Any]) -> None:
        schema = self._backend.store.schema
        before = {each.id.val: each.version.val for each in definitions if each.id is not None}
        save_graph(schema, connection, caller, definitions)
        bindings = [each for one in definitions for each in one.copyWaveRendering()]
        kept = [each.id.val for binding in bindings for each in binding.copySpatialDomainEnhancement()]
        maps = schema.table("CodomainMapContext")
        ours = maps.c.channelBinding_id.in_([binding.id.val for binding in bindings])
        connection.execute(sa.delete(maps).where(ours, maps.c.id.not_in(kept)))
        same = [each.id.val for each in definitions if before.get(each.id.val) == each.version.val]
        self._touch(connection, caller, same)

    def _touch(self, connection: sa.Connection, caller: Caller, ids: Sequence[int]) -> None:
        """Count up settings of which only a part changed: thumbnails are made anew by that."""
        if ids:
            schema = self._backend.store.schema
            table, events = schema.table("RenderingDef"), EventWriter(schema, connection, caller)
            values = {"version": table.c.version + 1, "update_id": events.event_id}
            connection.execute(sa.update(table).where(table.c.id.in_(ids)).values(values))
            events.log("UPDATE", schema.model["RenderingDef"].java_name, ids)


def owner_of(thing: Any) -> int | None:
    """Return whose an object is, None for one that was never saved."""
    details = thing.details
    return None if details is None or details.owner is None else unwrap(details.owner.id)
