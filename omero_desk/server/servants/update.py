"""IUpdate: saving graphs of objects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from omero_desk.server.saving.delete import delete_object
from omero_desk.server.saving.save import save_graph
from omero_desk.server.servants.administration import admins_only, validation
from omero_desk.server.servants.base import Service
from omero_desk.server.wire.calls import Call
from omero_desk.server.wire.exceptions import api_usage


class UpdateService(Service):
    """Every call is one transaction: all of a graph is saved, or none of it."""

    def saveObject(self, call: Call, target: Any) -> None:
        """Save an object and what hangs on it."""
        self._save(call, [target])

    def saveAndReturnObject(self, call: Call, target: Any) -> Any:
        """Save an object and what hangs on it; return it as it is now."""
        return self._save(call, [target])[0]

    def saveCollection(self, call: Call, targets: Sequence[Any]) -> None:
        """Save several objects."""
        self._save(call, targets)

    def saveArray(self, call: Call, targets: Sequence[Any]) -> None:
        """Save several objects."""
        self._save(call, targets)

    def saveAndReturnArray(self, call: Call, targets: Sequence[Any]) -> list[Any]:
        """Save several objects; return them as they are now."""
        return self._save(call, targets)

    def saveAndReturnIds(self, call: Call, targets: Sequence[Any]) -> list[int]:
        """Save several objects; return their ids."""
        return [saved.id.val for saved in self._save(call, targets)]

    def deleteObject(self, call: Call, target: Any) -> None:
        """Delete an object that nothing points at."""
        if target is None:
            return
        with self.backend.write() as connection:
            delete_object(self.backend.store.schema, connection, call.caller, target)

    def indexObject(self, call: Call, target: Any) -> None:
        """Nothing waits to be indexed: administrators are told so at once."""
        admins_only(call)
        if target is None or target.id is None:
            raise validation("Non-managed object cannot be indexed.")

    def _save(self, call: Call, targets: Sequence[Any]) -> list[Any]:
        if any(target is None for target in targets):
            raise api_usage("An object to save may not be null.")
        with self.backend.write() as connection:
            return save_graph(self.backend.store.schema, connection, call.caller, list(targets))
