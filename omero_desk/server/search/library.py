"""The queries of a search, answered from what its caller may see of the library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import omero
from omero import RList, RLong, RType
from omero.model import IObject
from omero.rtypes import rlist, rlong
from omero.sys import Parameters, ParametersI

from omero_desk.server.access.caller import Caller
from omero_desk.server.database.model import ModelClass
from omero_desk.server.database.store import Store
from omero_desk.server.errors import api_usage, server_error
from omero_desk.server.hql.execution import seconds_for
from omero_desk.server.hql.query import run_projection, run_query
from omero_desk.server.search.ast import Node
from omero_desk.server.search.criteria import Conditions
from omero_desk.server.search.finder import Ids, TooLongError, find

_FIRST_BATCH: Final = 1_000
_LARGEST_BATCH: Final = 16_000


@dataclass(frozen=True)
class SearchLibrary:
    """The library as `caller` may see it; `group` is that of the call's context, as for `visible`."""

    store: Store
    caller: Caller
    group: int | None

    def model_class(self, name: str) -> ModelClass:
        """Return a class by any name that OMERO accepts; raises omero.ApiUsageException for a name of no class."""
        try:
            return self.store.schema.model.resolve(name)
        except KeyError:
            raise api_usage(f"{name} does not specify a valid class.") from None

    def objects(self, hql: str, params: Parameters | None = None) -> list[IObject | None]:
        """Return the objects of an HQL query."""
        with self.store.read() as connection:
            return run_query(connection, self.store.schema, self.caller, self.group, hql, params)

    def rows(self, hql: str, values: Mapping[str, RType]) -> list[list[RType | None]]:
        """Return the rows of an HQL query, given the values of its parameters."""
        with self.store.read() as connection:
            return run_projection(connection, self.store.schema, self.caller, self.group, hql, parameters(values))

    def ids(self, hql: str, values: Mapping[str, RType]) -> list[int]:
        """Return the ids that an HQL query selects, given the values of its parameters."""
        return [found.val for (found,) in self.rows(hql, values) if isinstance(found, RLong)]

    def find(self, class_name: str, query: Node) -> Ids:
        """Return the ids that a full-text query finds, the best first, without regard to who may see them.

        Raises omero.OverUsageException for a search that takes too long.
        """
        with self.store.read() as connection:
            seconds = seconds_for(connection, is_admin=self.caller.is_admin)
            try:
                return find(self.store.schema, connection, class_name, query, seconds)
            except TooLongError:
                raise server_error(omero.OverUsageException, "query failed, probable timeout") from None

    def visible(self, class_name: str, ids: Ids, conditions: Conditions) -> Iterator[int]:
        """Yield those of some ids, in their order, whose objects the caller may see and that fulfil conditions.

        They are looked up in growing batches, since mostly the first page is all that is asked for.
        """
        where = " and ".join(["this.id in (:ids)", *conditions.texts])
        hql = f"select this.id from {class_name} this where {where}"
        start, count = 0, _FIRST_BATCH
        while start < len(ids):
            part = ids[start : start + count].tolist()
            seen = set(self.ids(hql, {**conditions.values, "ids": wrapped(part)}))
            yield from (one for one in part if one in seen)
            start, count = start + count, min(count * 2, _LARGEST_BATCH)

    def ordered(self, class_name: str, ids: Ids, conditions: Conditions, order: str) -> Iterator[int]:
        """Yield what `visible` does, in the order of an HQL order clause."""
        where = " where " + " and ".join(conditions.texts) if conditions.texts else ""
        found = np.array(self.ids(f"select this.id from {class_name} this{where}{order}", conditions.values), np.int64)
        yield from found[np.isin(found, ids)].tolist()

    def load(self, class_name: str, ids: Sequence[int], *, with_annotations: bool) -> list[IObject]:
        """Return objects in the order of `ids`, with their events and groups, without those that no longer exist."""
        kind = self.store.schema.model[class_name]
        fetches = list(self._fetches(kind, with_annotations))
        hql = " ".join([f"select this from {class_name} this", *fetches, "where this.id in (:ids)"])
        found = {one.id.val: one for one in self.objects(hql, parameters({"ids": wrapped(ids)})) if one is not None}
        return [found[one] for one in ids if one in found]

    def _fetches(self, kind: ModelClass, with_annotations: bool) -> Iterator[str]:
        if kind.has_details:
            yield "left outer join fetch this.details.creationEvent"
            yield "left outer join fetch this.details.group"  # loaded in OMERO, which checks whether it may be read
        if kind.has_update_event:
            yield "left outer join fetch this.details.updateEvent"
        if with_annotations and "annotationLinks" in kind.properties:
            yield "left outer join fetch this.annotationLinks fetched left outer join fetch fetched.child"


def parameters(values: Mapping[str, RType]) -> Parameters:
    """Return query parameters with values by name."""
    made = ParametersI()
    for name, value in values.items():
        made.add(name, value)
    return made


def wrapped(ids: Iterable[int]) -> RList:
    """Return ids as the value of a query's parameter."""
    return rlist([rlong(one) for one in ids])
