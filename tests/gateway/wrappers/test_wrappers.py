"""Wrappers as the documentation of BlitzGateway means them, and those of other packages."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from importlib.metadata import EntryPoint
from typing import Any

import omero.gateway
import pytest
from omero.gateway import BlitzObjectWrapper

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.objects import UNKNOWN, Entity, Kind, Ref, Scope
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.gateway.tree import browse
from omero_desk.gateway.wrappers.desk_wrappers import BUILT_IN, DeskWrapper, ImageWrapper, WellWrapper
from omero_desk.gateway.wrappers.registry import ENTRY_POINTS, Registry
from tests.gateway.conftest import Lab
from tests.support.present import present

FetchChildren = Callable[[Ref], Awaitable[list[Entity]]]
Reports = list[tuple[str, str]]


class NumberedImage(DeskWrapper, omero.gateway.ImageWrapper):
    """A wrapper of our kind: it changes a label."""

    OMERO_CLASS = "Image"
    ROW = ImageWrapper.ROW

    @classmethod
    def label(cls, row: Mapping[str, Any]) -> str:
        return f"No. {row['id']}"


class GatewayDataset(omero.gateway._DatasetWrapper):
    """A wrapper that knows BlitzGateway alone."""

    def getName(self) -> str:
        return f"<{super().getName()}>"

    def listChildren(self, **kwargs: Any) -> Iterator[BlitzObjectWrapper]:
        return reversed(list(super().listChildren(**kwargs)))


class BrokenDataset(omero.gateway._DatasetWrapper):
    def listChildren(self, **kwargs: Any) -> Iterator[BlitzObjectWrapper]:
        raise RuntimeError("out of order")

    def getName(self) -> str:
        raise RuntimeError("no name either")


@pytest.fixture
def reports(service: ServiceManager) -> Iterator[list[tuple[str, str]]]:
    """What foreign wrappers did wrong; ours are back in place afterwards."""
    seen: list[tuple[str, str]] = []
    present(service._registry)._report = lambda name, error: seen.append((name, str(error)))
    yield seen
    Registry(lambda name, error: None).load_entry_points([])


@pytest.fixture
def children(service: ServiceManager, lab: Lab) -> FetchChildren:
    async def fetch(ref: Ref) -> list[Entity]:
        page = await service.call(Lane.BROWSING, browse.children, ref, Scope(lab["group"]), None, 1000)
        return list(page.entities)

    return fetch


async def test_that_the_gateway_hands_out_our_wrappers(service: ServiceManager, lab: Lab) -> None:
    def types(session: LaneSession) -> list[type]:
        names = [wrapper.OMERO_CLASS for wrapper in BUILT_IN]
        return [type(found) for name in names for found in list(session.gateway.getObjects(name))[:1]]

    assert set(await service.call(Lane.JOBS, types)) == set(BUILT_IN)


async def test_that_an_image_counts_its_annotations_and_remembers(service: ServiceManager, lab: Lab) -> None:
    def count(session: LaneSession) -> tuple[int, int, int]:
        image = session.gateway.getObject("Image", lab["image"])
        known = type(image)(session.gateway, image._obj, annotation_counter=99)
        first = image.countAnnotations()
        image._conn = None  # no way to ask again
        return first, image.countAnnotations(), known.countAnnotations()

    assert await service.call(Lane.JOBS, count) == (7, 7, 99)


async def test_that_an_object_without_annotations_counts_none(service: ServiceManager, lab: Lab) -> None:
    counted = await service.call(
        Lane.JOBS, lambda session: session.gateway.getObject("Project", lab["empty project"]).countAnnotations()
    )
    assert counted == 0


async def test_that_a_wrapper_of_our_kind_labels_the_rows(
    service: ServiceManager, lab: Lab, children: FetchChildren, reports: Reports
) -> None:
    present(service._registry).register(NumberedImage)
    images = await children(Ref(Kind.DATASET, lab["dataset"]))
    assert {entity.name for entity in images} == {f"No. {entity.ref.id}" for entity in images}
    assert len(images) == 25
    assert reports == []


async def test_that_a_wrapper_of_the_gateways_kind_shows_its_children_and_label(
    service: ServiceManager, lab: Lab, children: FetchChildren, reports: Reports
) -> None:
    present(service._registry).register(GatewayDataset)
    datasets = await children(Ref(Kind.PROJECT, lab["project"]))
    assert "<Dataset 1>" in {entity.name for entity in datasets}
    images = await children(Ref(Kind.DATASET, lab["dataset"]))
    assert len(images) == 25
    assert {entity.ref.kind for entity in images} == {Kind.IMAGE}
    assert reports == []


async def test_that_a_wrapper_that_raises_is_reported_once_and_the_built_in_is_used(
    service: ServiceManager, lab: Lab, children: FetchChildren, reports: Reports
) -> None:
    present(service._registry).register(BrokenDataset)
    dataset = Ref(Kind.DATASET, lab["dataset"])
    assert len(await children(dataset)) == 25
    present(service._registry).register(BrokenDataset)
    datasets = await children(Ref(Kind.PROJECT, lab["project"]))
    assert "Dataset 1" in {entity.name for entity in datasets}
    assert reports == [("BrokenDataset", "out of order")]


async def test_that_a_new_class_hangs_below_an_image_whose_wrapper_lists_it(
    service: ServiceManager, lab: Lab, children: FetchChildren, reports: Reports
) -> None:
    class ImageWithTags(omero.gateway._ImageWrapper):
        def listChildren(self, **kwargs: Any) -> Iterator[BlitzObjectWrapper]:
            return (found for found in self.listAnnotations() if found.OMERO_TYPE is omero.model.TagAnnotationI)

    present(service._registry).register(ImageWithTags)
    images = {entity.ref.id: entity for entity in await children(Ref(Kind.DATASET, lab["dataset"]))}
    assert images[lab["image"]].child_count == UNKNOWN
    tags = await children(Ref(Kind.IMAGE, lab["image"]))
    assert len(tags) == 2
    assert reports == []


def test_that_an_extension_that_cannot_be_loaded_is_reported_by_name() -> None:
    reports: list[tuple[str, str]] = []
    registry = Registry(lambda name, error: reports.append((name, type(error).__name__)))
    registry.load_entry_points(
        [
            EntryPoint("missing", "no_such_package:Wrapper", ENTRY_POINTS),
            EntryPoint("nameless", "omero.gateway:BlitzObjectWrapper", ENTRY_POINTS),
        ]
    )
    assert reports == [("missing", "ModuleNotFoundError"), ("nameless", "TypeError")]


def test_that_a_class_without_a_wrapper_gets_a_generic_one() -> None:
    generic = Registry(lambda name, error: None).desk("Instrument")
    assert issubclass(generic, DeskWrapper)
    assert generic.label({"id": 5, "name": ""}) == ""
    assert generic.sort_label({"id": 5, "name": ""}) == "Instrument 5"
    assert generic.CHILDREN == ()


@pytest.mark.parametrize(
    ("row", "column", "naming", "label"),
    [
        (0, 0, (None, None), "A1"),
        (7, 11, (None, None), "H12"),
        (25, 0, (None, None), "Z1"),
        (26, 0, (None, None), "AA1"),
        (31, 47, ("letter", "number"), "AF48"),
        (0, 26, ("number", "letter"), "1AA"),
        (None, None, (None, None), "A1"),
    ],
)
def test_that_a_well_is_called_by_its_place(
    row: int | None, column: int | None, naming: tuple[str | None, str | None], label: str
) -> None:
    names = {"row_naming": naming[0], "column_naming": naming[1]}
    assert WellWrapper.label({"row": row, "column": column, **names}) == label
