"""IPixels: makes images without a file, and describes pixels. Follows OMERO's PixelsImpl."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

import omero
import omero.model
from omero.model import Pixels
from omero.rtypes import rdouble, rint, rlong, rstring, unwrap

from omero_desk.server.call import Call
from omero_desk.server.database.enumerations import PIXELS_TYPE_BITS
from omero_desk.server.errors import api_usage, server_error
from omero_desk.server.saving.save import GraphSave
from omero_desk.server.servants.base import parameters
from omero_desk.server.servants.pixels.pixels_settings import PixelsSettings
from omero_desk.server.servants.query.query import QueryService

_DESCRIPTION: Final = (
    "select p from Pixels p left outer join fetch p.pixelsType left outer join fetch p.channels as c "
    "left outer join fetch c.logicalChannel as lc left outer join fetch c.statsInfo "
    "left outer join fetch lc.photometricInterpretation left outer join fetch lc.illumination "
    "left outer join fetch lc.mode left outer join fetch lc.contrastMethod where p.id = :id"
)
_UNKNOWN_HASH: Final = "Pending..."
_KEPT_OF_IMAGE: Final = (
    "acquisitionDate",
    "objectiveSettings",
    "imagingEnvironment",
    "experiment",
    "stageLabel",
    "instrument",
)
_KEPT_OF_PIXELS: Final = ("dimensionOrder", "physicalSizeX", "physicalSizeY", "physicalSizeZ", "pixelsType")

Entity = TypeVar("Entity", bound=omero.model.IObject)


class PixelsService(PixelsSettings):
    """Makes and describes rows only; the pixels themselves are written by RawPixelsStore."""

    def retrievePixDescription(self, call: Call, pixels_id: int) -> Pixels | None:
        """Return pixels with their type and channels; None if there are none that the caller may see."""
        found: list[Pixels] = self.query(call, _DESCRIPTION, parameters(id=pixels_id))
        return found[0] if found else None

    def getBitDepth(self, call: Call, pixels_type: omero.model.PixelsType) -> int:
        """Return how many bits a value of a type takes."""
        value = unwrap(getattr(pixels_type, "_value", None))
        if value not in PIXELS_TYPE_BITS:
            raise api_usage(f"Unknown pixel type: {value}")
        return PIXELS_TYPE_BITS[value]

    def getEnumeration(self, call: Call, class_name: str, value: str) -> omero.model.IObject | None:
        """Return an enumeration's object by its value, None if it has no such value."""
        return QueryService(self.backend).findByString(call, class_name, "value", value)

    def getAllEnumerations(self, call: Call, class_name: str) -> list[omero.model.IObject]:
        """Return all values of an enumeration."""
        return QueryService(self.backend).findAll(call, class_name, None)

    def createImage(
        self,
        call: Call,
        size_x: int,
        size_y: int,
        size_z: int,
        size_t: int,
        channels: Sequence[int],
        pixels_type: omero.model.PixelsType,
        name: str,
        description: str,
    ) -> omero.RLong:
        """Make an image with as many channels as are named and return its id."""
        if not channels:
            raise server_error(omero.ValidationException, "Channel list must be filled.")
        pixels = omero.model.PixelsI()
        pixels.pixelsType, pixels.sha1 = pixels_type, rstring(_UNKNOWN_HASH)
        _set_sizes(pixels, {"X": size_x, "Y": size_y, "Z": size_z, "C": len(channels), "T": size_t})
        pixels.dimensionOrder = self.getEnumeration(call, "DimensionOrder", "XYZCT")
        for _ in channels:
            channel = omero.model.ChannelI()
            channel.logicalChannel = omero.model.LogicalChannelI()
            pixels.addChannel(channel)
        image = omero.model.ImageI()
        image.name, image.description = rstring(name), rstring(description)
        image.addPixels(pixels)
        return rlong(self._save(call, image).id.val)

    def copyAndResizePixels(
        self,
        call: Call,
        pixels_id: int,
        size_x: omero.RInt | None,
        size_y: omero.RInt | None,
        size_z: omero.RInt | None,
        size_t: omero.RInt | None,
        channels: Sequence[int],
        methodology: str,
        copy_stats: bool,
    ) -> omero.RLong:
        """Add to an image pixels like these, of sizes where given, and return their id."""
        made = self._copy(call, pixels_id, (size_x, size_y, size_z, size_t), channels, methodology, copy_stats)
        source = made._relatedTo
        assert source is not None
        made.image = source.image
        return rlong(self._save(call, made).id.val)

    def copyAndResizeImage(
        self,
        call: Call,
        image_id: int,
        size_x: omero.RInt | None,
        size_y: omero.RInt | None,
        size_z: omero.RInt | None,
        size_t: omero.RInt | None,
        channels: Sequence[int],
        name: str,
        copy_stats: bool,
    ) -> omero.RLong:
        """Make an image like another one, of sizes where given, and return its id."""
        hql = "select i from Image i left outer join fetch i.pixels where i.id = :id"
        found: list[omero.model.Image] = self.query(call, hql, parameters(id=image_id))
        if not found:
            raise server_error(omero.ValidationException, f"The requested image {image_id} is not available.")
        made = omero.model.ImageI()
        made.name = rstring(name)
        for kept in _KEPT_OF_IMAGE:
            setattr(made, kept, getattr(found[0], kept))
        sizes = (size_x, size_y, size_z, size_t)
        for pixels in found[0].copyPixels():
            made.addPixels(self._copy(call, pixels.id.val, sizes, channels, None, copy_stats))
        return rlong(self._save(call, made).id.val)

    def setChannelGlobalMinMax(self, call: Call, pixels_id: int, index: int, low: float, high: float) -> None:
        """Set the least and greatest value that a channel has anywhere."""
        channels = self._described(call, pixels_id).copyChannels()
        if not 0 <= index < len(channels):
            raise api_usage(f"Pixels {pixels_id} have no channel {index}.")
        channel = channels[index]
        stats = channel.statsInfo or omero.model.StatsInfoI()
        stats.globalMin, stats.globalMax = rdouble(low), rdouble(high)
        channel.statsInfo = stats
        self._save(call, channel)

    def _described(self, call: Call, pixels_id: int) -> Pixels:
        found = self.retrievePixDescription(call, pixels_id)
        if found is None:
            raise server_error(omero.ValidationException, f"The requested pixels {pixels_id} are not available.")
        return found

    def _copy(
        self,
        call: Call,
        pixels_id: int,
        sizes: Sequence[omero.RInt | None],
        channels: Sequence[int],
        methodology: str | None,
        copy_stats: bool,
    ) -> Pixels:
        source = self._described(call, pixels_id)
        known = source.copyChannels()
        _check_sizes(sizes, channels, len(known))
        made = omero.model.PixelsI()
        for kept in _KEPT_OF_PIXELS:
            setattr(made, kept, getattr(source, kept))
        made.methodology = rstring(methodology) if methodology else None
        made._relatedTo, made.sha1 = source, rstring(_UNKNOWN_HASH)  # omero-py warns of the property
        kept_channels = [known[n] for n in channels] if channels else known
        for axis, size in zip("XYZT", sizes, strict=True):
            setattr(made, f"size{axis}", getattr(source, f"size{axis}") if size is None else size)
        made.sizeC = rint(len(kept_channels)) if channels else source.sizeC
        for channel in kept_channels:
            made.addChannel(_copied_channel(channel, copy_stats))
        return made

    def _save(self, call: Call, target: Entity) -> Entity:
        saving = GraphSave(self.backend.store.schema, call.caller, [target])
        with self.backend.write() as connection:
            saving.write(connection)
        saving.fill()
        return target


def _set_sizes(pixels: Pixels, sizes: dict[str, int]) -> None:
    for axis, size in sizes.items():
        if size < 1:
            raise server_error(omero.ValidationException, f"size{axis}: {size} <= 0")
        setattr(pixels, f"size{axis}", rint(size))


def _check_sizes(sizes: Sequence[omero.RInt | None], channels: Sequence[int], known: int) -> None:
    for axis, size in zip("XYZT", sizes, strict=True):
        if size is not None and size.val < 1:
            raise server_error(omero.ValidationException, f"size{axis}: {size.val} <= 0")
    for position, channel in enumerate(channels):
        if not 0 <= channel < known:
            raise server_error(omero.ValidationException, f"channel: {position} out of bounds")


def _copied_channel(source: omero.model.Channel, copy_stats: bool) -> omero.model.Channel:
    made = omero.model.ChannelI()
    made.logicalChannel = source.logicalChannel
    if copy_stats and source.statsInfo is not None:
        made.statsInfo = omero.model.StatsInfoI()
        made.statsInfo.globalMin, made.statsInfo.globalMax = source.statsInfo.globalMin, source.statsInfo.globalMax
    return made
