"""IPixels's half of rendering settings: found and saved by the Pixels that they are for."""

from __future__ import annotations

from omero.model import RenderingDef

from omero_desk.server.call import Call
from omero_desk.server.errors import api_usage
from omero_desk.server.rendering.definition_store import DefinitionStore
from omero_desk.server.rendering.errors import invalid
from omero_desk.server.servants.base import Service


class PixelsSettings(Service):
    """Follows OMERO's PixelsImpl."""

    def retrieveRndSettings(self, call: Call, pixels_id: int) -> RenderingDef | None:
        """Return the caller's newest settings, else those of the pixels' owner, or None."""
        store = DefinitionStore(self.backend, call)
        pixels = store.pixels(pixels_id)
        if pixels is None:
            raise invalid(f"The requested object (ome.model.core.Pixels,{pixels_id}) is not available.")
        return store.retrieve(pixels)

    def retrieveRndSettingsFor(self, call: Call, pixels_id: int, user_id: int) -> RenderingDef | None:
        """Return a user's newest settings, anybody's for the user -1, or None."""
        found = self.retrieveAllRndSettings(call, pixels_id, user_id)
        return found[0] if found else None

    def retrieveAllRndSettings(self, call: Call, pixels_id: int, user_id: int) -> list[RenderingDef]:
        """Return all settings of a user, of everybody for the user -1, the newest first."""
        return DefinitionStore(self.backend, call).of([pixels_id], user_id)

    def loadRndSettings(self, call: Call, definition_id: int) -> RenderingDef | None:
        """Return settings by their id, or None."""
        return DefinitionStore(self.backend, call).definition(definition_id)

    def saveRndSettings(self, call: Call, definition: RenderingDef | None) -> None:
        """Save settings."""
        if definition is None:
            raise api_usage("An object to save may not be null.")
        DefinitionStore(self.backend, call).save([definition])
