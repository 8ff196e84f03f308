"""The plan of the demo as tables: people, groups, projects, datasets, screens and plates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class GroupPlan:
    """A group, its permissions, and its members, the leader first."""

    name: str
    permissions: str
    members: Sequence[str]
    description: str


@dataclass(frozen=True)
class DatasetPlan:
    """A dataset of `count` images named by a pattern of their number, taking turns in files whose names start so."""

    name: str
    pictures: str = ""
    count: int = 0
    pattern: str = "Image{0}"


@dataclass(frozen=True)
class ProjectPlan:
    """A project and its datasets, and the names of others' datasets that it holds too."""

    name: str
    datasets: Sequence[DatasetPlan] = ()
    also: Sequence[str] = ()
    description: str | None = None


@dataclass(frozen=True)
class PlatePlan:
    """A plate, its size, and for each run how many fields a well has; no run is one field a well."""

    name: str
    rows: int
    columns: int
    runs: Sequence[int]


@dataclass(frozen=True)
class ScreenPlan:
    """A screen and its plates; one without a name stands for plates in no screen."""

    name: str | None
    plates: Sequence[PlatePlan]


@dataclass(frozen=True)
class SectionPlan:
    """The data of one person in one group."""

    owner: str
    group: str
    projects: Sequence[ProjectPlan] = ()
    loose_datasets: Sequence[DatasetPlan] = ()
    loose_images: int = 0
    screens: Sequence[ScreenPlan] = ()


PEOPLE: Final = {
    "demo": ("Demo", "User"),
    "amara": ("Amara", "Okafor"),
    "jonas": ("Jonas", "Lindqvist"),
    "mei": ("Mei", "Tanaka"),
}
"""Login names, and first and last names; passwords are the login names."""

GROUPS: Final = (
    GroupPlan("Okafor Lab", "rwra--", ("amara", "demo", "jonas"), "Cell division and the cytoskeleton"),
    GroupPlan("Imaging Core", "rwrw--", ("jonas", "demo", "amara"), "The microscopes and who looks after them"),
    GroupPlan("Teaching Atlas", "rwr---", ("jonas", "demo"), "Slides for the histology course"),
    GroupPlan("Tanaka Private", "rw----", ("mei",), "Unpublished"),
)
HOME: Final = "Okafor Lab"

GUESTS: Final = {("demo", HOME): ("jonas", "amara")}
"""The people who comment on the data of others, by owner and group of the data."""

TEN_THOUSAND: Final = "Ten thousand snaps"
SEGMENTATION: Final = "2024-03-18 segmentation"

_LONG: Final = " ".join(["Long-term live imaging of microtubule dynamics under temperature stress"] * 5)

_DEMO: Final = (
    ProjectPlan(
        "Mitosis in HeLa cells",
        (
            DatasetPlan("2024-03-12 control", "cells", 24, "HeLa_ctrl_{0:03}.ome.tiff"),
            DatasetPlan("2024-03-12 nocodazole 100 nM", "cells", 24, "HeLa_noc100_{0:03}.ome.tiff"),
            DatasetPlan("2024-03-14 taxol 10 nM", "cells", 18, "HeLa_tax10_{0:03}.ome.tiff"),
            DatasetPlan("2024-03-15 washout", "cells", 12, "Image{0}"),
            DatasetPlan(SEGMENTATION, "labels", 9, "labels {0}.ome.tiff"),
        ),
        description="Spindle poisons at low dose: does the checkpoint hold?",
    ),
    ProjectPlan(
        "Brain atlas",
        (
            DatasetPlan("Whole sections", "slide", 2, "Section {0}, slide scan"),
            DatasetPlan("Cortex", "cells", 16, "cortex-{0}"),
            DatasetPlan("Hippocampus", "stack", 11, "CA{0} z stack"),
        ),
        description="Coronal sections, 20x, DAPI and NeuN.",
    ),
    ProjectPlan(
        "Spheroids",
        (
            DatasetPlan("Z stacks", "stack", 9, "spheroid {0}"),
            DatasetPlan("Time lapse", "time", 6, "H2B-mCherry position {0}"),
            DatasetPlan("Volumes over time", "volume", 4, "volume {0}"),
            DatasetPlan("FRET ratios", "ratio", 8, "ratio_{0}"),
        ),
    ),
    ProjectPlan(
        "Histopathology",
        (
            DatasetPlan("Colon, FHL2", "ihc", 15, "Colon block {0}"),
            DatasetPlan("Retina", "retina", 3, "Fundus, patient {0}"),
            DatasetPlan("Microaneurysms", "aneurysms", 3, "lesion {0}"),
            DatasetPlan("Label-free cells", "phase", 10, "hologram {0}"),
        ),
        description="Brightfield and phase.",
    ),
    ProjectPlan(
        "High-content snaps",
        (
            DatasetPlan(TEN_THOUSAND, "snap", 10_000, "snap_{0}"),
            DatasetPlan("Out of focus", "snap", 40, "snap_{0} (blurred)"),
        ),
    ),
    ProjectPlan(
        "神経細胞の国際共同研究",
        (
            DatasetPlan("海馬ニューロン 培養7日目", "cells", 8, "細胞{0}"),
            DatasetPlan("تجربة التلوين المناعي", "cells", 6, "صورة {0}"),
            DatasetPlan("Zu\u0308rich, A\u030angstro\u0308m & cafe\u0301", "stack", 5, "nai\u0308ve {0}"),
            DatasetPlan("🔬 Friday pictures 🧫", "ihc", 7, "👩‍🔬 {0}"),
        ),
    ),
    ProjectPlan(_LONG[:255], (DatasetPlan(("Dataset: " + _LONG)[:255], "time", 4, "{0} " + _LONG[:240]),)),
    ProjectPlan("Planned for next year", description="Nothing here yet."),
    ProjectPlan(
        "Controls", (DatasetPlan("Flat fields", "ratio", 6), DatasetPlan("No data yet")), ("2024-03-12 control",)
    ),
)
_LOOSE: Final = (DatasetPlan("Unsorted 2023", "cells", 10, "IMG_{0:04}"), DatasetPlan("Can this go?"))

SECTIONS: Final = (
    SectionPlan(
        "demo",
        HOME,
        _DEMO,
        _LOOSE,
        7,
        (
            ScreenPlan(
                "Kinase inhibitors, pilot",
                (PlatePlan("KI-001", 8, 12, (2, 2)), PlatePlan("KI-002", 8, 12, (4,))),
            ),
            ScreenPlan("siRNA, cell cycle genes", (PlatePlan("siRNA-384-A", 16, 24, (2,)),)),
        ),
    ),
    SectionPlan(
        "jonas",
        HOME,
        (
            ProjectPlan(
                "Actin dynamics",
                (
                    DatasetPlan("Lamellipodia", "cells", 20, "cell {0}"),
                    DatasetPlan("Stress fibres", "cells", 14, "fibres {0}"),
                    DatasetPlan("Movies", "time", 5, "movie {0}"),
                ),
            ),
            ProjectPlan(
                "Vesicle trafficking",
                (DatasetPlan("Rab5", "stack", 6, "Rab5_{0}"), DatasetPlan("Rab7", "stack", 6, "Rab7_{0}")),
            ),
        ),
        (DatasetPlan("From the old microscope", "phase", 5, "scan{0}"),),
        3,
    ),
    SectionPlan(
        "amara",
        HOME,
        (
            ProjectPlan(
                "Figures for the review",
                (DatasetPlan("Figure 1", "cells", 4, "panel {0}"), DatasetPlan("Figure 2", "ihc", 4, "panel {0}")),
            ),
        ),
    ),
    SectionPlan(
        "jonas",
        "Imaging Core",
        (
            ProjectPlan(
                "Point spread functions",
                (DatasetPlan("60x oil", "stack", 4, "beads {0}"), DatasetPlan("20x air", "stack", 4, "beads {0}")),
            ),
        ),
        screens=(ScreenPlan(None, (PlatePlan("Evenness of illumination", 8, 12, ()),)),),
    ),
    SectionPlan(
        "demo",
        "Imaging Core",
        (ProjectPlan("Microscope checks", (DatasetPlan("Lamp, monthly", "ratio", 12, "month {0}"),)),),
    ),
    SectionPlan(
        "jonas",
        "Teaching Atlas",
        (
            ProjectPlan(
                "Histology, year 2",
                (
                    DatasetPlan("Colon", "ihc", 6, "slide {0}"),
                    DatasetPlan("Eye", "retina", 2, "slide {0}"),
                    DatasetPlan("Fluorescence", "cells", 8, "slide {0}"),
                ),
            ),
        ),
    ),
    SectionPlan(
        "mei",
        "Tanaka Private",
        (
            ProjectPlan(
                "Grant 2026",
                (DatasetPlan("Preliminary", "cells", 12, "prelim {0}"), DatasetPlan("Repeats", "stack", 5)),
            ),
        ),
    ),
)
