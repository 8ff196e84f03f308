"""Annotation counts over the wire."""

from typing import Any

import pytest

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.objects import AnnotationCounts, Kind, Ref
from omero_desk.gateway.annotations import counts as annotation_counts
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.service.manager import ServiceManager
from tests.gateway.conftest import Lab


async def count(service: ServiceManager, *refs: Ref) -> dict[Ref, AnnotationCounts]:
    return await service.call(Lane.METADATA, annotation_counts.counts, refs)


async def test_that_annotations_are_counted_by_kind(service: ServiceManager, lab: Lab) -> None:
    image = Ref(Kind.IMAGE, lab["image"])
    counts = (await count(service, image))[image]
    assert counts == AnnotationCounts(tags=2, key_values=1, comments=1, files=0, ratings=1, other=2)
    assert counts.total == 7


async def test_that_a_selection_of_several_kinds_is_counted_object_by_object(service: ServiceManager, lab: Lab) -> None:
    refs = [
        Ref(Kind.IMAGE, lab["image"]),
        Ref(Kind.IMAGE, lab["other image"]),
        Ref(Kind.PROJECT, lab["project"]),
        Ref(Kind.PROJECT, lab["empty project"]),
        Ref(Kind.WELL, lab["well"], run=lab["first run"]),
    ]
    counts = await count(service, *refs)
    assert [counts[ref].total for ref in refs] == [7, 1, 1, 0, 0]


async def test_that_folders_are_left_out(service: ServiceManager, lab: Lab) -> None:
    assert await count(service, Ref(Kind.ORPHANED_IMAGES, lab["group"])) == {}
    assert await count(service) == {}


async def test_that_any_number_of_objects_of_a_kind_takes_one_call(service: ServiceManager, lab: Lab) -> None:
    """A real server takes 32,767 parameters at most, so beyond 30,000 there is a call for each 30,000."""
    images = [Ref(Kind.IMAGE, lab["image"] + n) for n in range(30_000)]
    projects = [Ref(Kind.PROJECT, lab["project"])]

    def counted(session: LaneSession) -> tuple[dict[Ref, AnnotationCounts], int]:
        query = session.gateway.getQueryService()
        projection = query.projection
        calls: list[Any] = []

        def count(*args: Any, **options: Any) -> Any:
            calls.append(args)
            return projection(*args, **options)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(query, "projection", count)
            return annotation_counts.counts(session, images + projects), len(calls)

    counts, calls = await service.call(Lane.METADATA, counted)
    assert calls == 2
    assert len(counts) == 30_001
    assert counts[images[0]].total == 7
