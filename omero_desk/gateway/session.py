"""What a gateway function works with on its lane: one BlitzGateway, used by one thread alone."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import Ice
import omero.gateway
import omero.model
import omero.sys
from omero.rtypes import rint, rlist, rlong, rstring

from omero_desk.gateway.entities import Ref
from omero_desk.gateway.journal import Received
from omero_desk.gateway.kept import KeptServices
from omero_desk.gateway.registry import Registry

if TYPE_CHECKING:
    from omero_desk.gateway.connection import Connection

ALL_GROUPS = -1
_CLOSING_MS = 5_000

_log = logging.getLogger(__name__)

Value = int | str | Sequence[int]


@dataclass(frozen=True)
class _Projection:
    """What is asked of the query service; equal where the same is asked."""

    query: str
    parameters: Mapping[str, Value]
    group: int
    offset: int = 0
    limit: int | None = None

    def arguments(self) -> tuple[str, Any]:
        """As Ice sends it."""
        parameters = omero.sys.ParametersI({name: _wrapped(value) for name, value in self.parameters.items()})
        if self.limit is not None:
            parameters.theFilter = omero.sys.Filter(offset=rint(self.offset), limit=rint(self.limit))
        return self.query, parameters


class Session:
    """A lane's own gateway over the connection that all lanes share.

    Proxies of stateless services may be called from any thread, but a gateway's call options and stateful services may
    not: hence one each. `registry` says which wrappers stand for which class.
    """

    def __init__(self, connection: Connection, registry: Registry) -> None:
        self.connection = connection
        self.gateway = omero.gateway.BlitzGateway(client_obj=connection.client)
        self.registry = registry
        self.received = Received()
        self._ahead: tuple[_Projection, Any] | None = None
        self._kept: dict[str, KeptServices] = {}

    def projection(
        self, query: str, parameters: Mapping[str, Value] | None = None, *, group: int = ALL_GROUPS
    ) -> list[list[Any]]:
        """The rows of an HQL projection as plain Python: a map as a dict, a time as milliseconds since 1970.

        One round trip. Raises the exceptions of Ice and omero.
        """
        asked = _Projection(query, parameters or {}, group)
        rows = self._query.projection(*asked.arguments(), _ctx=self._options(group))
        self.received.add(rows=len(rows))
        return [[_plain(value) for value in row] for row in rows]

    def page(
        self, query: str, parameters: Mapping[str, Value], *, group: int, offset: int, size: int, following: int | None
    ) -> tuple[list[list[Any]], bool]:
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
        self, *queries: str, parameters: Mapping[str, Value] | None = None, group: int = ALL_GROUPS
    ) -> list[list[list[Any]]]:
        """The rows of several projections with the same parameters, all sent for at once: one round trip."""
        asked = [_Projection(query, parameters or {}, group).arguments() for query in queries]
        sent = [self._query.begin_projection(*arguments, _ctx=self._options(group)) for arguments in asked]
        found = [self._query.end_projection(each) for each in sent]
        self.received.add(rows=sum(map(len, found)))
        return [[[_plain(value) for value in row] for row in rows] for rows in found]

    @staticmethod
    def parameters(values: Mapping[str, Value]) -> Any:
        """Named values of a query, as operations that give objects want them."""
        return omero.sys.ParametersI({name: _wrapped(value) for name, value in values.items()})

    @staticmethod
    def rint(value: int) -> Any:
        """A whole number as some operations want it; functions of the gateway import nothing of omero's themselves."""
        return rint(value)

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
    def table(self, file_id: int) -> Iterator[Any]:
        """The OMERO.table in a file, for one `with`, as `borrow` has it. Opening and closing are a round trip each."""
        resources = self.gateway.getSharedResources()
        service = resources.openTable(omero.model.OriginalFileI(file_id, False), self.everywhere)
        self._note(service, "Table")
        try:
            yield service
        finally:
            self._give_back(service)

    def kept(self, opener: str) -> KeptServices:
        """The services of that opener which this lane keeps open; the service manager knows them all."""
        if opener not in self._kept:
            self._kept[opener] = KeptServices(partial(self._open, opener), self._give_back)
        return self._kept[opener]

    def _open(self, opener: str) -> Any:
        service = getattr(self.connection.factory, opener)()
        self._note(service, opener.removeprefix("create"))
        return service

    def _note(self, service: Any, kind: str) -> None:
        self.connection.borrowed[service.ice_getIdentity().name] = kind

    def _give_back(self, service: Any) -> None:
        name = service.ice_getIdentity().name
        try:
            service.ice_invocationTimeout(_CLOSING_MS).close()
        except Ice.ObjectNotExistException:
            pass  # gone with its session
        except Ice.Exception as error:
            # It stays among the borrowed ones, so that the next line to this session closes it.
            _log.info("%s could not be closed: %s", name.rpartition("/")[2], type(error).__name__)
            return
        self.connection.borrowed.pop(name, None)

    def wrapped(self, wrapper: type[Any], refs: Sequence[Ref]) -> list[Any]:
        """The objects, loaded as the wrapper's class asks it, in that wrapper; in the order of `refs`, one round trip.

        Raises LookupError where one is not there, or not for this user.
        """
        options = self.gateway.SERVICE_OPTS
        options.setOmeroGroup(ALL_GROUPS)
        found = {o.getId(): o for o in self.gateway.getObjects(wrapper.OMERO_CLASS, [ref.id for ref in refs])}
        missing = [ref for ref in refs if ref.id not in found]
        if missing:
            raise LookupError(f"{missing[0].kind} {missing[0].id} is not there")
        return [wrapper(self.gateway, found[ref.id]._obj) for ref in refs]

    @property
    def everywhere(self) -> dict[str, str]:
        """The context of a call that sees all groups."""
        return {**self.gateway.SERVICE_OPTS, "omero.group": str(ALL_GROUPS)}

    @property
    def _query(self) -> Any:
        return self.gateway.getQueryService()

    def _options(self, group: int) -> Any:
        options = self.gateway.SERVICE_OPTS.copy()
        options.setOmeroGroup(group)
        return options


def _wrapped(value: Value) -> Any:
    if isinstance(value, str):
        return rstring(value)
    if isinstance(value, int):
        return rlong(value)
    return rlist([rlong(number) for number in value])


def _plain(value: Any) -> Any:
    """What omero.rtypes.unwrap does, for the types that rows hold and several times as fast."""
    if value is None:
        return None
    inner = value.getValue()
    if type(inner) is dict:
        return {key: _plain(item) for key, item in inner.items()}
    return inner
