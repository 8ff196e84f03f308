"""The frozen data of one image: its pixels, its channels, and how it is rendered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final, TypedDict, Unpack

import numpy as np

from omero_desk.entities.objects import Permissions, Ref

Color = tuple[int, int, int, int]
"""Red, green, blue and alpha, 0 to 255."""

NOTHING_ALLOWED: Final = Permissions()
WHITE: Final[Color] = (255, 255, 255, 255)


class PixelType(Enum):
    """OMERO's types of pixels; the value is OMERO's name."""

    BIT = "bit"
    INT8 = "int8"
    UINT8 = "uint8"
    INT16 = "int16"
    UINT16 = "uint16"
    INT32 = "int32"
    UINT32 = "uint32"
    FLOAT = "float"
    DOUBLE = "double"

    @property
    def dtype(self) -> np.dtype[np.generic]:
        """The type in which pixels come over the wire: big-endian. A bit comes as a byte."""
        name = {"bit": "uint8", "float": "float32", "double": "float64"}.get(self.value, self.value)
        found: np.dtype[np.generic] = np.dtype(name).newbyteorder(">")
        return found

    @property
    def is_integer(self) -> bool:
        """True if all values are whole numbers."""
        return self not in (PixelType.FLOAT, PixelType.DOUBLE)

    @property
    def has_table(self) -> bool:
        """True if there are so few values that each of them is rendered once, into a table."""
        return self.is_integer and self.dtype.itemsize <= 2

    @property
    def limits(self) -> tuple[float, float]:
        """The least and the greatest value; floating point numbers have those of int32, as Bio-Formats sees it."""
        if self is PixelType.BIT:
            return 0.0, 1.0
        found = np.iinfo(self.dtype.name if self.is_integer else "int32")
        return float(found.min), float(found.max)


class Model(Enum):
    """The way in which channels become a picture; the value is OMERO's name."""

    RGB = "rgb"
    GREYSCALE = "greyscale"


class Family(Enum):
    """The curve from pixel values to brightness; the value is OMERO's name."""

    LINEAR = "linear"
    POLYNOMIAL = "polynomial"
    EXPONENTIAL = "exponential"
    LOGARITHMIC = "logarithmic"


@dataclass(frozen=True, slots=True)
class Length:
    """A size with its unit's symbol, such as 0.13 and µm."""

    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as it was acquired; wavelengths in nm, `extremes` the least and greatest value if anybody measured."""

    index: int
    name: str = ""
    color: Color | None = None
    emission: float | None = None
    excitation: float | None = None
    extremes: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """The description of an image, without its pixels. Times are milliseconds since 1970 UTC."""

    ref: Ref
    name: str
    pixels_id: int
    size_x: int
    size_y: int
    size_z: int
    size_c: int
    size_t: int
    pixel_type: PixelType
    significant_bits: int | None = None
    physical_x: Length | None = None
    physical_y: Length | None = None
    physical_z: Length | None = None
    channels: tuple[Channel, ...] = ()
    owner_id: int | None = None
    group_id: int | None = None
    fileset_id: int | None = None
    acquired: int | None = None
    permissions: Permissions = NOTHING_ALLOWED

    @property
    def plane_bytes(self) -> int:
        """The size of one plane."""
        return self.size_x * self.size_y * self.pixel_type.dtype.itemsize

    def channel_name(self, number: int) -> str:
        """Return the name of a channel; "" where it has none."""
        return self.channels[number].name if number < len(self.channels) else ""


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """The rendering of a channel: values from `start` to `end` go from dark to bright; `lut` wins over `color`."""

    active: bool = True
    start: float = 0.0
    end: float = 255.0
    color: Color = WHITE
    lut: str = ""
    family: Family = Family.LINEAR
    coefficient: float = 1.0
    reverse: bool = False
    noise_reduction: bool = False


class ChannelChange(TypedDict, total=False):
    """Some fields of `ChannelSettings`."""

    active: bool
    start: float
    end: float
    color: Color
    lut: str
    family: Family
    coefficient: float
    reverse: bool
    noise_reduction: bool


@dataclass(frozen=True, slots=True)
class RenderingSettings:
    """OMERO's rendering definition: how an image is shown, and which plane of it at first; whose, and of which age.

    `version` grows with each saving; `id` is None for settings that nobody saved.
    """

    channels: tuple[ChannelSettings, ...]
    model: Model = Model.RGB
    z: int = 0
    t: int = 0
    id: int | None = None
    owner_id: int | None = None
    version: int = 0
    lowest: int = 0
    highest: int = 255
    owner_name: str = ""

    def with_channel(self, index: int, **changes: Unpack[ChannelChange]) -> RenderingSettings:
        """Return these settings with one channel changed."""
        channels = list(self.channels)
        channels[index] = replace(channels[index], **changes)
        return replace(self, channels=tuple(channels))


@dataclass(frozen=True, slots=True)
class OpenedImage:
    """An image, and all rendering settings that somebody saved for it, the newest first."""

    info: ImageInfo
    settings: tuple[RenderingSettings, ...]
