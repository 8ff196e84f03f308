"""IQuery: finding objects and rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeVar

import omero
import sqlalchemy as sa
from omero.model import IObject
from omero.rtypes import rstring

from omero_desk.server.call import Call
from omero_desk.server.database.model import ModelClass, Scalar
from omero_desk.server.database.schema import DISCRIMINATOR
from omero_desk.server.errors import api_usage, security_violation, server_error
from omero_desk.server.search.full_text import find_all_by_full_text
from omero_desk.server.search.library import SearchLibrary
from omero_desk.server.servants.base import Service, parameters, where

Entity = TypeVar("Entity", bound=IObject)


class QueryService(Service):
    """Follows OMERO's QueryImpl."""

    def get(self, call: Call, class_name: str, object_id: int) -> IObject:
        """Return an object; omero.ValidationException if there is none, and as `find` if it may not be seen."""
        found = self.find(call, class_name, object_id)
        if found is None:
            java_name = self.model_class(class_name).java_name
            raise server_error(
                omero.ValidationException, f"No row with the given identifier exists: [{java_name}#{object_id}]"
            )
        return found

    def find(self, call: Call, class_name: str, object_id: int) -> IObject | None:
        """Return an object, None if there is none; omero.SecurityViolation if the caller may not see it.

        An object that is asked for by its id is loaded past the security filter, and then refused (ACLEventListener).
        """
        kind = self.model_class(class_name)
        hql = f"select o from {kind.name} o where o.id = :id"
        objects: list[IObject] = self.query(call, hql, parameters(id=object_id))
        found = _first(objects)
        if found is None:
            self._refuse_hidden(kind, object_id)
        return found

    def findAll(self, call: Call, class_name: str, page: omero.sys.Filter | None) -> list[IObject]:
        """Return all objects of a class, or a page of them."""
        hql = f"select o from {self.model_class(class_name).name} o order by o.id"
        return self.query(call, hql, parameters(page))

    def findByQuery(self, call: Call, hql: str, params: omero.sys.Parameters | None) -> IObject | None:
        """Return the one object that a query finds, None for none; raises for more."""
        return _only(self.findAllByQuery(call, hql, params), hql)

    def findAllByQuery(self, call: Call, hql: str, params: omero.sys.Parameters | None) -> list[IObject]:
        """Return the objects that a query finds.

        The full name of a class is a query too (ClassQuerySource): its objects with the values of the parameters.
        """
        _check_lists(hql, params)
        return self.query(call, self._named(hql, params), params)

    def projection(self, call: Call, hql: str, params: omero.sys.Parameters | None) -> list[list[omero.RType | None]]:
        """Return the rows that a query finds."""
        _check_lists(hql, params)
        return self.rows(call, hql, params)

    def findByString(self, call: Call, class_name: str, field: str, value: str) -> IObject | None:
        """Return the one object whose property is exactly `value`."""
        kind = self.model_class(class_name)
        hql = f"select o from {kind.name} o where o.{_text_property(kind, field)} = :value"
        found: list[IObject] = self.query(call, hql, parameters(value=rstring(value)))
        return _only(found, "findByString")

    def findAllByString(
        self, call: Call, class_name: str, field: str, value: str, case_sensitive: bool, page: omero.sys.Filter | None
    ) -> list[IObject]:
        """Return the objects whose property contains `value`, in which % and _ are wildcards."""
        kind = self.model_class(class_name)
        path = f"o.{_text_property(kind, field)}"
        condition = f"{path} like :value" if case_sensitive else f"lower({path}) like lower(:value)"
        hql = f"select o from {kind.name} o where {condition}"
        return self.query(call, hql, parameters(page, value=rstring(f"%{value}%")))

    def findByExample(self, call: Call, example: IObject) -> IObject | None:
        """Return the one object that has the example's values."""
        return _only(self.findAllByExample(call, example, None), "findByExample")

    def findAllByExample(self, call: Call, example: IObject | None, page: omero.sys.Filter | None) -> list[IObject]:
        """Return the objects that have the values that the example has; its id and relations do not count."""
        if example is None:
            raise api_usage("The example may not be null.")
        kind = self.model_class(type(example).__name__)
        values = dict(_values(kind, example))
        conditions = " and ".join(f"o.{name} = :{name}" for name in values)
        where = f" where {conditions}" if conditions else ""
        return self.query(call, f"select o from {kind.name} o{where} order by o.id", parameters(page, **values))

    def findAllByFullText(
        self, call: Call, class_name: str, text: str, params: omero.sys.Parameters | None
    ) -> list[IObject]:
        """Return the objects that words find."""
        library = SearchLibrary(self.backend.store, call.caller, call.group)
        return find_all_by_full_text(library, class_name, text, params)

    def refresh(self, call: Call, target: IObject | None) -> IObject:
        """Return an object as it is now."""
        if target is None or target.id is None:
            raise api_usage("The object to refresh must have an id.")
        return self.get(call, type(target).__name__, target.id.val)

    def _named(self, hql: str, params: omero.sys.Parameters | None) -> str:
        kind = self.backend.store.schema.model.get(hql.rpartition(".")[2])
        if kind is None or hql != kind.java_name:
            return hql
        conditions = where([f"o.{name} = :{name}" for name in getattr(params, "map", None) or ()])
        return f"select o from {kind.name} o{conditions}"

    def _refuse_hidden(self, kind: ModelClass, object_id: int) -> None:
        schema = self.backend.store.schema
        table = schema.table(kind.name)
        wanted = sa.select(table.c.get(DISCRIMINATOR, sa.literal(kind.name))).where(table.c.id == object_id)
        is_kind = schema.is_class(table, kind.name)
        with self.backend.store.read() as connection:
            actual = connection.scalar(wanted if is_kind is None else wanted.where(is_kind))
        if actual is not None:
            raise security_violation(f"Cannot read {schema.model[actual].java_name}:Id_{object_id}")


def _check_lists(hql: str, params: omero.sys.Parameters | None) -> None:
    """Refuse a list without elements that the query uses, which Hibernate 3 cannot parse."""
    for name, value in (getattr(params, "map", None) or {}).items():
        if isinstance(value, omero.RCollection) and not value.val and re.search(rf":{re.escape(name)}\b", hql):
            reason = f"unexpected end of subtree [{hql}]"
            raise api_usage(f"{reason}; nested exception is org.hibernate.hql.ast.QuerySyntaxException: {reason}")


def _values(kind: ModelClass, example: IObject) -> Iterator[tuple[str, omero.RType]]:
    for name, found in kind.properties.items():
        value = getattr(example, f"_{name}", None)
        if isinstance(found, Scalar) and name not in {"id", "version"} and value is not None:
            yield name, value


def _text_property(kind: ModelClass, field: str) -> str:
    found = kind.properties.get(field)
    if not isinstance(found, Scalar) or found.rtype != "rstring":
        raise omero.ApiUsageException(message=f"{kind.name} has no text property {field!r}.")
    return field


def _first(found: Sequence[Entity]) -> Entity | None:
    return found[0] if found else None


def _only(found: Sequence[Entity], name: str) -> Entity | None:
    if len({(type(one), one.id.val) for one in found}) > 1:
        raise api_usage(
            f"Query named:\n\n\t{name}\n\nhas returned more than one Object\n"
            "findBy methods must return a single value.\nPlease try findAllBy methods for queries which return Lists."
        )
    return _first(found)
