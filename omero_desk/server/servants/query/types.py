"""ITypes: the values of enumerations. Follows OMERO's TypesImpl."""

from __future__ import annotations

from collections.abc import Sequence

import omero.model
from omero.model import IObject
from omero.rtypes import rstring, unwrap

from omero_desk.server.access.caller import empowered
from omero_desk.server.call import Call
from omero_desk.server.database.enumerations import ENUMERATIONS
from omero_desk.server.errors import api_usage
from omero_desk.server.saving.delete import delete_object
from omero_desk.server.saving.save import save_graph
from omero_desk.server.servants.admin.administration import admins_only
from omero_desk.server.servants.base import Service, parameters


class TypesService(Service):
    """Everybody reads and adds values; administrators change and delete them."""

    def allEnumerations(self, call: Call, class_name: str) -> list[IObject]:
        """Return all values of an enumeration."""
        return self.query(call, f"select e from {self._enumeration(class_name)} e order by e.id")

    def getEnumeration(self, call: Call, class_name: str, value: str) -> IObject:
        """Return an enumeration's object by its value."""
        kind = self._enumeration(class_name)
        hql = f"select e from {kind} e where e.value = :value"
        found: list[IObject] = self.query(call, hql, parameters(value=rstring(value)))
        if not found:
            java_name = self.backend.store.schema.model[kind].java_name
            raise api_usage(f"An {java_name} enum does not exist with the value: {value}")
        return found[0]

    def getEnumerationTypes(self, call: Call) -> list[str]:
        """Return the names of the enumerations."""
        return [name for name, found in self.backend.store.schema.model.items() if found.is_enum]

    def getEnumerationsWithEntries(self, call: Call) -> dict[str, list[IObject]]:
        """Return all values of all enumerations by their names."""
        return {name: self.allEnumerations(call, name) for name in self.getEnumerationTypes(call)}

    def getAnnotationTypes(self, call: Call) -> list[str]:
        """Return the names of the classes that can be annotated."""
        model = self.backend.store.schema.model
        return [name for name in model if f"{name}AnnotationLink" in model]

    def createEnumeration(self, call: Call, target: IObject) -> IObject:
        """Add a value to an enumeration, as any user may."""
        self._check(target)
        self._check_new(call, target)
        with self.backend.write() as connection:
            return save_graph(self.backend.store.schema, connection, empowered(call.caller), [target], anywhere=True)[0]

    def updateEnumeration(self, call: Call, target: IObject) -> IObject:
        """Change a value, as an administrator; return it."""
        return self._save(call, [target])[0]

    def updateEnumerations(self, call: Call, targets: Sequence[IObject]) -> None:
        """Change values, as an administrator."""
        self._save(call, targets)

    def deleteEnumeration(self, call: Call, target: IObject) -> None:
        """Delete a value that nothing has, as an administrator."""
        admins_only(call)
        self._check(target)
        with self.backend.write() as connection:
            delete_object(self.backend.store.schema, connection, call.caller, target)

    def getOriginalEnumerations(self, call: Call) -> list[IObject]:
        """Return, for administrators, the values of a new library, without ids."""
        admins_only(call)
        return [_made(name, value) for name, values in ENUMERATIONS.items() for value in values]

    def resetEnumerations(self, call: Call, class_name: str) -> None:
        """Give an enumeration the values of a new library that it lacks, and delete others that nothing has."""
        admins_only(call)
        kind = self._enumeration(class_name)
        original = ENUMERATIONS.get(kind, [])
        known = {_value(one): one for one in self.allEnumerations(call, kind)}
        schema = self.backend.store.schema
        with self.backend.write() as connection:
            missing = [_made(kind, value) for value in original if value not in known]
            save_graph(schema, connection, call.caller, missing)
            for value in known.keys() - set(original):
                delete_object(schema, connection, call.caller, known[value])

    def _save(self, call: Call, targets: Sequence[IObject]) -> list[IObject]:
        admins_only(call)
        for target in targets:
            self._check(target)
        with self.backend.write() as connection:
            return save_graph(self.backend.store.schema, connection, call.caller, list(targets))

    def _enumeration(self, class_name: str) -> str:
        found = self.model_class(class_name)
        if not found.is_enum:
            raise api_usage(f"{found.name} is no enumeration.")
        return found.name

    def _check(self, target: IObject | None) -> None:
        if target is None:
            raise api_usage("An enumeration may not be null.")
        self._enumeration(type(target).__name__)

    def _check_new(self, call: Call, target: IObject) -> None:
        """Refuse a value that exists: saving it would return the known one."""
        kind, value = self._enumeration(type(target).__name__), _value(target)
        hql = f"select e.id from {kind} e where e.value = :value"
        if value is not None and self.rows(call, hql, parameters(value=rstring(value))):
            raise omero.ValidationException(message=f"could not save: {kind} {value} is there already")


def _made(kind: str, value: str) -> IObject:
    made: IObject = getattr(omero.model, f"{kind}I")()
    vars(made)["_value"] = rstring(value)  # which every enumeration has
    return made


def _value(enumeration: IObject) -> str | None:
    value: str | None = unwrap(getattr(enumeration, "_value", None))
    return value
