"""ITypes: the values of enumerations."""

from __future__ import annotations

from typing import Any

from omero.rtypes import rstring

from omero_desk.server.servants.base import Service, parameters
from omero_desk.server.wire.calls import Call
from omero_desk.server.wire.exceptions import api_usage


class TypesService(Service):
    """Reads only."""

    def allEnumerations(self, call: Call, class_name: str) -> list[Any]:
        """Return all values of an enumeration."""
        return self.query(call, f"select e from {self._enumeration(class_name)} e order by e.id")

    def getEnumeration(self, call: Call, class_name: str, value: str) -> Any:
        """Return an enumeration's object by its value."""
        kind = self._enumeration(class_name)
        hql = f"select e from {kind} e where e.value = :value"
        found = self.query(call, hql, parameters(value=rstring(value)))
        if not found:
            raise api_usage(f"An enum of type {kind} with value '{value}' does not exist.")
        return found[0]

    def getEnumerationTypes(self, call: Call) -> list[str]:
        """Return the names of the enumerations."""
        return [name for name in self.backend.store.schema.model if self._is_enumeration(name)]

    def _enumeration(self, class_name: str) -> str:
        name = self.model_class(class_name).name
        if not self._is_enumeration(name):
            raise api_usage(f"{name} is no enumeration.")
        return name

    def _is_enumeration(self, name: str) -> bool:
        return ".enums." in self.backend.store.schema.model[name].java_name
