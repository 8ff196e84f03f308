"""The description of an image, without its pixels: sizes, channels, and the rendering settings saved for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from omero_desk.entities.errors import FailedError
from omero_desk.entities.images import (
    Channel,
    ChannelSettings,
    Color,
    Family,
    ImageInfo,
    Model,
    OpenedImage,
    PixelType,
    RenderingSettings,
)
from omero_desk.entities.objects import Permissions, Ref
from omero_desk.entities.sentences import mark
from omero_desk.gateway import numbers
from omero_desk.gateway.images.notes import note
from omero_desk.gateway.missing import why_missing
from omero_desk.gateway.rows import Cell, Record
from omero_desk.gateway.texts import shown

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession

_IMAGE: Final = """
    select new map(p.id as pixels, p.sizeX as x, p.sizeY as y, p.sizeZ as z, p.sizeC as c, p.sizeT as t,
        p.pixelsType.value as type, p.significantBits as bits,
        p.physicalSizeX as px, p.physicalSizeY as py, p.physicalSizeZ as pz,
        i.id as id, i.name as name, i.details.owner.id as owner, i.details.group.id as group,
        i.fileset.id as fileset, i.acquisitionDate as acquired, i as image_details_permissions)
    from Pixels p join p.image i where i.id = :id order by p.id"""
CHANNELS: Final = """
    select new map(index(c) as index, l.name as name, l.emissionWave as emission, l.excitationWave as excitation,
        c.red as red, c.green as green, c.blue as blue, c.alpha as alpha, s.globalMin as low, s.globalMax as high)
    from Pixels p join p.channels c join c.logicalChannel l left outer join c.statsInfo s
    where p.image.id = :id order by p.id, index(c)"""
_SETTINGS: Final = """
    select new map(d.id as id, o.id as owner, o.firstName as first,
        o.lastName as last, o.omeName as login, d.version as version, d.defaultZ as z, d.defaultT as t,
        d.model.value as model, d.quantization.cdStart as lowest, d.quantization.cdEnd as highest,
        b.id as binding, b.active as active, b.inputStart as start, b.inputEnd as end, b.family.value as family,
        b.coefficient as coefficient, b.noiseReduction as noise, b.lookupTable as lut,
        b.red as red, b.green as green, b.blue as blue, b.alpha as alpha)
    from RenderingDef d join d.waveRendering b join d.details.owner o where d.pixels.image.id = :id
    order by d.details.updateEvent.time desc, d.id desc, index(b)"""
_REVERSED: Final = """
    select b.id from RenderingDef d join d.waveRendering b join b.spatialDomainEnhancement e
    where d.pixels.image.id = :id and e.class = ReverseIntensityContext"""

MOST_CHANNELS: Final = 1024
"""Channels that a window has room and time for: there is a row of controls for each."""
_BITS: Final = 64
_BRIGHTEST: Final = 255
_FAMILIES: Final = frozenset(family.value for family in Family)
_UNREADABLE: Final = mark("Viewer", "This image cannot be shown. {reason}")
_NO_PIXELS: Final = mark("Viewer", "This image has no pixels: they were never imported, or have been deleted.")
_NO_SIZE: Final = mark("Viewer", "This image has an impossible size, {size} pixels, so it cannot be shown.")
_NO_PLANES: Final = mark("Viewer", "This image has an impossible number of planes, {size}, so it cannot be shown.")
_CHANNEL_COUNT: Final = mark(
    "Viewer", "This image has {size} channels. OMERO Desk shows images of 1 to {most} channels."
)
_PIXEL_TYPE: Final = mark("Viewer", "This image has pixels of the type {type}, which OMERO Desk cannot show.")


def opened(session: LaneSession, ref: Ref) -> OpenedImage:
    """An image's sizes, channels and settings, in one round trip.

    Raises FailedError where there is no such image for this user, it has no pixels, or such as cannot be shown; and
    what projections raise.
    """
    found = session.projections(_IMAGE, CHANNELS, _SETTINGS, _REVERSED, parameters={"id": ref.id})
    images, channels, settings, reversed_ = ([row[0] for row in rows] for rows in found)
    if not images:
        raise why_missing(session, ref) or _why_no_pixels(session, ref)
    info = _info(ref, images[0], channels)
    return OpenedImage(info, _settings(settings, frozenset(reversed_), info.size_c))


def _why_no_pixels(session: LaneSession, ref: Ref) -> FailedError:
    reason = note(session, ref.id)
    return FailedError(_UNREADABLE, reason=reason) if reason else FailedError(_NO_PIXELS)


def _info(ref: Ref, row: Record, channels: list[Record]) -> ImageInfo:
    allowed = row["image_details_permissions"]
    size_c = numbers.size(row["c"], _CHANNEL_COUNT, MOST_CHANNELS)
    return ImageInfo(
        ref,
        shown(row["name"]),
        row["pixels"],
        numbers.size(row["x"], _NO_SIZE),
        numbers.size(row["y"], _NO_SIZE),
        numbers.size(row["z"], _NO_PLANES),
        size_c,
        numbers.size(row["t"], _NO_PLANES),
        _pixel_type(row["type"]),
        numbers.whole(row["bits"], 1, _BITS),
        numbers.length(row["px"]),
        numbers.length(row["py"]),
        numbers.length(row["pz"]),
        tuple(channel(number, one) for number, one in enumerate(channels[:size_c])),
        row["owner"],
        row["group"],
        row["fileset"],
        row["acquired"],
        Permissions(allowed["canEdit"], allowed["canAnnotate"], allowed["canLink"], allowed["canDelete"]),
    )


def _pixel_type(name: str) -> PixelType:
    if name not in {kind.value for kind in PixelType}:  # complex, double-complex
        raise FailedError(_PIXEL_TYPE, type=name)
    return PixelType(name)


def channel(number: int, row: Record) -> Channel:
    """Return the channel of a row of `CHANNELS`."""
    emission, excitation = (_in_nanometres(row[name]) for name in ("emission", "excitation"))
    extremes = numbers.pair(row["low"], row["high"])
    return Channel(number, shown(row["name"]), _color(row), emission, excitation, extremes)


def _in_nanometres(value: Cell) -> float | None:
    return numbers.in_units_of(numbers.length(value), "nm")


def _settings(rows: list[Record], reversed_: frozenset[int], size_c: int) -> tuple[RenderingSettings, ...]:
    """The settings of rows, one for each binding of each; those that do not fit the channels are left out.

    So are those whose windows are not numbers.
    """
    grouped: dict[int, list[Record]] = {}
    for row in rows:
        grouped.setdefault(row["id"], []).append(row)
    fitting = (bindings for bindings in grouped.values() if len(bindings) == size_c and all(map(_is_real, bindings)))
    return tuple(_definition(bindings, reversed_) for bindings in fitting)


def _is_real(binding: Record) -> bool:
    return numbers.finite(binding["start"]) is not None and numbers.finite(binding["end"]) is not None


def _definition(bindings: list[Record], reversed_: frozenset[int]) -> RenderingSettings:
    first = bindings[0]
    highest = numbers.whole(first["highest"], 0, _BRIGHTEST)
    return RenderingSettings(
        tuple(_binding(row, row["binding"] in reversed_) for row in bindings),
        Model.GREYSCALE if first["model"] == Model.GREYSCALE.value else Model.RGB,
        numbers.whole(first["z"]) or 0,
        numbers.whole(first["t"]) or 0,
        first["id"],
        first["owner"],
        first["version"] or 0,
        numbers.whole(first["lowest"], 0, _BRIGHTEST) or 0,
        _BRIGHTEST if highest is None else highest,
        f"{shown(first['first'])} {shown(first['last'])}".strip() or shown(first["login"]),
    )


def _binding(row: Record, reverse: bool) -> ChannelSettings:
    coefficient = numbers.finite(row["coefficient"])
    return ChannelSettings(
        bool(row["active"]),
        row["start"],
        row["end"],
        _color(row) or (255, 255, 255, 255),
        row["lut"] or "",
        Family(row["family"]) if row["family"] in _FAMILIES else Family.LINEAR,
        1.0 if coefficient is None else coefficient,
        reverse,
        bool(row["noise"]),
    )


def _color(row: Record) -> Color | None:
    parts = tuple(row[name] for name in ("red", "green", "blue", "alpha"))
    if None in parts:
        return None
    red, green, blue, alpha = (int(part) & 255 for part in parts)
    return red, green, blue, alpha
