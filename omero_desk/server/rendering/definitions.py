"""The queries for RenderingDefs and the defaults of new ones (`PixelsImpl`, `RenderingSettingsImpl`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import omero.model
from omero.rtypes import rbool, rdouble, rint, unwrap

from omero_desk.server.images.palettes import is_palette
from omero_desk.server.rendering.pixel_range import PixelRange
from omero_desk.server.rendering.quantum import Extremes
from omero_desk.server.rendering.settings import GREYSCALE, RGB, extremes_of, range_of

DEFINITION_QUERY: Final = (
    "select rdef from RenderingDef as rdef "
    "left outer join fetch rdef.details.owner "
    "left outer join fetch rdef.details.updateEvent "
    "left outer join fetch rdef.quantization "
    "left outer join fetch rdef.model "
    "left outer join fetch rdef.waveRendering as cb "
    "left outer join fetch cb.family "
    "left outer join fetch cb.spatialDomainEnhancement where "
)
NEWEST_FIRST: Final = " order by rdef.details.updateEvent.time desc, rdef.id desc"
PIXELS_QUERY: Final = (
    "select p from Pixels as p left outer join fetch p.pixelsType as pt left outer join fetch p.channels as c "
    "left outer join fetch c.logicalChannel as lc left outer join fetch c.statsInfo "
    "left outer join fetch lc.photometricInterpretation left outer join fetch lc.illumination "
    "left outer join fetch lc.mode left outer join fetch lc.contrastMethod "
    "left outer join fetch lc.lightSourceSettings as lss left outer join fetch lss.lightSource "
    "where p.id "
)

_MOST_COLOURED: Final = 7  # channels; images with more are grey at first
_ACTIVE: Final = 3
_LINEAR: Final = "linear"
_FULL: Final = 255
_EPSILON: Final = 0.00001
_WHITE: Final = (255, 255, 255, 255)
_RED, _GREEN, _BLUE = (255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255)

Colour = tuple[int, int, int, int]


def new_definition(pixels: omero.model.Pixels) -> omero.model.RenderingDef:
    """Return a RenderingDef for a Pixels object that says nothing yet."""
    made = omero.model.RenderingDefI()
    made.defaultZ = rint(pixels.sizeZ.val // 2)
    made.defaultT = rint(0)
    made.quantization = omero.model.QuantumDefI()
    made.pixels = omero.model.PixelsI(pixels.id.val, False)
    if pixels.details is not None:
        made.details.group = pixels.details.group
    for _ in range(pixels.sizeC.val):
        made.addChannelBinding(omero.model.ChannelBindingI())
    return made


@dataclass(frozen=True, slots=True)
class Choices:
    """The rendering models and families that there are, by their values."""

    models: Mapping[str, omero.model.RenderingModel]
    families: Mapping[str, omero.model.Family]


def reset(
    definition: omero.model.RenderingDef,
    pixels: omero.model.Pixels,
    choices: Choices,
    measured: Sequence[Extremes] | None = None,
) -> None:
    """Set a RenderingDef to the defaults for a Pixels object that `PIXELS_QUERY` found (`resetDefaults`).

    `measured` are the least and the greatest value of each channel, where they were looked for.
    """
    size_c = pixels.sizeC.val
    definition.defaultZ = rint(pixels.sizeZ.val // 2)
    definition.defaultT = rint(0)
    quantum = definition.quantization
    quantum.cdStart, quantum.cdEnd, quantum.bitResolution = rint(0), rint(_FULL), rint(_FULL)
    channels = pixels.copyChannels()
    is_coloured = 1 < size_c <= _MOST_COLOURED or any(_has_palette(channel) for channel in channels)
    definition.model = choices.models[RGB if is_coloured else GREYSCALE]
    kind = range_of(pixels)
    bindings = definition.copyWaveRendering()
    colours = default_colours(channels)
    for number, (binding, channel, colour) in enumerate(zip(bindings, channels, colours, strict=False)):
        window = measured[number] if measured else window_of(kind, extremes_of(channel))
        # The values of a palette's image are places in its table.
        window = (kind.lowest, kind.highest) if _has_palette(channel) else window
        _reset_binding(binding, channel, colour, window)
        binding.family = choices.families[_LINEAR]
        binding.active = rbool(number < _ACTIVE)


def window_of(kind: PixelRange, extremes: Extremes | None) -> Extremes:
    """Return the window that shows all of a channel, the type's whole range for a channel of one value."""
    low, high = (kind.lowest, kind.highest) if extremes is None else extremes
    return (kind.lowest, kind.highest) if abs(low - high) < _EPSILON else (low, high)


def default_colours(channels: Sequence[omero.model.Channel]) -> list[Colour]:
    """Return the channels' colours: the stored one, else by wavelength, else red, green, blue in turn.

    Where only some of those without a stored one have an emission, the others are white.
    """
    colours = [stored_colour(channel) for channel in channels]
    unknown = [number for number, colour in enumerate(colours) if colour is None]
    dark = [number for number in unknown if not _has_emission(channels[number].logicalChannel)]
    is_mixed = 0 < len(dark) < len(unknown)
    return [
        (_WHITE if is_mixed and number in dark else _colour_of(number, channels[number])) if colour is None else colour
        for number, colour in enumerate(colours)
    ]


def stored_colour(channel: omero.model.Channel) -> Colour | None:
    """Return a channel's own colour, None where a part of it is missing."""
    found = tuple(unwrap(part) for part in (channel.red, channel.green, channel.blue, channel.alpha))
    return None if None in found else (found[0], found[1], found[2], found[3])


def is_compatible(first: omero.model.Pixels | None, second: omero.model.Pixels | None) -> bool:
    """Tell whether settings of one Pixels object may serve another (`sanityCheckPixels`)."""
    if first is None or second is None or first.pixelsType.value.val != second.pixelsType.value.val:
        return False
    if first.sizeC.val != second.sizeC.val:
        return False
    known = _emissions(first)
    return sum(wave in known for wave in _emissions(second)) == len(known)


def copy_settings(
    source: omero.model.RenderingDef, target: omero.model.RenderingDef, pixels: omero.model.Pixels
) -> None:
    """Give a RenderingDef all that another one says, as far as a Pixels object allows (`applySettings`)."""
    for axis, size in (("defaultZ", pixels.sizeZ.val), ("defaultT", pixels.sizeT.val)):
        if getattr(source, axis).val < size:
            setattr(target, axis, getattr(source, axis))
    target.model = source.model
    target.quantization.bitResolution = source.quantization.bitResolution
    ends = sorted((source.quantization.cdStart.val, source.quantization.cdEnd.val))
    target.quantization.cdStart, target.quantization.cdEnd = rint(ends[0]), rint(ends[1])
    for one, other in zip(source.copyWaveRendering(), target.copyWaveRendering(), strict=True):
        copy_binding(one, other)


def copy_binding(source: omero.model.ChannelBinding, target: omero.model.ChannelBinding) -> None:
    """Give a ChannelBinding all that another one says."""
    for name in (
        *("active", "coefficient", "family", "inputStart", "inputEnd", "noiseReduction"),
        *("red", "green", "blue", "alpha", "lookupTable"),
    ):
        setattr(target, name, getattr(source, name))
    set_reversed(target, is_reversed=bool(source.copySpatialDomainEnhancement()))


def set_reversed(binding: omero.model.ChannelBinding, *, is_reversed: bool) -> None:
    """Reverse a channel's intensities, or not; an existing map is kept."""
    if not is_reversed:
        binding.clearSpatialDomainEnhancement()
    elif not binding.copySpatialDomainEnhancement():
        made = omero.model.ReverseIntensityContextI()
        made.reverse = rbool(True)
        binding.addCodomainMapContext(made)


def _reset_binding(
    binding: omero.model.ChannelBinding, channel: omero.model.Channel, colour: Colour, window: Extremes
) -> None:
    binding.coefficient = rdouble(1)
    binding.noiseReduction = rbool(False)
    binding.red, binding.green, binding.blue, binding.alpha = (rint(part) for part in colour)
    binding.lookupTable = channel.lookupTable
    binding.inputStart, binding.inputEnd = rdouble(window[0]), rdouble(window[1])
    binding.clearSpatialDomainEnhancement()


def _has_palette(channel: omero.model.Channel) -> bool:
    return is_palette(unwrap(channel.lookupTable))


def _has_emission(logical: omero.model.LogicalChannel) -> bool:
    return logical is not None and logical.emissionWave is not None


def _emissions(pixels: omero.model.Pixels) -> list[tuple[float, object] | None]:
    waves = [c.logicalChannel.emissionWave for c in pixels.copyChannels() if c.logicalChannel is not None]
    return [None if wave is None else (wave.getValue(), wave.getUnit()) for wave in waves]


def _colour_of(number: int, channel: omero.model.Channel) -> Colour:
    """Return blue, green or red by wavelength (`ColorsFactory`, whose look at filters never finds one)."""
    logical = channel.logicalChannel
    wave = None if logical is None else _wavelength(logical)
    if wave is None:
        return (_RED, _GREEN, _BLUE)[number % 3]
    return _BLUE if wave < 500 else _GREEN if wave < 560 else _RED


def _wavelength(logical: omero.model.LogicalChannel) -> float | None:
    light = getattr(logical.lightSourceSettings, "lightSource", None)
    laser = light.wavelength if isinstance(light, omero.model.Laser) else None
    for wave in (logical.emissionWave, laser, logical.excitationWave):
        if wave is not None:
            return float(wave.getValue())
    return None
