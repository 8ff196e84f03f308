"""A small image without a server, for a viewer that nobody sees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from typing_extensions import override

from omero_desk.entities.images import Channel, ImageInfo, OpenedImage, PixelType
from omero_desk.entities.objects import Kind, Ref
from omero_desk.models.rasters.raster import Raster, RasterRegion
from omero_desk.models.rasters.viewport import Rect
from omero_desk.models.viewer.image import ImageModel

_SIDE: Final = 64
_CHANNELS: Final = tuple(Channel(number, extremes=(0.0, 1.0)) for number in range(3))
_INFO: Final = ImageInfo(
    Ref(Kind.IMAGE, 0), "", 0, _SIDE, _SIDE, 2, len(_CHANNELS), 2, PixelType.UINT16, channels=_CHANNELS
)


class _BlankRaster(Raster):
    """Black planes, which are there at once."""

    sizes = ((_SIDE, _SIDE),)

    @override
    def region(self, channels: Sequence[int], z: int, t: int, level: int, rect: Rect) -> RasterRegion:
        return RasterRegion({channel: np.zeros((rect.height, rect.width), np.uint16) for channel in channels})

    @override
    def close(self) -> None:
        """Do nothing: nothing is being read."""


def blank_image(report: Callable[[BaseException], object]) -> ImageModel:
    """Return a black image of three channels, two sections and two time points, on its way."""

    async def read(_ref: Ref) -> OpenedImage:
        return OpenedImage(_INFO, ())

    async def raster(_info: ImageInfo) -> Raster:
        return _BlankRaster()

    image = ImageModel(_INFO.ref, read, raster, report)
    image.open()
    return image
