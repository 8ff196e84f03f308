"""What services share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import omero
from omero.rtypes import rlist, rlong

from omero_desk.server.backend import Backend
from omero_desk.server.database.model import ModelClass
from omero_desk.server.hql import run_projection, run_query
from omero_desk.server.wire.calls import Call
from omero_desk.server.wire.exceptions import api_usage


class Service:
    """A service that answers from the library."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend

    def query(self, call: Call, hql: str, params: Any = None) -> list[Any]:
        """Return the objects that a query finds for the caller."""
        with self.backend.store.read() as connection:
            return run_query(connection, self.backend.store.schema, call.caller, call.group, hql, params)

    def rows(self, call: Call, hql: str, params: Any = None) -> list[list[Any]]:
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
    """A service that a client opens and closes. Of itself it does nothing but close."""

    name = ""

    def close(self, call: Call) -> None:
        """Throw the service away."""
        self.backend.holder.remove(call.session.uuid, self.name)

    def release(self) -> None:
        """Clean up once thrown away: closed, or left behind by a session that is over. Of itself it has nothing."""

    def activate(self, call: Call) -> None:
        """Nothing has been put aside that could be fetched back."""

    def passivate(self, call: Call) -> None:
        """Nothing needs to be put aside."""


class Unavailable(Service):
    """A service that refuses everything."""


def parameters(page: Any = None, **values: Any) -> Any:
    """Return query parameters; whole numbers and lists of them are wrapped."""
    made = omero.sys.ParametersI()
    made.theFilter = page
    for name, value in values.items():
        made.add(name, _wrapped(value))
    return made


def where(conditions: Sequence[str]) -> str:
    """Return a where clause, "" for no conditions."""
    return " where " + " and ".join(conditions) if conditions else ""


def _wrapped(value: Any) -> Any:
    if isinstance(value, int):
        return rlong(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return rlist([rlong(one) for one in value])
    return value
