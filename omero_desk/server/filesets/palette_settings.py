"""The rendering settings with which images of palettes are entered.

OMERO's importer makes settings for every image (OMEROMetadataStoreClient.resetDefaultsAndGenerateThumbnails). Here they
are made when somebody looks; but clients have rules of their own for an image without settings, and no rule for
palettes: it is in colour, and its window is the whole range of its values, which are places in a table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from omero_desk.server.images.library import ImageRecord
from omero_desk.server.images.pixel_types import DTYPES

AddRows = Callable[[str, Sequence[Mapping[str, object]]], list[int]]
"""Insert rows of a class; return their ids."""

_FULL: Final = 255


def add_settings(
    add: AddRows, image: ImageRecord, pixels_id: int, luts: Sequence[str | None], model_id: int, family_id: int
) -> None:
    """Enter settings of pixels whose channels have lookup tables of these names."""
    kind = DTYPES[image.pixel_type]
    limits = np.iinfo(kind.name) if kind.kind in "iu" else None
    (quantum_id,) = add("QuantumDef", [{"cdStart": 0, "cdEnd": _FULL, "bitResolution": _FULL}])
    settings = {"pixels_id": pixels_id, "defaultZ": image.size_z // 2, "defaultT": 0, "model_id": model_id}
    (settings_id,) = add("RenderingDef", [{**settings, "quantization_id": quantum_id}])
    rows = []
    for number, (channel, lut) in enumerate(zip(image.channels, luts, strict=True)):
        red, green, blue, alpha = channel.metadata.color or (_FULL,) * 4
        row: dict[str, object] = {"renderingDef_id": settings_id, "renderingDef_index": number, "family_id": family_id}
        row |= {"coefficient": 1.0, "noiseReduction": False, "active": number < 3, "lookupTable": lut}
        row |= {"inputStart": float(limits.min if limits else 0), "inputEnd": float(limits.max if limits else _FULL)}
        rows.append({**row, "red": red, "green": green, "blue": blue, "alpha": alpha})
    add("ChannelBinding", rows)
