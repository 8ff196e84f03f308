"""Base classes of the services, and the parameters of their queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import omero
from omero.rtypes import rlist, rlong

from omero_desk.server.backend import Backend
from omero_desk.server.call import Call
from omero_desk.server.database.model import ModelClass
from omero_desk.server.errors import api_usage
from omero_desk.server.hql.query import run_projection, run_query

Value: TypeAlias = omero.RType | int | Sequence[int]
"""What a parameter of a query may be given as."""


class Service:
    """A service that answers from the library."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend

    def query(self, call: Call, hql: str, params: omero.sys.Parameters | None = None) -> list[Any]:
        """Return the objects that a query finds for the caller; their class is the one that the query selects."""
        with self.backend.store.read() as connection:
            return run_query(connection, self.backend.store.schema, call.caller, call.group, hql, params)

    def rows(self, call: Call, hql: str, params: omero.sys.Parameters | None = None) -> list[list[Any]]:
        """Return the rows, of RTypes, that a projection finds for the caller."""
        with self.backend.store.read() as connection:
            return run_projection(connection, self.backend.store.schema, call.caller, call.group, hql, params)

    def model_class(self, name: str) -> ModelClass:
        """Return the class of a name in any of the forms that clients use; raises omero.ApiUsageException."""
        try:
            return self.backend.store.schema.model.resolve(name)
        except KeyError:
            raise api_usage(f"{name} does not specify a valid class.") from None


class StatefulService(Service):
    """A service that a client opens and closes; this base has no other operations."""

    name = ""

    def close(self, call: Call) -> None:
        """Close the service."""
        self.backend.open_services.remove(call.session.uuid, self.name)

    def release(self) -> None:
        """Clean up after the service was closed or its session ended; there is nothing to do in this base."""

    def activate(self, call: Call) -> None:
        """Do nothing: the service is always in memory."""

    def passivate(self, call: Call) -> None:
        """Do nothing: the service stays in memory."""


class Unavailable(Service):
    """A service that refuses all operations."""


def parameters(page: omero.sys.Filter | None = None, /, **values: Value) -> omero.sys.Parameters:
    """Return query parameters; whole numbers and lists of them are wrapped."""
    made = omero.sys.ParametersI()
    made.theFilter = page
    for name, value in values.items():
        made.add(name, _wrapped(value))
    return made


def where(conditions: Sequence[str]) -> str:
    """Return a where clause, "" for no conditions."""
    return " where " + " and ".join(conditions) if conditions else ""


def _wrapped(value: Value) -> omero.RType:
    if isinstance(value, int):
        return rlong(value)
    if isinstance(value, Sequence):
        return rlist([rlong(one) for one in value])
    return value
