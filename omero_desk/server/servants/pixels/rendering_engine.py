"""RenderingEngine: one image rendered with one set of settings. Follows OMERO's RenderingBean."""

from __future__ import annotations

from contextlib import AbstractContextManager

import numpy as np
import omero
from numpy.typing import NDArray
from omero.rtypes import unwrap

from omero_desk.server.backend import Backend
from omero_desk.server.call import Call
from omero_desk.server.errors import api_usage
from omero_desk.server.images.pixel_source import PixelSource
from omero_desk.server.images.pixel_types import DTYPES
from omero_desk.server.images.sources import requires_pyramid
from omero_desk.server.rendering.composite import Picture
from omero_desk.server.rendering.definition_store import DefinitionStore, owner_of
from omero_desk.server.rendering.definitions import copy_settings, is_compatible, new_definition
from omero_desk.server.rendering.errors import invalid
from omero_desk.server.rendering.jpeg import DEFAULT_QUALITY, as_image, compress
from omero_desk.server.rendering.renderer import render, render_projection
from omero_desk.server.rendering.section import section_of
from omero_desk.server.rendering.settings import settings_of
from omero_desk.server.servants.pixels.channel_settings import ChannelSettingsService


class RenderingEngineService(ChannelSettingsService):
    """Looks up and loads pixels and settings for a client, changes the settings and renders.

    The file is opened for each picture, by the rights of the call that loaded the engine.
    """

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self._loader: Call | None = None
        self._is_requested = False  # the settings were asked for by their id
        self._quality = DEFAULT_QUALITY
        self._level = 0  # from the finest
        self._levels: tuple[tuple[int, int], ...] = ()
        self._tile = (0, 0)

    # Looking up and saving

    def lookupPixels(self, call: Call, pixels_id: int) -> None:
        """Take the image to render; raises omero.ValidationException if there is none."""
        self._pixels = DefinitionStore(self.backend, call).pixels(pixels_id)
        self._is_loaded, self._level = False, 0
        if self._pixels is None:
            raise invalid(f"Pixels object with id {pixels_id} not found.")

    def lookupRenderingDef(self, call: Call, pixels_id: int) -> bool:
        """Take the caller's newest settings for an image, else its owner's; tell whether there are any."""
        store = DefinitionStore(self.backend, call)
        pixels = store.pixels(pixels_id)
        self._definition = None if pixels is None else store.retrieve(pixels)
        self._is_requested = self._is_loaded = False
        return self._definition is not None

    def loadRenderingDef(self, call: Call, definition_id: int) -> None:
        """Take settings by their id; raises omero.ValidationException if they are none, or of an unlike image."""
        pixels, store = self._chosen_pixels, DefinitionStore(self.backend, call)
        found = store.definition(definition_id)
        self._definition, self._is_requested, self._is_loaded = None, True, False
        if found is None:
            raise invalid(f"No rendering definition exists with ID: {definition_id}")
        if not is_compatible(pixels, store.pixels(found.pixels.id.val)):
            raise invalid(f"The rendering definition {definition_id} is incompatible with pixels set {pixels.id.val}")
        self._definition = found

    def load(self, call: Call) -> None:
        """Open the image's file to render it; raises omero.ResourceError if it is missing or broken."""
        pixels, _ = self._chosen_pixels, self._settings
        with self.backend.sources.open(call, pixels.id.val) as source:
            self._levels, self._tile = source.levels, source.tile
        self._loader, self._is_loaded = call, True

    def getRenderingDefId(self, call: Call) -> int:
        """Return the id of the settings."""
        found = None if self._definition is None else unwrap(self._definition.id)
        if found is None:
            raise api_usage("No rendering def")
        return int(found)

    def saveCurrentSettings(self, call: Call) -> None:
        """Save the settings, as the caller's own unless they were asked for by their id."""
        self._save(call, is_new=not (self._is_requested or self._is_own(call)))

    def saveAsNewSettings(self, call: Call) -> int:
        """Save the settings as a new RenderingDef and return its id."""
        return self._save(call, is_new=True)

    def resetDefaultSettings(self, call: Call, save: bool) -> int:
        """Go back to the defaults and return the settings' id; what was asked for by its id is not saved over."""
        pixels, store = self._chosen_pixels, DefinitionStore(self.backend, call)
        if not save or self._is_requested:
            definition, _ = self._loaded()
            store.reset(definition, pixels)
            return unwrap(definition.id) or 0
        return self._reset(call, store, pixels)

    # Pictures

    def render(self, call: Call, plane: omero.romio.PlaneDef) -> omero.romio.RGBBuffer:
        """Return a section's red, green and blue, a band each."""
        picture = self._render(plane)
        height, width = picture.shape
        bands = [((picture >> np.uint32(shift)) & np.uint32(255)).astype(np.uint8).tobytes() for shift in (16, 8, 0)]
        return omero.romio.RGBBuffer(bands=bands, sizeX1=width, sizeX2=height)

    def renderAsPackedInt(self, call: Call, plane: omero.romio.PlaneDef) -> NDArray[np.int32]:
        """Return a section's pixels, 0xAARRGGBB each."""
        return _integers(self._render(plane))

    def renderCompressed(self, call: Call, plane: omero.romio.PlaneDef) -> bytes:
        """Return a section as JPEG."""
        return compress(as_image(self._render(plane)), self._quality)

    def renderProjectedAsPackedInt(
        self,
        call: Call,
        algorithm: omero.constants.projection.ProjectionType,
        t: int,
        stepping: int,
        start: int,
        end: int,
    ) -> NDArray[np.int32]:
        """Return the pixels of a projection along z, 0xAARRGGBB each."""
        return _integers(self._project(algorithm, t, stepping, start, end))

    def renderProjectedCompressed(
        self,
        call: Call,
        algorithm: omero.constants.projection.ProjectionType,
        t: int,
        stepping: int,
        start: int,
        end: int,
    ) -> bytes:
        """Return a projection along z as JPEG."""
        return compress(as_image(self._project(algorithm, t, stepping, start, end)), self._quality)

    def setCompressionLevel(self, call: Call, percentage: float) -> None:
        """Take another quality of JPEGs, 0 to 1."""
        if not 0 <= percentage <= 1:
            raise api_usage("Value must be between 0 and 1.")
        self._quality = percentage

    def getCompressionLevel(self, call: Call) -> float:
        """Return the quality of JPEGs."""
        return self._quality

    # Pyramids: clients count the levels from the smallest

    def requiresPixelsPyramid(self, call: Call) -> bool:
        """Tell whether the image is too large to be handled as one plane."""
        _, pixels = self._loaded()
        dtype = DTYPES[pixels.pixelsType.value.val]
        return requires_pyramid(self.backend.configuration, pixels.sizeX.val, pixels.sizeY.val, dtype)

    def getResolutionLevels(self, call: Call) -> int:
        """Return the number of levels."""
        self._loaded()
        return len(self._levels)

    def getResolutionDescriptions(self, call: Call) -> list[omero.api.ResolutionDescription]:
        """Return the levels' sizes, the largest first."""
        self._loaded()
        return [omero.api.ResolutionDescription(sizeX=width, sizeY=height) for width, height in self._levels]

    def getResolutionLevel(self, call: Call) -> int:
        """Return the level that pictures are made of."""
        self._loaded()
        return len(self._levels) - 1 - self._level

    def setResolutionLevel(self, call: Call, level: int) -> None:
        """Take another level."""
        self._loaded()
        if not 0 <= level < len(self._levels):
            raise api_usage(f"Resolution level {level} is not in 0..{len(self._levels) - 1}.")
        self._level = len(self._levels) - 1 - level

    def getTileSize(self, call: Call) -> list[int]:
        """Return width and height of the tiles that are cheap to render."""
        self._loaded()
        return list(self._tile)

    def _render(self, plane: omero.romio.PlaneDef) -> Picture:
        definition, pixels = self._loaded()
        section = section_of(plane, self._level)
        with self._source(pixels) as source:
            return render(settings_of(definition, pixels), source, section)

    def _project(
        self, algorithm: omero.constants.projection.ProjectionType, t: int, stepping: int, start: int, end: int
    ) -> Picture:
        definition, pixels = self._loaded()
        settings = settings_of(definition, pixels)
        with self._source(pixels) as source:
            return render_projection(settings, source, algorithm.value, t, stepping, start, end, self._level)

    def _source(self, pixels: omero.model.Pixels) -> AbstractContextManager[PixelSource]:
        assert self._loader is not None
        return self.backend.sources.open(self._loader, pixels.id.val)

    def _is_own(self, call: Call) -> bool:
        return owner_of(self._settings) == call.caller.user_id

    def _save(self, call: Call, *, is_new: bool) -> int:
        store, old = DefinitionStore(self.backend, call), self._settings
        pixels = self._chosen_pixels
        if is_new:
            made = new_definition(pixels)
            made.name, made.compression = old.name, old.compression
            copy_settings(old, made, pixels)
            found = store.save([made])[0]
            self.loadRenderingDef(call, found)
        else:
            found = store.save([old])[0]
            self._definition = store.retrieve(pixels)
        self.load(call)
        return found

    def _reset(self, call: Call, store: DefinitionStore, pixels: omero.model.Pixels) -> int:
        if self._definition is None:
            self._definition, self._is_requested = store.retrieve(pixels), False
        if self._definition is not None:
            self._loaded()
        is_own = self._definition is not None and self._is_own(call)
        found = store.save([store.reset(self._definition if is_own else None, pixels)])[0]
        self._definition = store.retrieve(pixels)
        self.load(call)
        return found


def _integers(picture: Picture) -> NDArray[np.int32]:
    return picture.view(np.int32).ravel()
