"""The part of IMetadata that knows what images were taken with, and the logs of their import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import omero
from omero.rtypes import unwrap

from omero_desk.server.call import Call
from omero_desk.server.errors import api_usage
from omero_desk.server.servants.base import Service, parameters

_INSTRUMENT: Final = (
    "select inst from Instrument inst left outer join fetch inst.microscope as m left outer join fetch m.type "
    "left outer join fetch inst.objective as o left outer join fetch o.immersion left outer join fetch o.correction "
    "left outer join fetch inst.detector as d left outer join fetch d.type left outer join fetch inst.filter as f "
    "left outer join fetch f.type left outer join fetch f.transmittanceRange "
    "left outer join fetch inst.filterSet as fs left outer join fetch fs.dichroic "
    "left outer join fetch inst.dichroic left outer join fetch inst.otf as otf "
    "left outer join fetch otf.pixelsType left outer join fetch otf.objective as obj "
    "left outer join fetch obj.immersion left outer join fetch obj.correction left outer join fetch otf.filterSet "
    "left outer join fetch inst.lightSource where inst.id = :id"
)
_CHANNELS: Final = (
    "select channel from LogicalChannel channel left outer join fetch channel.mode "
    "left outer join fetch channel.illumination left outer join fetch channel.contrastMethod "
    "left outer join fetch channel.detectorSettings as ds left outer join fetch ds.detector as detector "
    "left outer join fetch detector.type left outer join fetch ds.binning "
    "left outer join fetch channel.lightSourceSettings as lss left outer join fetch lss.microbeamManipulation "
    "left outer join fetch lss.lightSource as light left outer join fetch light.instrument "
    "left outer join fetch channel.otf as otf left outer join fetch otf.pixelsType "
    "left outer join fetch otf.objective as objective left outer join fetch objective.immersion "
    "left outer join fetch objective.correction left outer join fetch otf.filterSet as otffilter "
    "left outer join fetch otffilter.dichroic "
    "left outer join fetch channel.filterSet as filters left outer join fetch filters.dichroic "
    "left outer join fetch filters.emissionFilterLink as efl left outer join fetch efl.child as ef "
    "left outer join fetch ef.transmittanceRange left outer join fetch ef.type "
    "left outer join fetch filters.excitationFilterLink as exfl left outer join fetch exfl.child as exf "
    "left outer join fetch exf.transmittanceRange left outer join fetch exf.type "
    "left outer join fetch channel.lightPath as lp left outer join fetch lp.dichroic "
    "left outer join fetch lp.emissionFilterLink as efLpl left outer join fetch efLpl.child as efLp "
    "left outer join fetch efLp.transmittanceRange left outer join fetch efLp.type "
    "left outer join fetch lp.excitationFilterLink as exfLpl left outer join fetch exfLpl.child as exfLp "
    "left outer join fetch exfLp.transmittanceRange left outer join fetch exfLp.type where channel.id in (:ids)"
)
_LIGHT_SOURCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Laser": "left outer join fetch l.type left outer join fetch l.laserMedium left outer join fetch l.pulse ",
        "Filament": "left outer join fetch l.type ",
        "Arc": "left outer join fetch l.type ",
        "LightEmittingDiode": "",
        "GenericExcitationSource": "",
    }
)
_LOG_FILES: Final = (
    "select fjl.parent.id, o from UploadJob u, FilesetJobLink fjl, JobOriginalFileLink jol, OriginalFile o "
    "where fjl.parent.id in (:ids) and fjl.child = jol.parent and jol.child.id = o.id and fjl.child = u "
    "and o.mimetype = 'application/omero-log-file'"
)


class AcquisitionService(Service):
    """Reads only. Follows OMERO's MetadataImpl."""

    def loadInstrument(self, call: Call, instrument_id: int) -> omero.model.Instrument | None:
        """Return an instrument with its parts; None if there is none that the caller may see."""
        found: list[omero.model.Instrument] = self.query(call, _INSTRUMENT, parameters(id=instrument_id))
        if not found:
            return None
        instrument = found[0]
        for source in instrument.copyLightSource():
            self._complete(call, source)
        return instrument

    def loadChannelAcquisitionData(self, call: Call, ids: Sequence[int]) -> list[omero.model.LogicalChannel]:
        """Return logical channels with their settings, filters, light sources and detectors."""
        if not ids:
            return []
        found = self.query(call, _CHANNELS, parameters(ids=list(ids)))
        for channel in found:
            settings = channel.lightSourceSettings
            if settings is not None and settings.lightSource is not None:
                self._complete(call, settings.lightSource)
        return found

    def loadLogFiles(self, call: Call, class_name: str, ids: Sequence[int]) -> dict[int, list[omero.model.IObject]]:
        """Return the logs of the imports of filesets, or of images, by the ids of these."""
        kind = self.model_class(class_name).name
        if kind not in {"Fileset", "Image"}:
            raise api_usage("can load log files only by Fileset or Image")
        keys = self._filesets(call, ids) if kind == "Image" else {one: [one] for one in ids}
        found: dict[int, list[omero.model.IObject]] = {}
        if keys:
            for fileset, log in self.rows(call, _LOG_FILES, parameters(ids=sorted(keys))):
                for key in keys[fileset.val]:
                    found.setdefault(key, []).append(log.val)
        return found

    def _filesets(self, call: Call, ids: Sequence[int]) -> dict[int, list[int]]:
        """Return the images of each fileset."""
        filesets: dict[int, list[int]] = {}
        if ids:
            hql = "select i.id, i.fileset.id from Image i where i.fileset is not null and i.id in (:ids)"
            for image, fileset in unwrap(self.rows(call, hql, parameters(ids=list(ids)))):
                filesets.setdefault(fileset, []).append(image)
        return filesets

    def _complete(self, call: Call, source: omero.model.LightSource) -> None:
        """Load what only some light sources have: their types, and the source that pumps a laser."""
        kind = type(source).__name__.removesuffix("I")
        hql = f"select l from {kind} l {_LIGHT_SOURCES[kind]}where l.id = :id"
        loaded = self.query(call, hql, parameters(id=source.id.val))
        if not loaded:
            return
        instrument = source._instrument
        source.__dict__.update(loaded[0].__dict__)
        source._instrument = instrument
        if isinstance(source, omero.model.Laser) and source.pump is not None and source.pump.id != source.id:
            pump = self.query(call, "select l from LightSource l where l.id = :id", parameters(id=source.pump.id.val))
            source.pump = pump[0] if pump else None
