"""Tables of the properties by which OMERO's objects belong together: the facts of omero-blitz's graph rules.

A line of a table names a class and properties of it. A property with `!` applies to objects whatever the caller is
permitted to do with them, one with `?` only to objects that the caller may delete.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from omero_desk.server.database.model import OmeroModel


@dataclass(frozen=True, slots=True)
class Edge:
    """A property in a table: `name` is "Image.pixels", `source` "Image"; `unasked` is `!`, `if_deletable` is `?`."""

    name: str
    source: str
    unasked: bool = False
    if_deletable: bool = False


def read(table: str) -> tuple[Edge, ...]:
    """Return the properties of a table in the form that the module describes."""
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
"""Properties whose objects are parts: they share the fate of the whole, in every command."""

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
"""Properties whose objects are shared: each goes with the last object that uses it."""

BOUND: Final = ("Image.fileset",)
"""Shared properties that bind their users: while the shared object stays, all of its users stay."""

CONTENTS: Final = (
    "ProjectDatasetLink",
    "DatasetImageLink",
    "FolderImageLink",
    "FolderRoiLink",
    "ScreenPlateLink",
)
"""Classes of links whose child goes with the last of its containers, and only if the caller may delete it."""

FOLLOWERS: Final = read(
    """
    DetectorSettings: detector
    LightSettings: lightSource
    ObjectiveSettings: objective
    FileAnnotation: file!
    """
)
"""Properties whose owner goes with the one object that it refers to."""

LEADS: Final = (
    ("LogicalChannel.detectorSettings", "DetectorSettings.detector", "Detector.instrument"),
    ("LogicalChannel.lightSourceSettings", "LightSettings.lightSource", "LightSource.instrument"),
    ("Image.objectiveSettings", "ObjectiveSettings.objective", "Objective.instrument"),
    ("Mask.pixels", "Pixels.image"),
)
"""Chains of properties; the object at the end of one is shared by the objects at its start."""

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
"""Classes of links that the caller must be permitted to delete; links of other classes go without."""

HOLDS_PARENT: Final = frozenset(
    {"PixelsOriginalFileMap", "LightPathEmissionFilterLink", "LightPathExcitationFilterLink"}
)
"""Classes of links whose parent is shared by their children; of others the child is shared by the parents."""

JOBS_OF_FILES: Final = frozenset(
    {"IndexingJob", "MetadataImportJob", "PixelDataJob", "ThumbnailGenerationJob", "UploadJob"}
)
"""Classes of jobs whose files go with them, where both have one owner."""

UNASKED_ANNOTATIONS: Final = ("BasicAnnotation", "CommentAnnotation")
"""Classes of annotations that go with the last link to them, whatever the caller is permitted to do with them."""

OWN_ANNOTATIONS: Final = ("FileAnnotation", "TagAnnotation")
"""Classes of annotations that go with the last object that is annotated with them, where both have one owner."""


class RuleBook:
    """The classes of the model as the tables need them."""

    def __init__(self, model: OmeroModel) -> None:
        self._model = model
        self._known: dict[tuple[str, tuple[str, ...]], bool] = {}

    def is_a(self, class_name: str, *kinds: str) -> bool:
        """Return whether a class is one of `kinds` or below one of them."""
        key = (class_name, kinds)
        if key not in self._known:
            self._known[key] = any(class_name in self._model.subclasses_of(kind) for kind in kinds)
        return self._known[key]

    @cached_property
    def link_classes(self) -> tuple[str, ...]:
        """The concrete classes of links between objects that belong to groups."""
        return tuple(
            name for name, found in self._model.items() if found.is_link and found.has_details and not found.abstract
        )

    @cached_property
    def all_link_classes(self) -> tuple[str, ...]:
        """The concrete classes of all links, memberships of groups included."""
        return tuple(name for name, found in self._model.items() if found.is_link and not found.abstract)

    @cached_property
    def annotation_links(self) -> frozenset[str]:
        """The classes of links to annotations."""
        return frozenset(name for name in self.link_classes if name.endswith("AnnotationLink"))

    def root(self, class_name: str) -> str:
        """Return the name of the root of a class's hierarchy."""
        return self._model[class_name].root
