"""The graph rules on random graphs: nothing that stays points at what went, and what should live lives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from omero_desk.server.access.caller import load_caller
from omero_desk.server.access.rights import Rights
from omero_desk.server.commands.errors import GraphError
from omero_desk.server.commands.rules.deletion import DeletionPlanner
from omero_desk.server.commands.rules.graph import Key, StoredGraph
from omero_desk.server.commands.rules.options import ChildOptions
from omero_desk.server.commands.steps.erasure import Eraser
from omero_desk.server.database.store import Store
from omero_desk.server.saving.events import EventWriter
from tests.server.conftest import furnish
from tests.support.library_writer import LibraryWriter

_NAMES = count()


@dataclass
class Shape:
    """A random graph: which dataset is in which project, and so on, by position."""

    projects: int
    in_project: set[tuple[int, int]]
    in_dataset: set[tuple[int, int]]
    tagged: set[tuple[int, int]]
    commented: set[tuple[int, int]]
    filesets: dict[int, int]
    regions: list[int]
    target: tuple[str, int]


@dataclass
class Made:
    """The ids of the graph in the library."""

    ids: dict[str, list[int]] = field(default_factory=dict)


_SMALL = st.integers(0, 3)
_PAIRS = st.sets(st.tuples(_SMALL, _SMALL), max_size=6)
_SHAPES = st.builds(
    Shape,
    projects=st.just(4),
    in_project=_PAIRS,
    in_dataset=_PAIRS,
    tagged=_PAIRS,
    commented=_PAIRS,
    filesets=st.dictionaries(_SMALL, st.integers(0, 1), max_size=4),
    regions=st.lists(_SMALL, max_size=4),
    target=st.tuples(st.sampled_from(["Project", "Dataset", "Image", "Tag", "Fileset"]), _SMALL),
)


def make(writer: LibraryWriter, shape: Shape) -> Made:
    made = Made()
    names = [f"thing {next(_NAMES)}" for _ in range(4)]
    for kind in ("Project", "Dataset"):
        made.ids[kind] = writer.named(kind, *names)
    made.ids["Fileset"] = writer.add("Fileset", {"templatePrefix": "a"}, {"templatePrefix": "b"})
    images = [{"name": name, "fileset_id": _fileset(made, shape, at)} for at, name in enumerate(names)]
    made.ids["Image"] = writer.add("Image", *images)
    for kind, discriminator in (("Tag", "TagAnnotation"), ("Comment", "CommentAnnotation")):
        made.ids[kind] = writer.add(
            "Annotation", *({"discriminator": discriminator, "textValue": name} for name in names)
        )
    made.ids["Roi"] = writer.add("Roi", *({"image_id": made.ids["Image"][at]} for at in shape.regions))
    writer.add("Shape", *({"discriminator": "Point", "roi_id": roi, "roi_index": 0} for roi in made.ids["Roi"]))
    _link(writer, made, "ProjectDatasetLink", "Project", "Dataset", shape.in_project)
    _link(writer, made, "DatasetImageLink", "Dataset", "Image", shape.in_dataset)
    _link(writer, made, "ImageAnnotationLink", "Image", "Tag", shape.tagged)
    _link(writer, made, "ImageAnnotationLink", "Image", "Comment", shape.commented)
    return made


def _fileset(made: Made, shape: Shape, at: int) -> int | None:
    return made.ids["Fileset"][shape.filesets[at]] if at in shape.filesets else None


def _link(writer: LibraryWriter, made: Made, link: str, parent: str, child: str, pairs: set[tuple[int, int]]) -> None:
    ordered = sorted(pairs)
    writer.link(link, [made.ids[parent][a] for a, _ in ordered], [made.ids[child][b] for _, b in ordered])


class Expected:
    """What should go, asked of the shape alone and told another way than the rules are."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        kind, at = shape.target
        self.projects = {at} if kind == "Project" else set()
        self.datasets = self._contents(shape.in_project, self.projects) | ({at} if kind == "Dataset" else set())
        self.filesets = {at % 2} if kind == "Fileset" else set()
        self.images = self._images({at} if kind == "Image" else set())
        self.tags = self._last(shape.tagged) | ({at} if kind == "Tag" else set())
        self.comments = self._last(shape.commented)

    @staticmethod
    def _contents(pairs: set[tuple[int, int]], gone: set[int]) -> set[int]:
        inside = {child for parent, child in pairs if parent in gone}
        return {child for child in inside if all(parent in gone for parent, other in pairs if other == child)}

    def _images(self, chosen: set[int]) -> set[int]:
        members = {image for image in range(4) if self.shape.filesets.get(image) in self.filesets}
        loose = self._contents(self.shape.in_dataset, self.datasets)
        certain = chosen | members
        for whole in set(self.shape.filesets.values()) - self.filesets:
            parts = {image for image, each in self.shape.filesets.items() if each == whole}
            if not parts <= loose | certain:
                loose -= parts
        return certain | loose

    def _last(self, pairs: set[tuple[int, int]]) -> set[int]:
        return self._contents(pairs, self.images)

    @property
    def is_refused(self) -> bool:
        """Whether a fileset would be torn."""
        for whole in set(self.shape.filesets.values()):
            parts = {image for image, each in self.shape.filesets.items() if each == whole}
            if parts & self.images and not parts <= self.images:
                return True
        return False


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, dict[str, int]]]:
    folder = tmp_path_factory.mktemp("rules")
    people = furnish(folder)
    store = Store(folder)
    yield store, people
    store.close()


class _Undone(Exception):  # noqa: N818  it is no error
    """Every example leaves the library as it was."""


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shape=_SHAPES)
def test_that_nothing_points_at_what_went_and_what_should_live_lives(
    library: tuple[Store, dict[str, int]], shape: Shape
) -> None:
    store, people = library
    with pytest.raises(_Undone), store.write() as connection:
        writer = LibraryWriter(store, connection, people["ada"], people["private"])
        made = make(writer, shape)
        expected = Expected(shape)
        kind, at = shape.target
        root = "Annotation" if kind == "Tag" else kind
        target = Key(root, made.ids[kind][at % len(made.ids[kind])])
        try:
            erase(store, connection, people["ada"], target)
        except GraphError:
            assert expected.is_refused
        else:
            assert not expected.is_refused
            check(store, connection, made, expected)
        raise _Undone


def erase(store: Store, connection: Connection, user: int, target: Key) -> None:
    graph = StoredGraph(store.schema, connection)
    caller = load_caller(connection, user, -1)
    planner = DeletionPlanner(graph, Rights.load(connection, caller), ChildOptions(store.schema.model, None), _nothing)
    graph.load([target])
    planner.plan([target])
    planner.check_violations()
    planner.check_permissions()
    eraser = Eraser(graph, EventWriter(store.schema, connection, caller), _nothing)
    eraser.unlink(planner.going)
    eraser.erase(planner.going)


def check(store: Store, connection: Connection, made: Made, expected: Expected) -> None:
    assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    gone: dict[str, set[int]] = {
        "Project": expected.projects,
        "Dataset": expected.datasets,
        "Image": expected.images,
        "Tag": expected.tags,
        "Comment": expected.comments,
    }
    for kind, positions in gone.items():
        table: Any = store.schema.table("Annotation" if kind in ("Tag", "Comment") else kind)
        left = set(connection.execute(sa.select(table.c.id).where(table.c.id.in_(made.ids[kind]))).scalars())
        assert left == {each for at, each in enumerate(made.ids[kind]) if at not in positions}, kind
    rois = store.schema.table("Roi")
    left = set(connection.execute(sa.select(rois.c.id).where(rois.c.id.in_(made.ids["Roi"]))).scalars())
    assert left == {
        roi for roi, at in zip(made.ids["Roi"], expected.shape.regions, strict=True) if at not in expected.images
    }


def _nothing() -> None:
    """Nobody cancels."""
