"""What is known of an image before any of its pixels: sizes, channels, and how people have it rendered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from omero_desk.gateway.entities import Permissions, Ref
from omero_desk.gateway.image_entities import (
    Channel,
    ChannelSettings,
    Color,
    Family,
    ImageInfo,
    Length,
    Model,
    PixelType,
    RenderingSettings,
)

if TYPE_CHECKING:
    from omero_desk.gateway.session import Session

Row = Mapping[str, Any]

_IMAGE: Final = """
    select new map(p.id as pixels, p.sizeX as x, p.sizeY as y, p.sizeZ as z, p.sizeC as c, p.sizeT as t,
        p.pixelsType.value as type, p.significantBits as bits,
        p.physicalSizeX as px, p.physicalSizeY as py, p.physicalSizeZ as pz,
        i.id as id, i.name as name, i.details.owner.id as owner, i.details.group.id as group,
        i.fileset.id as fileset, i.acquisitionDate as acquired, i as image_details_permissions)
    from Pixels p join p.image i where i.id = :id order by p.id"""
_CHANNELS: Final = """
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


@dataclass(frozen=True, slots=True)
class OpenedImage:
    """An image, and all rendering settings that somebody saved for it, the newest first."""

    info: ImageInfo
    settings: tuple[RenderingSettings, ...]


def opened(session: Session, ref: Ref) -> OpenedImage:
    """An image's sizes, channels and settings, in one round trip.

    Raises LookupError where there is no such image for this user, or it has no pixels, and what projections raise.
    """
    found = session.projections(_IMAGE, _CHANNELS, _SETTINGS, _REVERSED, parameters={"id": ref.id})
    images, channels, settings, reversed_ = ([row[0] for row in rows] for rows in found)
    if not images:
        raise LookupError(f"image {ref.id} is not there, or has no pixels")
    info = _info(ref, images[0], channels)
    return OpenedImage(info, _settings(settings, frozenset(reversed_), info.size_c))


def _info(ref: Ref, row: Row, channels: list[Row]) -> ImageInfo:
    allowed = row["image_details_permissions"]
    return ImageInfo(
        ref,
        row["name"],
        row["pixels"],
        row["x"],
        row["y"],
        row["z"],
        row["c"],
        row["t"],
        PixelType(row["type"]),
        row["bits"],
        _length(row["px"]),
        _length(row["py"]),
        _length(row["pz"]),
        tuple(_channel(number, channel) for number, channel in enumerate(channels[: row["c"]])),
        row["owner"],
        row["group"],
        row["fileset"],
        row["acquired"],
        Permissions(allowed["canEdit"], allowed["canAnnotate"], allowed["canLink"], allowed["canDelete"]),
    )


def _channel(number: int, row: Row) -> Channel:
    low, high = row["low"], row["high"]
    extremes = None if low is None or high is None else (low, high)
    emission, excitation = _in_nanometres(row["emission"]), _in_nanometres(row["excitation"])
    return Channel(number, row["name"] or "", _color(row), emission, excitation, extremes)


def _settings(rows: list[Row], reversed_: frozenset[int], size_c: int) -> tuple[RenderingSettings, ...]:
    """The settings of rows, one for each binding of each; those that do not fit the channels are left out."""
    grouped: dict[int, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["id"], []).append(row)
    fitting = (bindings for bindings in grouped.values() if len(bindings) == size_c)
    return tuple(_definition(bindings, reversed_) for bindings in fitting)


def _definition(bindings: list[Row], reversed_: frozenset[int]) -> RenderingSettings:
    first = bindings[0]
    return RenderingSettings(
        tuple(_binding(row, row["binding"] in reversed_) for row in bindings),
        Model.GREYSCALE if first["model"] == Model.GREYSCALE.value else Model.RGB,
        first["z"],
        first["t"],
        first["id"],
        first["owner"],
        first["version"] or 0,
        first["lowest"],
        first["highest"],
        f"{first['first'] or ''} {first['last'] or ''}".strip() or first["login"] or "",
    )


def _binding(row: Row, reverse: bool) -> ChannelSettings:
    return ChannelSettings(
        bool(row["active"]),
        row["start"],
        row["end"],
        _color(row) or (255, 255, 255, 255),
        row["lut"] or "",
        Family(row["family"]),
        row["coefficient"],
        reverse,
        bool(row["noise"]),
    )


def _color(row: Row) -> Color | None:
    parts = tuple(row[name] for name in ("red", "green", "blue", "alpha"))
    if None in parts:
        return None
    red, green, blue, alpha = (int(part) & 255 for part in parts)
    return red, green, blue, alpha


def _length(value: Any) -> Length | None:
    """A length, which a projection tells as a map."""
    if not isinstance(value, dict) or not value.get("value"):
        return None
    return Length(float(value["value"]), str(value.get("symbol") or ""))


_NANOMETRES: Final = {"nm": 1.0, "µm": 1e3, "pm": 1e-3, "Å": 0.1, "mm": 1e6, "m": 1e9}


def _in_nanometres(value: Any) -> float | None:
    length = _length(value)
    factor = _NANOMETRES.get(length.unit) if length is not None else None
    return None if length is None or factor is None else length.value * factor
