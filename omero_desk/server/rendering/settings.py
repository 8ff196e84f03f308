"""Rendering settings as plain values, read from a RenderingDef and its Pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import omero.model
from numpy.typing import NDArray
from omero.rtypes import unwrap

from omero_desk.server.errors import api_usage
from omero_desk.server.images.pixel_types import DTYPES
from omero_desk.server.rendering.curve import Mapping8Bit
from omero_desk.server.rendering.luts import lookup_table
from omero_desk.server.rendering.palette import Palette, codomain_table, colour_palette
from omero_desk.server.rendering.pixel_range import PixelRange, pixel_range
from omero_desk.server.rendering.quantum import Extremes, Quantizer, quantizer

RGB: Final = "rgb"
GREYSCALE: Final = "greyscale"


@dataclass(frozen=True, slots=True)
class ChannelRendering:
    """The rendering settings of one channel."""

    is_active: bool
    kind: PixelRange
    mapping: Mapping8Bit
    extremes: Extremes | None
    rgba: tuple[int, int, int, int]
    lut: str | None
    is_reversed: bool

    def quantizer(self) -> Quantizer:
        """Return what turns the channel's pixels into values of the device."""
        return quantizer(self.kind, self.mapping, self.extremes)

    def codomain(self) -> NDArray[np.uint8]:
        """Return what the codomain chain makes of each value of the device."""
        return codomain_table(self.mapping.device_start, self.mapping.device_end, is_reversed=self.is_reversed)

    def palette(self) -> Palette:
        """Return the lookup table's colours, those of the channel's own colour where no table of that name is known."""
        found = lookup_table(self.lut) if self.lut else None
        return colour_palette(*self.rgba) if found is None else found


@dataclass(frozen=True, slots=True)
class ImageRendering:
    """The rendering settings of an image."""

    is_grey: bool
    z: int
    t: int
    channels: tuple[ChannelRendering, ...]

    @property
    def shown(self) -> list[int]:
        """The channels that are drawn: the first active one alone, or all of them."""
        active = [number for number, channel in enumerate(self.channels) if channel.is_active]
        return active[:1] if self.is_grey else active


def settings_of(definition: omero.model.RenderingDef, pixels: omero.model.Pixels) -> ImageRendering:
    """Return the settings of a RenderingDef with its bindings and Pixels with their channels, all loaded."""
    kind = range_of(pixels)
    channels = zip(definition.copyWaveRendering(), pixels.copyChannels(), strict=False)
    return ImageRendering(
        is_grey=unwrap(definition.model.value) != RGB,
        z=unwrap(definition.defaultZ),
        t=unwrap(definition.defaultT),
        channels=tuple(_channel(kind, definition.quantization, binding, channel) for binding, channel in channels),
    )


def range_of(pixels: omero.model.Pixels) -> PixelRange:
    """Return the range of a Pixels object's values; raises omero.ApiUsageException for complex numbers."""
    value = pixels.pixelsType.value.val
    if value not in DTYPES:
        raise api_usage(f"Pixels of the type {value} cannot be shown.")
    return pixel_range(DTYPES[value], unwrap(pixels.significantBits))


def extremes_of(channel: omero.model.Channel) -> Extremes | None:
    """Return the least and the greatest value of a channel, None if they were not measured."""
    found = channel.statsInfo
    return None if found is None else (found.globalMin.val, found.globalMax.val)


def _channel(
    kind: PixelRange, quantum: omero.model.QuantumDef, binding: omero.model.ChannelBinding, channel: omero.model.Channel
) -> ChannelRendering:
    mapping = Mapping8Bit(
        start=binding.inputStart.val,
        end=binding.inputEnd.val,
        family=binding.family.value.val,
        coefficient=binding.coefficient.val,
        noise_reduction=binding.noiseReduction.val,
        device_start=quantum.cdStart.val,
        device_end=quantum.cdEnd.val,
        bit_resolution=quantum.bitResolution.val,
    )
    maps = binding.copySpatialDomainEnhancement()
    return ChannelRendering(
        is_active=binding.active.val,
        kind=kind,
        mapping=mapping,
        extremes=extremes_of(channel),
        rgba=(binding.red.val, binding.green.val, binding.blue.val, binding.alpha.val),
        lut=unwrap(binding.lookupTable),
        is_reversed=any(isinstance(each, omero.model.ReverseIntensityContext) for each in maps),
    )
