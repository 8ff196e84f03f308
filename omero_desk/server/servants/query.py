"""IQuery: finding objects and rows."""

from __future__ import annotations

from typing import Any

import omero
from omero.rtypes import rstring

from omero_desk.server.database.model import ModelClass, Scalar
from omero_desk.server.servants.base import Service, parameters
from omero_desk.server.wire.calls import Call
from omero_desk.server.wire.exceptions import api_usage


class QueryService(Service):
    """Follows OMERO's QueryImpl."""

    def get(self, call: Call, class_name: str, object_id: int) -> Any:
        """Return an object, or raise if there is none that the caller may see."""
        found = self.find(call, class_name, object_id)
        if found is None:
            raise api_usage(
                f"The requested object ({self.model_class(class_name).java_name},{object_id}) is not available.\n"
                "Please use IQuery.find to determine existence.\n"
            )
        return found

    def find(self, call: Call, class_name: str, object_id: int) -> Any:
        """Return an object, None if there is none that the caller may see."""
        hql = f"select o from {self.model_class(class_name).name} o where o.id = :id"
        return _first(self.query(call, hql, parameters(id=object_id)))

    def findAll(self, call: Call, class_name: str, page: Any) -> list[Any]:
        """Return all objects of a class, or a page of them."""
        hql = f"select o from {self.model_class(class_name).name} o order by o.id"
        return self.query(call, hql, parameters(page))

    def findByQuery(self, call: Call, hql: str, params: Any) -> Any:
        """Return the one object that a query finds, None for none; raises for more."""
        return _only(self.query(call, hql, params), hql)

    def findAllByQuery(self, call: Call, hql: str, params: Any) -> list[Any]:
        """Return the objects that a query finds."""
        return self.query(call, hql, params)

    def projection(self, call: Call, hql: str, params: Any) -> list[list[Any]]:
        """Return the rows that a query finds."""
        return self.rows(call, hql, params)

    def findByString(self, call: Call, class_name: str, field: str, value: str) -> Any:
        """Return the one object whose property is exactly `value`."""
        kind = self.model_class(class_name)
        hql = f"select o from {kind.name} o where o.{_text_property(kind, field)} = :value"
        return _only(self.query(call, hql, parameters(value=rstring(value))), "findByString")

    def findAllByString(
        self, call: Call, class_name: str, field: str, value: str, case_sensitive: bool, page: Any
    ) -> list[Any]:
        """Return the objects whose property contains `value`, in which % and _ are wildcards."""
        kind = self.model_class(class_name)
        path = f"o.{_text_property(kind, field)}"
        condition = f"{path} like :value" if case_sensitive else f"lower({path}) like lower(:value)"
        hql = f"select o from {kind.name} o where {condition}"
        return self.query(call, hql, parameters(page, value=rstring(f"%{value}%")))

    def findByExample(self, call: Call, example: Any) -> Any:
        """Return the one object that has the example's values."""
        return _only(self.findAllByExample(call, example, None), "findByExample")

    def findAllByExample(self, call: Call, example: Any, page: Any) -> list[Any]:
        """Return the objects that have the values that the example has; its id and relations do not count."""
        if example is None:
            raise api_usage("The example may not be null.")
        kind = self.model_class(type(example).__name__)
        values = dict(_values(kind, example))
        conditions = " and ".join(f"o.{name} = :{name}" for name in values)
        where = f" where {conditions}" if conditions else ""
        return self.query(call, f"select o from {kind.name} o{where} order by o.id", parameters(page, **values))

    def refresh(self, call: Call, target: Any) -> Any:
        """Return an object as it is now."""
        if target is None or target.id is None:
            raise api_usage("The object to refresh must have an id.")
        return self.get(call, type(target).__name__, target.id.val)


def _values(kind: ModelClass, example: Any) -> Any:
    for name, found in kind.properties.items():
        value = getattr(example, f"_{name}", None)
        if isinstance(found, Scalar) and name not in {"id", "version"} and value is not None:
            yield name, value


def _text_property(kind: ModelClass, field: str) -> str:
    found = kind.properties.get(field)
    if not isinstance(found, Scalar) or found.rtype != "rstring":
        raise omero.ApiUsageException(message=f"{kind.name} has no text property {field!r}.")
    return field


def _first(found: list[Any]) -> Any:
    return found[0] if found else None


def _only(found: list[Any], name: str) -> Any:
    if len({(type(one), one.id.val) for one in found}) > 1:
        raise api_usage(
            f"Query named:\n\n\t{name}\n\nhas returned more than one Object\n"
            "findBy methods must return a single value.\nPlease try findAllBy methods for queries which return Lists."
        )
    return _first(found)
