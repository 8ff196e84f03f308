"""IRenderingSettings: the rendering settings of many images at once. Follows OMERO's RenderingSettingsImpl."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import omero
from omero.model import Pixels, RenderingDef
from omero.rtypes import rdouble, unwrap

from omero_desk.server.call import Call
from omero_desk.server.errors import api_usage
from omero_desk.server.rendering.definition_store import DefinitionStore
from omero_desk.server.rendering.definitions import copy_settings, is_compatible, new_definition
from omero_desk.server.rendering.errors import invalid
from omero_desk.server.rendering.settings import extremes_of, range_of
from omero_desk.server.servants.base import Service, parameters

_JOINS: Final = {
    "Project": "join p.image i join i.datasetLinks l join l.parent d join d.projectLinks k where k.parent.id in (:ids)",
    "Dataset": "join p.image i join i.datasetLinks l where l.parent.id in (:ids)",
    "Image": "where p.image.id in (:ids)",
    "Plate": "join p.image i join i.wellSamples s join s.well w where w.plate.id in (:ids)",
    "Pixels": "where p.id in (:ids)",
    "Screen": (
        "join p.image i join i.wellSamples s join s.well w join w.plate q join q.screenLinks l "
        "where l.parent.id in (:ids)"
    ),
    "PlateAcquisition": "join p.image i join i.wellSamples s where s.plateAcquisition.id in (:ids)",
}
_Answer = dict[bool, list[int]]


class RenderingSettingsService(Service):
    """Changes the caller's own settings, and makes them if there are none."""

    def sanityCheckPixels(self, call: Call, source: Pixels, target: Pixels) -> bool:
        """Tell whether settings of one image may serve another; both come with their type, sizes and channels."""
        try:
            return is_compatible(source, target)
        except (AttributeError, omero.ClientError):
            raise api_usage("The pixels must be given with their type, sizes and channels.") from None

    def getRenderingSettings(self, call: Call, pixels_id: int) -> RenderingDef | None:
        """Return the caller's newest settings for an image, else its owner's, or None."""
        store = DefinitionStore(self.backend, call)
        pixels = store.pixels(pixels_id)
        return None if pixels is None else store.retrieve(pixels)

    def createNewRenderingDef(self, call: Call, pixels: Pixels | None) -> RenderingDef | None:
        """Return settings that say nothing yet and are not saved."""
        return None if pixels is None else new_definition(pixels)

    def resetDefaults(self, call: Call, definition: RenderingDef, pixels: Pixels) -> None:
        """Set settings to the defaults and save them."""
        DefinitionStore(self.backend, call).save([self.resetDefaultsNoSave(call, definition, pixels)])

    def resetDefaultsNoSave(self, call: Call, definition: RenderingDef, pixels: Pixels | None) -> RenderingDef:
        """Return settings set to the defaults."""
        store = DefinitionStore(self.backend, call)
        known = None if pixels is None or pixels.id is None else store.pixels(pixels.id.val)
        if known is None:
            raise invalid("There are no such pixels.")
        return store.reset(definition, known)

    def resetDefaultsInImage(self, call: Call, image_id: int) -> None:
        """Set the settings of an image to the defaults."""
        self.resetDefaultsInSet(call, "Image", [image_id])

    def resetDefaultsForPixels(self, call: Call, pixels_id: int) -> None:
        """Set the settings of pixels to the defaults."""
        self.resetDefaultsInSet(call, "Pixels", [pixels_id])

    def resetDefaultsInDataset(self, call: Call, dataset_id: int) -> list[int]:
        """Set the settings of a dataset's images to the defaults; return the images' ids."""
        return self.resetDefaultsInSet(call, "Dataset", [dataset_id])

    def resetDefaultsInSet(self, call: Call, kind: str, ids: Sequence[int]) -> list[int]:
        """Set the settings of all images in containers to the defaults; return the images' ids."""
        return self._reset(call, kind, ids, is_measured=True)

    def setOriginalSettingsInImage(self, call: Call, image_id: int) -> None:
        """As `resetDefaultsInImage`, without a look at the pixels."""
        self.setOriginalSettingsInSet(call, "Image", [image_id])

    def setOriginalSettingsForPixels(self, call: Call, pixels_id: int) -> None:
        """As `resetDefaultsForPixels`, without a look at the pixels."""
        self.setOriginalSettingsInSet(call, "Pixels", [pixels_id])

    def setOriginalSettingsInDataset(self, call: Call, dataset_id: int) -> list[int]:
        """As `resetDefaultsInDataset`, without a look at the pixels."""
        return self.setOriginalSettingsInSet(call, "Dataset", [dataset_id])

    def setOriginalSettingsInSet(self, call: Call, kind: str, ids: Sequence[int]) -> list[int]:
        """As `resetDefaultsInSet`, without a look at the pixels."""
        return self._reset(call, kind, ids, is_measured=False)

    def resetDefaultsByOwnerInSet(self, call: Call, kind: str, ids: Sequence[int]) -> list[int]:
        """Take over the settings of the images' owners; return the ids of the images that have any."""
        store = DefinitionStore(self.backend, call)
        found = self._pixels(call, store, kind, ids)
        owners, mine = store.of_owner(found), self._mine(call, store, found)
        changed = [pixels for pixels in found if pixels.id.val in owners]
        store.save([_applied(owners[p.id.val], mine.get(p.id.val), p) for p in changed])
        return [pixels.image.id.val for pixels in changed]

    def resetMinMaxInSet(self, call: Call, kind: str, ids: Sequence[int]) -> list[int]:
        """Show the whole range of every channel; return the *pixels'* ids, as OMERO does."""
        store = DefinitionStore(self.backend, call)
        found = self._pixels(call, store, kind, ids)
        mine = self._mine(call, store, found)
        missing = [pixels for pixels in found if pixels.id.val not in mine]
        for pixels in found:
            if pixels.id.val in mine:
                _show_all(mine[pixels.id.val], pixels)
        store.save([*mine.values(), *(store.reset(None, pixels, is_measured=False) for pixels in missing)])
        return [pixels.id.val for pixels in found]

    def applySettingsToSet(self, call: Call, source_id: int, kind: str, ids: Sequence[int]) -> _Answer:
        """Give all images in containers the settings of Pixels; return the images' ids by whether that could be."""
        store = DefinitionStore(self.backend, call)
        found = self._pixels(call, store, kind, ids)
        answer: _Answer = {True: [], False: []}
        if not found:
            return answer
        source = store.pixels(source_id)
        if source is None:
            raise invalid(f"No pixels set with ID: {source_id}")
        settings, mine = store.retrieve(source), self._mine(call, store, found)
        changed = []
        for pixels in found:
            is_source = pixels.id.val == source_id
            is_taker = not is_source and settings is not None and is_compatible(source, pixels)
            answer[is_source or is_taker].append(pixels.image.id.val)
            if settings is not None and is_taker:
                changed.append(_applied(settings, mine.get(pixels.id.val), pixels))
        store.save(changed)
        return answer

    def applySettingsToProject(self, call: Call, source_id: int, project_id: int) -> _Answer:
        """Give all images of a project the settings of Pixels."""
        return self.applySettingsToSet(call, source_id, "Project", [project_id])

    def applySettingsToDataset(self, call: Call, source_id: int, dataset_id: int) -> _Answer:
        """Give all images of a dataset the settings of Pixels."""
        return self.applySettingsToSet(call, source_id, "Dataset", [dataset_id])

    def applySettingsToImages(self, call: Call, source_id: int, image_ids: Sequence[int]) -> _Answer:
        """Give images the settings of Pixels."""
        return self.applySettingsToSet(call, source_id, "Image", image_ids)

    def applySettingsToImage(self, call: Call, source_id: int, image_id: int) -> bool:
        """Give an image the settings of Pixels; tell whether that could be."""
        return image_id in self.applySettingsToSet(call, source_id, "Image", [image_id])[True]

    def applySettingsToPixels(self, call: Call, source_id: int, pixels_id: int) -> bool:
        """Give Pixels the settings of others; tell whether that could be."""
        return bool(self.applySettingsToSet(call, source_id, "Pixels", [pixels_id])[True])

    def _reset(self, call: Call, kind: str, ids: Sequence[int], *, is_measured: bool) -> list[int]:
        store = DefinitionStore(self.backend, call)
        found = self._pixels(call, store, kind, ids)
        mine = self._mine(call, store, found)
        done = []
        for pixels in found:
            made = store.try_reset(mine.get(pixels.id.val), pixels, is_measured=is_measured)
            if made is not None:
                done.append((pixels.image.id.val, made))
        store.save([made for _, made in done])
        return [image_id for image_id, _ in done]

    def _pixels(self, call: Call, store: DefinitionStore, kind: str, ids: Sequence[int]) -> list[Pixels]:
        name = kind.rpartition(".")[2]
        if name not in _JOINS:
            known = ", ".join(_JOINS)
            raise api_usage(f"Class parameter for changing settings must be in {{{known}}}, not {kind}")
        if not ids:
            return []
        rows = self.rows(call, f"select distinct p.id from Pixels p {_JOINS[name]} order by p.id", parameters(ids=ids))
        return store.pixels_of(unwrap(row[0]) for row in rows)

    def _mine(self, call: Call, store: DefinitionStore, pixels: Sequence[Pixels]) -> dict[int, RenderingDef]:
        return store.newest([each.id.val for each in pixels], call.caller.user_id)


def _applied(source: RenderingDef, target: RenderingDef | None, pixels: Pixels) -> RenderingDef:
    """Return a user's settings for Pixels, new ones if there are none, as others are."""
    made = new_definition(pixels) if target is None else target
    if source.id.val != unwrap(made.id):
        copy_settings(source, made, pixels)
    return made


def _show_all(definition: RenderingDef, pixels: Pixels) -> None:
    kind = range_of(pixels)
    for binding, channel in zip(definition.copyWaveRendering(), pixels.copyChannels(), strict=False):
        low, high = extremes_of(channel) or (kind.lowest, kind.highest)
        binding.inputStart, binding.inputEnd = rdouble(low), rdouble(high)
