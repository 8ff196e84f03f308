"""What belongs to what, in OMERO's graphs: facts of omero-blitz's graph-rules, told in tables of our own.

A line names a class and its properties. `!` after one: without asking whether the caller may do that to the object;
`?`: only objects that the caller may delete.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from omero_desk.server.database.model import Model


@dataclass(frozen=True, slots=True)
class Edge:
    """One property in a table: `name` is "Image.pixels"."""

    name: str
    source: str
    unasked: bool = False
    if_deletable: bool = False


def read(table: str) -> tuple[Edge, ...]:
    """Read a table."""
    return tuple(_lines(table))


def _lines(table: str) -> Iterator[Edge]:
    for line in table.split("\n"):
        source, _, names = line.partition(":")
        for name in names.split():
            plain = name.rstrip("!?")
            yield Edge(f"{source.strip()}.{plain}", source.strip(), "!" in name, "?" in name)


PARTS: Final = read(
    """
    Instrument: detector dichroic filter filterSet lightSource microscope objective otf
    Filter: transmittanceRange
    FilterSet: dichroic
    Laser: pump
    OTF: filterSet objective
    Image: pixels
    Pixels: channels planeInfo
    RenderingDef: projections quantization waveRendering
    ChannelBinding: spatialDomainEnhancement
    Experiment: microbeamManipulation
    Fileset: images usedFiles jobLinks
    FilesetJobLink: child
    Roi: shapes
    Plate: wells plateAcquisitions
    PlateAcquisition: wellSample
    Well: wellSamples
    """
)
"""What goes wherever the whole goes, whatever the command."""

SHARED: Final = read(
    """
    Image: imagingEnvironment instrument stageLabel fileset experiment? rois?
    Channel: logicalChannel statsInfo!
    LogicalChannel: lightPath
    Shape: transform
    FileAnnotation: file!
    FilesetEntry: originalFile!
    Roi: source!
    WellSample: image?
    Screen: reagents?
    Folder: childFolders?
    """
)
"""What goes with the last object that uses it."""

BOUND: Final = ("Image.fileset",)
"""Of what is shared: what stays because of one user keeps the others that might go."""

CONTENTS: Final = (
    "ProjectDatasetLink",
    "DatasetImageLink",
    "FolderImageLink",
    "FolderRoiLink",
    "ScreenPlateLink",
)
"""Links whose child goes with the last of its containers, and only if the caller may delete it."""

FOLLOWERS: Final = read(
    """
    DetectorSettings: detector
    LightSettings: lightSource
    ObjectiveSettings: objective
    FileAnnotation: file!
    """
)
"""What goes because the one thing that it points at goes."""

LEADS: Final = (
    ("LogicalChannel.detectorSettings", "DetectorSettings.detector", "Detector.instrument"),
    ("LogicalChannel.lightSourceSettings", "LightSettings.lightSource", "LightSource.instrument"),
    ("Image.objectiveSettings", "ObjectiveSettings.objective", "Objective.instrument"),
    ("Mask.pixels", "Pixels.image"),
)
"""Chains of properties at whose end stands something that might go too, by the rules of what is shared."""

CHECKED_LINKS: Final = frozenset(
    {
        "FilterSetEmissionFilterLink",
        "FilterSetExcitationFilterLink",
        "LightPathEmissionFilterLink",
        "LightPathExcitationFilterLink",
        "PixelsOriginalFileMap",
        "FilesetJobLink",
    }
)
"""Links that only those who may delete them can break; of all others that is not asked."""

HOLDS_PARENT: Final = frozenset(
    {"PixelsOriginalFileMap", "LightPathEmissionFilterLink", "LightPathExcitationFilterLink"}
)
"""Links that keep their parent, for that is what is used."""

JOBS_OF_FILES: Final = frozenset(
    {"IndexingJob", "MetadataImportJob", "PixelDataJob", "ThumbnailGenerationJob", "UploadJob"}
)
"""Jobs whose files go with them, where both have one owner."""

UNASKED_ANNOTATIONS: Final = ("BasicAnnotation", "CommentAnnotation")
"""Annotations that go with the last link to them, without asking."""

OWN_ANNOTATIONS: Final = ("FileAnnotation", "TagAnnotation")
"""Annotations that go with the last object that bears them, where both have one owner."""


class RuleBook:
    """The tables, by the root classes that objects are known by."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._known: dict[tuple[str, tuple[str, ...]], bool] = {}

    def is_a(self, class_name: str, *kinds: str) -> bool:
        """Whether a class is one of some, or below one of them."""
        key = (class_name, kinds)
        if key not in self._known:
            self._known[key] = any(class_name in self._model.subclasses_of(kind) for kind in kinds)
        return self._known[key]

    @cached_property
    def link_classes(self) -> tuple[str, ...]:
        """The classes of links between objects that belong to a group."""
        return tuple(
            name for name, found in self._model.items() if found.is_link and found.has_details and not found.abstract
        )

    @cached_property
    def all_link_classes(self) -> tuple[str, ...]:
        """The classes of all links, memberships of groups included."""
        return tuple(name for name, found in self._model.items() if found.is_link and not found.abstract)

    @cached_property
    def annotation_links(self) -> frozenset[str]:
        """The classes of links to annotations."""
        return frozenset(name for name in self.link_classes if name.endswith("AnnotationLink"))

    def root(self, class_name: str) -> str:
        """Return the root of a class's hierarchy."""
        return self._model[class_name].root

    def target_root(self, edge: str) -> str:
        """Return the root class of what an edge leads to."""
        owner, _, name = edge.partition(".")
        return self._model[self._model[owner].properties[name].target].root  # type: ignore[union-attr]  # relations
