"""The names of the classes whose objects may be targets of each command, as OMERO's LegalGraphTargets lists them."""

from __future__ import annotations

from typing import Final

_CONTAINERS: Final = "Dataset DatasetImageLink Project ProjectDatasetLink Folder FolderImageLink FolderRoiLink"
_SCREENS: Final = "Plate PlateAcquisition Reagent Screen ScreenPlateLink Well WellReagentLink WellSample StatsInfo"
_COMMON: Final = f"""
    Instrument Annotation IAnnotationLink {_CONTAINERS} Channel Image LogicalChannel OriginalFile Thumbnail
    Experiment MicrobeamManipulation Fileset FilesetJobLink Link Job JobOriginalFileLink ExternalInfo
    AffineTransform Roi Shape RenderingDef {_SCREENS}
"""

DELETE: Final = frozenset(
    f"""
    {_COMMON} DetectorSettings FilterSetEmissionFilterLink FilterSetExcitationFilterLink ImagingEnvironment
    LightPathEmissionFilterLink LightPathExcitationFilterLink LightSettings Microscope ObjectiveSettings StageLabel
    TransmittanceRange PixelsOriginalFileMap ProjectionDef GroupExperimenterMap Namespace ShareMember
    """.split()
)
_MOVABLE: Final = """
    Instrument Annotation Dataset Project Folder Image OriginalFile RenderingDef Thumbnail Experiment Fileset Link
    Job Roi Plate Screen
"""
CHGRP: Final = frozenset(_MOVABLE.split())
CHOWN: Final = (
    CHGRP
    | frozenset(f"IAnnotationLink {_CONTAINERS} JobOriginalFileLink Reagent".split())
    | {
        "ScreenPlateLink",
        "WellReagentLink",
    }
)
CHMOD: Final = frozenset({"ExperimenterGroup"})
DUPLICATE: Final = frozenset(f"{_COMMON} Pixels PlaneInfo ChannelBinding CodomainMapContext QuantumDef".split())
FIND: Final = DUPLICATE | {"PixelsOriginalFileMap", "ProjectionDef", "FilesetEntry"}
DISK_USAGE: Final = FIND | {"Experimenter", "ExperimenterGroup"}
