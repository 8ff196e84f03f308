"""The session of one lane, which every gateway function is given: one BlitzGateway, used by one thread alone."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

import Ice
import omero.gateway
import omero.model
import omero.sys
from omero.rtypes import rint, rlist, rlong, rstring

from omero_desk.entities.calls import Received
from omero_desk.gateway.connection.kept_services import KeptServices
from omero_desk.gateway.rows import Cell
from omero_desk.gateway.wrappers.registry import Registry

if TYPE_CHECKING:
    from omero.api import (
        IQueryPrx,
        RawFileStorePrx,
        RawPixelsStorePrx,
        RenderingEnginePrx,
        StatefulServiceInterfacePrx,
        ThumbnailStorePrx,
    )
    from omero.gateway import BlitzObjectWrapper, ServiceOptsDict
    from omero.grid import TablePrx

    from omero_desk.gateway.connection.connection import Connection

ALL_GROUPS = -1
_CLOSING_MS = 5_000
_MOST_TABLES = 4
"""OMERO.tables that a lane keeps open."""

_log = logging.getLogger(__name__)

Value = int | str | Sequence[int]
Closable = TypeVar("Closable", "StatefulServiceInterfacePrx", "TablePrx")


@dataclass(frozen=True)
class _Projection:
    """A question to the query service; equal where the same is asked."""

    query: str
    parameters: Mapping[str, Value]
    group: int
    offset: int = 0
    limit: int | None = None

    def arguments(self) -> tuple[str, omero.sys.Parameters]:
        """Return the arguments for Ice."""
        parameters = omero.sys.ParametersI({name: _wrapped(value) for name, value in self.parameters.items()})
        if self.limit is not None:
            parameters.theFilter = omero.sys.Filter(offset=rint(self.offset), limit=rint(self.limit))
        return self.query, parameters


class LaneSession:
    """A lane's own gateway over the connection that all lanes share.

    Proxies of stateless services may be called from any thread, but a gateway's call options and stateful services may
    not: hence one each. `registry` says which wrappers stand for which class.
    """

    def __init__(self, connection: Connection, registry: Registry) -> None:
        self.connection = connection
        self.gateway = registry.gateway(connection.client)
        self.registry = registry
        self.received = Received()
        self._ahead: tuple[_Projection, Ice.AsyncResult] | None = None
        self._parts_ahead: tuple[list[_Projection], list[Ice.AsyncResult]] | None = None
        self._kept: dict[str, KeptServices[Any]] = {}
        self._tables: dict[int, TablePrx] = {}

    def projection(
        self, query: str, parameters: Mapping[str, Value] | None = None, *, group: int = ALL_GROUPS
    ) -> list[list[Cell]]:
        """The rows of an HQL projection as plain Python: a map as a dict, a time as milliseconds since 1970.

        One round trip. Raises the exceptions of Ice and omero.
        """
        asked = _Projection(query, parameters or {}, group)
        rows = self._query.projection(*asked.arguments(), _ctx=self._options(group))
        self.received.add(rows=len(rows))
        return [[_plain(value) for value in row] for row in rows]

    def page(
        self, query: str, parameters: Mapping[str, Value], *, group: int, offset: int, size: int, following: int | None
    ) -> tuple[list[list[Cell]], bool]:
        """At most `size` rows of a projection from `offset` on, and whether there are more.

        One row more than the page is asked for, so that none has to be asked for in vain. If there are more and it is
        known how many will be wanted (`following`), they are asked for at once: the server works on them while these
        are unpacked.
        """
        asked = _Projection(query, parameters, group, offset, size + 1)
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead[0] == asked:
            rows = self._query.end_projection(ahead[1])
        else:
            rows = self._query.projection(*asked.arguments(), _ctx=self._options(group))
        self.received.add(rows=len(rows))
        more = len(rows) > size
        if more and following is not None:
            after = _Projection(query, parameters, group, offset + size, following + 1)
            self._ahead = after, self._query.begin_projection(*after.arguments(), _ctx=self._options(group))
        return [[_plain(value) for value in row] for row in rows[:size]], more

    def projections(
        self,
        *queries: str,
        parameters: Mapping[str, Value] | None = None,
        group: int = ALL_GROUPS,
        limit: int | None = None,
    ) -> list[list[list[Cell]]]:
        """The rows of several projections with the same parameters, all sent for at once: one round trip.

        At most `limit` rows of each.
        """
        return self.answers(*((query, parameters or {}) for query in queries), group=group, limit=limit)

    def answers(
        self, *questions: tuple[str, Mapping[str, Value]], group: int = ALL_GROUPS, limit: int | None = None
    ) -> list[list[list[Cell]]]:
        """The rows of several projections, each with its own parameters, all sent for at once: one round trip."""
        return self._ended(self._sent([_Projection(*each, group, limit=limit) for each in questions]))

    def part(
        self,
        *queries: str,
        parameters: Mapping[str, Value],
        following: Mapping[str, Value] | None = None,
        anew: bool = False,
    ) -> list[list[list[Cell]]]:
        """The rows of `projections` about some of many objects; those of `following` are asked for at once.

        The server works on them while these are unpacked. With `anew` none are taken that were asked for before now.
        """
        asked = [_Projection(query, parameters, ALL_GROUPS) for query in queries]
        ahead, self._parts_ahead = self._parts_ahead, None
        sent = ahead[1] if ahead is not None and ahead[0] == asked and not anew else self._sent(asked)
        if following is not None:
            after = [_Projection(query, following, ALL_GROUPS) for query in queries]
            self._parts_ahead = after, self._sent(after)
        return self._ended(sent)

    def _sent(self, asked: Sequence[_Projection]) -> list[Ice.AsyncResult]:
        """Send for several projections."""
        return [self._query.begin_projection(*each.arguments(), _ctx=self._options(each.group)) for each in asked]

    def _ended(self, sent: Sequence[Ice.AsyncResult]) -> list[list[list[Cell]]]:
        """Return the rows of several projections that were sent for."""
        found = [self._query.end_projection(each) for each in sent]
        self.received.add(rows=sum(map(len, found)))
        return [[[_plain(value) for value in row] for row in rows] for rows in found]

    @staticmethod
    def parameters(values: Mapping[str, Value]) -> omero.sys.Parameters:
        """Named values of a query, as operations that give objects want them."""
        return omero.sys.ParametersI({name: _wrapped(value) for name, value in values.items()})

    @staticmethod
    def rint(value: int) -> omero.RInt:
        """A whole number as some operations want it; functions of the gateway import nothing of omero's themselves."""
        return rint(value)

    @overload
    def borrow(self, opener: Literal["createRawFileStore"]) -> AbstractContextManager[RawFileStorePrx]: ...
    @overload
    def borrow(self, opener: Literal["createRenderingEngine"]) -> AbstractContextManager[RenderingEnginePrx]: ...
    @overload
    def borrow(self, opener: Literal["createThumbnailStore"]) -> AbstractContextManager[ThumbnailStorePrx]: ...

    @contextlib.contextmanager
    def borrow(self, opener: str) -> Iterator[Any]:
        """A stateful service for one `with`: `opener` is the session's operation, such as "createRawFileStore".

        The service manager knows it while it is open. What `with` raises passes; trouble with closing is only logged.
        """
        service = self._open(opener)
        try:
            yield service
        finally:
            self._give_back(service)

    @contextlib.contextmanager
    def table(self, file_id: int) -> Iterator[TablePrx]:
        """The OMERO.table in a file, for one `with`, as `borrow` has it. Opening and closing are a round trip each."""
        service = self._open_table(file_id)
        try:
            yield service
        finally:
            self._give_back(service)

    @contextlib.contextmanager
    def new_table(self, name: str, context: Mapping[str, str]) -> Iterator[TablePrx]:
        """A new OMERO.table without columns, for one `with`, as `borrow` has it."""
        service = self.gateway.getSharedResources().newTable(0, name, context)
        self._note(service, "Table")
        try:
            yield service
        finally:
            self._give_back(service)

    @contextlib.contextmanager
    def kept_table(self, file_id: int) -> Iterator[TablePrx]:
        """The OMERO.table in a file, which stays open from one `with` to the next: only the first opens it.

        One that failed is closed; so is the one that was not used for longest, if there are too many.
        """
        service = self._tables.pop(file_id, None)
        try:
            if service is None:
                service = self._open_table(file_id)
            yield service
        except BaseException:
            if service is not None:
                self._give_back(service)
            raise
        self._tables[file_id] = service
        while len(self._tables) > _MOST_TABLES:
            self._give_back(self._tables.pop(next(iter(self._tables))))

    def release_table(self, file_id: int) -> None:
        """Close the OMERO.table in a file, if it was kept open."""
        service = self._tables.pop(file_id, None)
        if service is not None:
            self._give_back(service)

    def _open_table(self, file_id: int) -> TablePrx:
        resources = self.gateway.getSharedResources()
        service = resources.openTable(omero.model.OriginalFileI(file_id, False), self.everywhere)
        self._note(service, "Table")
        return service

    @overload
    def kept(self, opener: Literal["createRawPixelsStore"]) -> KeptServices[RawPixelsStorePrx]: ...
    @overload
    def kept(self, opener: Literal["createThumbnailStore"]) -> KeptServices[ThumbnailStorePrx]: ...

    def kept(self, opener: str) -> KeptServices[Any]:
        """The services of that opener which this lane keeps open; the service manager knows them all."""
        if opener not in self._kept:
            self._kept[opener] = KeptServices(partial(self._open, opener), self._give_back)
        return self._kept[opener]

    def put_away(self) -> None:
        """Close all services that are kept open, as the thread that uses this session ends."""
        for kept in self._kept.values():
            kept.close_all()
        while self._tables:
            self._give_back(self._tables.popitem()[1])

    def _open(self, opener: str) -> StatefulServiceInterfacePrx:
        kind = opener.removeprefix("create")
        with self.connection.openings.one(kind):
            service: StatefulServiceInterfacePrx = getattr(self.connection.factory, opener)()
            self._note(service, kind)
        return service

    def _note(self, service: Ice.ObjectPrx, kind: str) -> None:
        self.connection.borrowed[service.ice_getIdentity().name] = kind

    def _give_back(self, service: Closable) -> None:
        name = service.ice_getIdentity().name
        try:
            service.ice_invocationTimeout(_CLOSING_MS).close()
        except Ice.ObjectNotExistException:
            pass  # gone with its session
        except Ice.Exception as error:
            # It stays among the borrowed ones, so that the next connection to this session closes it.
            _log.info("%s could not be closed: %s", name.rpartition("/")[2], type(error).__name__)
            return
        self.connection.borrowed.pop(name, None)

    def objects(self, wrapper: type[BlitzObjectWrapper], ids: Sequence[int]) -> dict[int, omero.model.IObject]:
        """The objects by id, loaded as the wrapper's class asks it; without those that are not there for this user.

        One round trip. What the gateway is asked from now on is asked in all groups.
        """
        self.gateway.SERVICE_OPTS.setOmeroGroup(ALL_GROUPS)
        query, clauses, parameters = wrapper._getQueryString(None)
        where = " and ".join([*clauses, "obj.id in (:ids)"])
        found = self._query.findAllByQuery(f"{query} where {where}", parameters.addIds(ids), self.everywhere)
        return {each.id.val: each for each in found}

    @property
    def everywhere(self) -> dict[str, str]:
        """The context of a call that sees all groups."""
        return {**self.gateway.SERVICE_OPTS, "omero.group": str(ALL_GROUPS)}

    @property
    def _query(self) -> IQueryPrx:
        return self.gateway.getQueryService()

    def _options(self, group: int) -> ServiceOptsDict:
        options = self.gateway.SERVICE_OPTS.copy()
        options.setOmeroGroup(group)
        return options


def _wrapped(value: Value) -> omero.RType:
    if isinstance(value, str):
        return rstring(value)
    if isinstance(value, int):
        return rlong(value)
    return rlist([rlong(number) for number in value])


def _plain(value: Cell) -> Cell:
    """Return the plain value as omero.rtypes.unwrap does, for the types that rows hold and several times as fast."""
    if value is None:
        return None
    inner = value.getValue()
    if type(inner) is not dict:
        return inner
    plain = {key: None if item is None else item.getValue() for key, item in inner.items()}
    for key, item in plain.items():
        if type(item) is dict:
            plain[key] = {name: _plain(each) for name, each in item.items()}
    return plain
