"""Plates over the wire: wells, fields of runs, and what hangs on them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.errors import GatewayError
from omero_desk.entities.objects import Kind, Ref
from omero_desk.entities.plates import Field, PlateInfo, Well, letters
from omero_desk.gateway.plates import plates
from omero_desk.gateway.service.manager import ServiceManager
from tests.support.plate_library import (
    APART_UM,
    BARE,
    BLIND,
    COLUMNS,
    GAP,
    MID_COLUMNS,
    MID_ROWS,
    PIXEL_UM,
    ROWS,
    SIDE_PX,
    PlateLab,
    plate_lab,
)

pytestmark = pytest.mark.asyncio


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlateLab]:
    with plate_lab(tmp_path_factory.mktemp("plates")) as lab:
        yield lab


@pytest_asyncio.fixture
async def service(lab: PlateLab) -> AsyncIterator[ServiceManager]:
    manager = ServiceManager()
    await manager.sign_in(lab.sign_in())
    yield manager
    manager.close()


async def opened(service: ServiceManager, ref: Ref) -> PlateInfo:
    return await service.call(Lane.METADATA, plates.opened, ref)


async def all_wells(service: ServiceManager, plate: int) -> list[Well]:
    found: list[Well] = []
    offset: int | None = 0
    while offset is not None:
        page, offset = await service.call(Lane.METADATA, plates.wells, plate, offset)
        assert len(page) <= plates.PAGE
        found += page
    return found


async def all_fields(service: ServiceManager, plate: int, run: int, number: int) -> list[Field]:
    found: list[Field] = []
    more = True
    while more:
        page, more = await service.call(Lane.METADATA, plates.fields, plate, run, number, len(found))
        found += page
    return found


async def test_that_a_plate_is_as_large_as_its_wells_need_even_if_it_says_less(
    service: ServiceManager, lab: PlateLab
) -> None:
    large, mid = await opened(service, lab.ref("large")), await opened(service, lab.ref("mid"))
    assert (large.rows, large.columns) == (ROWS, COLUMNS)
    assert (mid.rows, mid.columns) == (MID_ROWS, MID_COLUMNS)
    assert large.runs == ()
    assert [run.name for run in mid.runs] == ["", ""]


async def test_that_a_plate_without_wells_has_the_size_that_it_says(service: ServiceManager, lab: PlateLab) -> None:
    empty = await opened(service, lab.ref("empty"))
    assert (empty.rows, empty.columns, empty.field_counts) == (8, 12, ())
    assert await all_wells(service, empty.id) == []


async def test_that_wells_are_named_as_the_plate_says(service: ServiceManager, lab: PlateLab) -> None:
    large, mid = await opened(service, lab.ref("large")), await opened(service, lab.ref("mid"))
    assert [large.label(*place) for place in ((0, 0), (25, 9), (31, 47))] == ["A1", "Z10", "AF48"]
    assert [mid.label(*place) for place in ((0, 0), (15, 23))] == ["1A", "16X"]
    assert letters(701) == "ZZ"
    assert letters(702) == "AAA"


async def test_that_a_run_opens_its_plate(service: ServiceManager, lab: PlateLab) -> None:
    assert await opened(service, lab.ref("run 2")) == await opened(service, lab.ref("mid"))


async def test_that_a_plate_that_is_gone_is_an_error_in_words(service: ServiceManager) -> None:
    with pytest.raises(GatewayError):
        await opened(service, Ref(Kind.PLATE, 987_654))


async def test_that_all_wells_of_a_large_plate_come_in_pages_each_in_its_place(
    service: ServiceManager, lab: PlateLab
) -> None:
    wells = await all_wells(service, lab.ids["large"])
    assert {(well.row, well.column): well.id for well in wells} == lab.wells["large"]
    assert len(wells) == ROWS * COLUMNS
    first = wells[0]
    assert (first.type, first.annotations, first.permissions.can_annotate) == ("DMSO", 1, True)


async def test_that_a_field_of_a_run_is_the_one_that_the_tree_counts_so(service: ServiceManager, lab: PlateLab) -> None:
    mid, run = lab.ids["mid"], lab.ids["run 1"]
    firsts, seconds = [await all_fields(service, mid, run, number) for number in (0, 1)]
    assert len(firsts) == len(seconds) == len(lab.wells["mid"]) - 1
    assert firsts[0].image_id == lab.ids["first image 0"]
    assert seconds[0].image_id == lab.ids["first image 1"]
    assert await all_fields(service, mid, run, 2) == []
    of_other_run = await all_fields(service, mid, lab.ids["run 2"], 0)
    assert of_other_run[0].image_id == lab.ids["first image 2"]
    assert await all_fields(service, mid, 0, 2) == of_other_run


async def test_that_gaps_wells_without_fields_and_images_without_pixels_are_told_apart(
    service: ServiceManager, lab: PlateLab
) -> None:
    wells = lab.wells["mid"]
    fields = {field.well_id: field for field in await all_fields(service, lab.ids["mid"], 0, 0)}
    assert GAP not in wells
    assert wells[BARE] not in fields
    assert fields[wells[BLIND]].image_name == "No pixels"
    counts = {(well, run): count for well, run, count in (await opened(service, lab.ref("mid"))).field_counts}
    assert counts[wells[BLIND], lab.ids["run 1"]] == 2
    assert (wells[BARE], lab.ids["run 1"]) not in counts


async def test_that_the_fields_of_a_well_come_with_their_places_in_micrometres(
    service: ServiceManager, lab: PlateLab
) -> None:
    well = lab.wells["mid"][0, 0]
    fields = await service.call(Lane.METADATA, plates.well_fields, [well], 0)
    assert [field.x.value for field in fields if field.x is not None] == pytest.approx([0, APART_UM, 2 * APART_UM])
    assert {field.x.unit for field in fields if field.x is not None} == {"µm"}
    assert [(field.width, field.height) for field in fields] == [(SIDE_PX * PIXEL_UM,) * 2] * 3
    of_run = await service.call(Lane.METADATA, plates.well_fields, [well], lab.ids["run 2"])
    assert [field.image_id for field in of_run] == [lab.ids["first image 2"]]
    other = lab.wells["mid"][1, 0]
    of_both = await service.call(Lane.METADATA, plates.well_fields, [other, well], 0)
    assert [field.well_id for field in of_both] == [other] * 3 + [well] * 3, "in the order that was asked for"


async def test_that_what_hangs_on_wells_and_on_the_images_shown_comes_by_wells(
    service: ServiceManager, lab: PlateLab
) -> None:
    first = lab.wells["mid"][0, 0]
    run = lab.ids["run 1"]
    labels = await service.call(Lane.METADATA, plates.labels, lab.ids["mid"], run, 0)
    assert (first, "Control") in labels.tags
    assert (first, "Looked at") in labels.tags
    assert (first, "Dose", "2.5") in labels.values
    assert labels.image_annotations == {first: 1}
    assert labels.rois == {first: 4}
    others = await service.call(Lane.METADATA, plates.labels, lab.ids["mid"], run, 1)
    assert (first, "Control") in others.tags
    assert (others.image_annotations, others.rois) == ({}, {})


async def test_that_a_plate_is_read_in_few_calls_whatever_its_size(service: ServiceManager, lab: PlateLab) -> None:
    before = len(service.journal.records)
    info = await opened(service, lab.ref("large"))
    await all_wells(service, info.id)
    await all_fields(service, info.id, 0, 0)
    labels = await service.call(Lane.METADATA, plates.labels, info.id, 0, 0)
    assert len(labels.values) == ROWS * COLUMNS
    assert len(service.journal.records) - before == 6
