"""The library as one caller sees it, for a search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import omero
from omero.rtypes import rlist, rlong
from omero.sys import ParametersI

from omero_desk.server.access.caller import Caller
from omero_desk.server.database.model import ModelClass
from omero_desk.server.database.store import Store
from omero_desk.server.hql import run_projection, run_query
from omero_desk.server.search.ast import Node
from omero_desk.server.search.criteria import Conditions
from omero_desk.server.search.finder import Ids, TooLongError, find
from omero_desk.server.wire.exceptions import api_usage, server_error

_FIRST_LOOK: Final = 1_000
_MOST: Final = 16_000  # SQLite takes 32,766 parameters


@dataclass(frozen=True)
class Library:
    """Answers for `caller` in the group of the call's context."""

    store: Store
    caller: Caller
    group: int | None

    def model_class(self, name: str) -> ModelClass:
        """Return a class by any of its names; raises omero.ApiUsageException."""
        try:
            return self.store.schema.model.resolve(name)
        except KeyError:
            raise api_usage(f"{name} does not specify a valid class.") from None

    def objects(self, hql: str, params: Any = None) -> list[Any]:
        """Return the objects that a query in HQL finds."""
        with self.store.read() as connection:
            return run_query(connection, self.store.schema, self.caller, self.group, hql, params)

    def rows(self, hql: str, values: dict[str, Any] | None = None) -> list[list[Any]]:
        """Return the rows of RTypes that a query in HQL finds."""
        with self.store.read() as connection:
            return run_projection(connection, self.store.schema, self.caller, self.group, hql, parameters(values or {}))

    def find(self, class_name: str, query: Node) -> Ids:
        """Return the ids that a query in OMERO's query language finds, whoever may see them, the best first."""
        with self.store.read() as connection:
            try:
                return find(self.store.schema, connection, class_name, query)
            except TooLongError as error:
                raise server_error(omero.OverUsageException, f"query failed, probable timeout: {error}") from None

    def visible(self, class_name: str, ids: Ids, conditions: Conditions) -> Iterator[int]:
        """Give those of some ids, in their order, that the caller sees and that fulfil conditions.

        They are looked up some at a time, a few first: mostly the first page is all that is asked for.
        """
        where = " and ".join(["this.id in (:ids)", *conditions.texts])
        hql = f"select this.id from {class_name} this where {where}"
        start, count = 0, _FIRST_LOOK
        while start < len(ids):
            part = ids[start : start + count].tolist()
            seen = {row[0].val for row in self.rows(hql, {**conditions.values, "ids": wrapped(part)})}
            yield from (one for one in part if one in seen)
            start, count = start + count, min(count * 2, _MOST)

    def ordered(self, class_name: str, ids: Ids, conditions: Conditions, order: str) -> Iterator[int]:
        """As `visible`, in another order."""
        where = " where " + " and ".join(conditions.texts) if conditions.texts else ""
        rows = self.rows(f"select this.id from {class_name} this{where}{order}", conditions.values)
        found = np.fromiter((row[0].val for row in rows), np.int64, len(rows))
        yield from found[np.isin(found, ids)].tolist()

    def load(self, class_name: str, ids: Sequence[int], *, with_annotations: bool) -> list[Any]:
        """Return objects in the order of their ids, with their events and groups, without those that are gone."""
        kind = self.store.schema.model[class_name]
        fetches = list(self._fetches(kind, with_annotations))
        hql = " ".join([f"select this from {class_name} this", *fetches, "where this.id in (:ids)"])
        found = {one.id.val: one for one in self.objects(hql, parameters({"ids": wrapped(ids)}))}
        return [found[one] for one in ids if one in found]

    def _fetches(self, kind: ModelClass, with_annotations: bool) -> Iterator[str]:
        if kind.has_details:
            yield "left outer join fetch this.details.creationEvent"
            yield "left outer join fetch this.details.group"  # OMERO has loaded it, to see whether it may be read
        if kind.has_update_event:
            yield "left outer join fetch this.details.updateEvent"
        if with_annotations and "annotationLinks" in kind.properties:
            yield "left outer join fetch this.annotationLinks fetched left outer join fetch fetched.child"


def parameters(values: dict[str, Any]) -> Any:
    """Return query parameters of RTypes by name."""
    made = ParametersI()
    for name, value in values.items():
        made.add(name, value)
    return made


def wrapped(ids: Iterable[int]) -> Any:
    """Return ids as a query's parameter."""
    return rlist([rlong(one) for one in ids])
