"""IUpdate: saving graphs of objects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from omero.model import IObject

from omero_desk.server.call import Call
from omero_desk.server.errors import api_usage
from omero_desk.server.saving.delete import delete_object
from omero_desk.server.saving.save import GraphSave
from omero_desk.server.servants.admin.administration import admins_only, validation
from omero_desk.server.servants.base import Service

Entity = TypeVar("Entity", bound=IObject)


class UpdateService(Service):
    """Saves each graph in one transaction."""

    def saveObject(self, call: Call, target: IObject) -> None:
        """Save an object and what it refers to."""
        self._save(call, [target])

    def saveAndReturnObject(self, call: Call, target: Entity) -> Entity:
        """Save an object and what it refers to; return it as it is now."""
        return self._save(call, [target], is_returned=True)[0]

    def saveCollection(self, call: Call, targets: Sequence[IObject]) -> None:
        """Save several objects."""
        self._save(call, targets)

    def saveArray(self, call: Call, targets: Sequence[IObject]) -> None:
        """Save several objects."""
        self._save(call, targets)

    def saveAndReturnArray(self, call: Call, targets: Sequence[Entity]) -> list[Entity]:
        """Save several objects; return them as they are now."""
        return self._save(call, targets, is_returned=True)

    def saveAndReturnIds(self, call: Call, targets: Sequence[IObject]) -> list[int]:
        """Save several new objects; return their ids."""
        return [saved.id.val for saved in self._save(call, targets, is_insert=True)]

    def deleteObject(self, call: Call, target: IObject | None) -> None:
        """Delete an object that nothing points at."""
        if target is None:
            return
        with self.backend.write() as connection:
            delete_object(self.backend.store.schema, connection, call.caller, target)

    def indexObject(self, call: Call, target: IObject | None) -> None:
        """Do nothing, for administrators only: objects are indexed when they are saved."""
        admins_only(call)
        if target is None or target.id is None:
            raise validation("Non-managed object cannot be indexed.")

    def _save(
        self, call: Call, targets: Sequence[Entity], *, is_returned: bool = False, is_insert: bool = False
    ) -> list[Entity]:
        if any(target is None for target in targets):
            raise api_usage("An object to save may not be null.")
        saving = GraphSave(self.backend.store.schema, call.caller, targets)
        with self.backend.write() as connection:
            saving.write(connection, is_returned=is_returned, is_insert=is_insert)
        saving.fill()
        return list(targets)
