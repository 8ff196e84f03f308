"""Regions of interest over the wire: read by the page, saved once, and refused where they have to be."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.edits import Author
from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import Kind, Ref
from omero_desk.entities.rois import ARROW, SaveShapes, Shape, ShapeChange, ShapesReceipt, StoredShape, as_number
from omero_desk.entities.shape_kinds import ShapeKind
from omero_desk.gateway.rois import rois
from omero_desk.gateway.rois.writes import AnyShapesWrite, write_of
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.server.access.accounts import create_group, create_user
from omero_desk.server.database.store import Store
from tests.gateway.conftest import Lab
from tests.support.library_writer import LibraryWriter
from tests.support.present import present
from tests.support.server_process import running_server

SHAPES = (
    Shape(ShapeKind.RECTANGLE, (1.5, 2.0, 30.0, 40.0), "nucleus", z=2, t=1, stroke=as_number((255, 0, 0, 255))),
    Shape(ShapeKind.ELLIPSE, (10.0, 11.0, 4.0, 5.0), fill=as_number((0, 255, 0, 64)), stroke_width=2.5),
    Shape(ShapeKind.POINT, (3.25, 4.75), c=1),
    Shape(ShapeKind.LINE, (0.0, 0.0, 9.0, 9.0), start=ARROW, end=ARROW),
    Shape(ShapeKind.POLYLINE, (1.0, 2.0, 3.0, 4.0, 5.0, 1.0), end=ARROW),
    Shape(ShapeKind.POLYGON, (1.0, 2.0, 3.0, 4.0, 5.0, 0.1), transform=(1.0, 0.5, -0.5, 1.0, 20.0, 30.0)),
    Shape(ShapeKind.LABEL, (7.0, 8.0), "Überschrift", font_size=14.0),
    Shape(ShapeKind.PATH, (), "cell", data="M1 2C3 4 5 6 7 8z m9-1.5e1h4", z=1),
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A library that these tests may change: ada and ben, in a group whose members may only annotate."""
    folder = tmp_path_factory.mktemp("rois-lab")
    lab = Lab()
    store = Store(folder)
    with store.write() as connection:
        group = create_group(store.schema, connection, "lab", "rwra--")
        for name in ("ada", "ben"):
            lab.ids[name] = create_user(
                store.schema, connection, name, first_name=name, last_name="Lab", groups=[group], password=name
            )
        ada = LibraryWriter(store, connection, lab["ada"], group)
        names = ("drawn", "shared", "masked", "many", "regions", "conflicts", "twice", "empty")
        lab.ids |= dict(zip(names, ada.named("Image", *names), strict=True))
        (roi,) = ada.add("Roi", {"image_id": lab["many"]})
        shapes = ({"roi_id": roi, "x": float(n), "y": 1.0, "roi_index": n} for n in range(rois.PAGE + 10))
        ada.add("Point", *shapes)
        two = ada.add("Roi", {"image_id": lab["regions"]}, {"image_id": lab["regions"]})
        places = ((two[0], 0), (two[0], 1), (two[1], 0))
        ada.add("Point", *({"roi_id": roi, "x": 1.0, "y": 1.0, "roi_index": n} for roi, n in places))
    store.close()
    with running_server(folder) as lab.server:
        yield lab


@pytest_asyncio.fixture
async def service(lab: Lab) -> AsyncIterator[ServiceManager]:
    """Signed in as ada."""
    manager = ServiceManager()
    await manager.sign_in(lab.sign_in())
    yield manager
    manager.close()


def image(lab: Lab, name: str) -> Ref:
    return Ref(Kind.IMAGE, lab[name])


def new_write(service: ServiceManager, ref: Ref, *changes: ShapeChange) -> AnyShapesWrite:
    author = Author.of(service.account)
    assert author is not None
    return write_of(SaveShapes(ref, changes), author)


async def written(service: ServiceManager, ref: Ref, *changes: ShapeChange) -> ShapesReceipt:
    receipt = await service.write(Lane.METADATA, new_write(service, ref, *changes))
    assert isinstance(receipt, ShapesReceipt)
    return receipt


async def save(service: ServiceManager, ref: Ref, *changes: ShapeChange) -> dict[int, Any]:
    return dict((await written(service, ref, *changes)).stored)


async def draw(service: ServiceManager, ref: Ref, *shapes: Shape) -> list[StoredShape]:
    stored = await save(service, ref, *(ShapeChange(n, shape, None) for n, shape in enumerate(shapes)))
    return [stored[n] for n in range(len(shapes))]


async def read(service: ServiceManager, ref: Ref) -> list[StoredShape]:
    """Every shape of an image."""
    found: list[StoredShape] = []
    for kind, count in (await service.call(Lane.METADATA, rois.counts, ref)).shapes.items():
        shapes, more = await service.call(Lane.METADATA, rois.page, ref, kind, 0)
        assert (len(shapes), more) == (count, False)
        found += shapes
    return sorted(found, key=lambda stored: stored.id)


async def test_that_shapes_of_every_kind_come_back_as_they_were_drawn(service: ServiceManager, lab: Lab) -> None:
    ref = image(lab, "drawn")
    stored = await draw(service, ref, *SHAPES)
    assert await read(service, ref) == stored
    assert [one.shape for one in stored] == list(SHAPES)
    counts = await service.call(Lane.METADATA, rois.counts, ref)
    assert (counts.rois, counts.total) == (len(SHAPES), len(SHAPES))
    assert counts.permissions[lab["ada"]].can_edit


async def test_that_an_image_without_regions_has_none(service: ServiceManager, lab: Lab) -> None:
    counts = await service.call(Lane.METADATA, rois.counts, image(lab, "empty"))
    assert (counts.rois, counts.total, counts.permissions) == (0, 0, {})


async def test_that_many_shapes_come_by_the_page(service: ServiceManager, lab: Lab) -> None:
    ref = image(lab, "many")
    first, more = await service.call(Lane.METADATA, rois.page, ref, ShapeKind.POINT, 0)
    rest, none = await service.call(Lane.METADATA, rois.page, ref, ShapeKind.POINT, len(first))
    assert (len(first), more, len(rest), none) == (rois.PAGE, True, 10, False)
    assert [one.shape.numbers[0] for one in (*first, *rest)] == [float(n) for n in range(rois.PAGE + 10)]


async def test_that_the_bits_of_masks_come_when_they_are_asked_for(service: ServiceManager, lab: Lab) -> None:
    ref = image(lab, "masked")
    (mask,) = await draw(service, ref, Shape(ShapeKind.MASK, (0.0, 0.0, 8.0, 2.0), bits=b"\x81\xff"))
    (read_back,) = await read(service, ref)
    assert (read_back, read_back.shape.bits) == (mask, None)
    assert await service.call(Lane.METADATA, rois.masks, [mask.id]) == {mask.id: b"\x81\xff"}


async def test_that_changes_are_saved(service: ServiceManager, lab: Lab) -> None:
    ref = image(lab, "conflicts")
    stored = await draw(service, ref, *SHAPES)
    moved = [replace(one.shape.moved(5, 6), text="moved", stroke=None, z=None) for one in stored]
    changes = [ShapeChange(n, new, old) for n, (new, old) in enumerate(zip(moved, stored, strict=True))]
    now = await save(service, ref, *changes)
    assert [one.shape for one in await read(service, ref)] == moved
    assert now == {n: replace(old, shape=new) for n, (new, old) in enumerate(zip(moved, stored, strict=True))}


async def test_that_what_somebody_else_changed_or_deleted_is_told_and_left_alone(
    service: ServiceManager, lab: Lab
) -> None:
    ref = image(lab, "conflicts")
    changed, deleted, free = await draw(service, ref, *SHAPES[:3])
    theirs = replace(changed.shape, text="theirs")
    await save(service, ref, ShapeChange(0, theirs, changed))
    await save(service, ref, ShapeChange(0, None, deleted))
    mine = [ShapeChange(n, replace(one.shape, text="mine"), one) for n, one in enumerate((changed, deleted, free))]
    receipt = await written(service, ref, *mine)
    assert receipt.stored == {
        0: replace(changed, shape=theirs),
        1: None,
        2: replace(free, shape=present(mine[2].shape)),
    }
    assert "changed this shape" in receipt.refused[0].source
    assert "deleted this shape" in receipt.refused[1].source
    assert set(receipt.refused) == {0, 1}
    there = {one.id: one.shape.text for one in await read(service, ref)}
    assert (there[changed.id], there[free.id], deleted.id in there) == ("theirs", "mine", False)


async def test_that_what_somebody_else_changed_is_not_deleted(service: ServiceManager, lab: Lab) -> None:
    ref = image(lab, "conflicts")
    changed, deleted, free = await draw(service, ref, *SHAPES[:3])
    theirs = replace(changed.shape, text="theirs")
    await save(service, ref, ShapeChange(0, theirs, changed))
    await save(service, ref, ShapeChange(0, None, deleted))
    mine = [ShapeChange(n, None, one) for n, one in enumerate((changed, deleted, free))]
    receipt = await written(service, ref, *mine)
    assert receipt.stored == {0: replace(changed, shape=theirs), 1: None, 2: None}
    assert set(receipt.refused) == {0}
    assert [one.id for one in await read(service, ref) if one.id in (changed.id, deleted.id, free.id)] == [changed.id]


async def test_that_a_region_goes_with_its_last_shape_and_not_before(service: ServiceManager, lab: Lab) -> None:
    ref = image(lab, "regions")
    shapes = await read(service, ref)
    await save(service, ref, *(ShapeChange(n, None, shape) for n, shape in enumerate(shapes[1:])))
    counts = await service.call(Lane.METADATA, rois.counts, ref)
    assert (counts.rois, counts.total) == (1, 1)
    assert await read(service, ref) == shapes[:1]


async def test_that_others_regions_are_seen_and_not_changed(service: ServiceManager, lab: Lab) -> None:
    ref = image(lab, "shared")
    (mine,) = await draw(service, ref, SHAPES[0])
    await service.sign_in(lab.sign_in("ben"))
    assert await read(service, ref) == [mine]
    (bens,) = await draw(service, ref, SHAPES[1])
    counts = await service.call(Lane.METADATA, rois.counts, ref)
    assert {owner: allowed.can_edit for owner, allowed in counts.permissions.items()} == {
        lab["ada"]: False,
        lab["ben"]: True,
    }
    with pytest.raises(FailedError):
        await save(service, ref, ShapeChange(0, replace(mine.shape, text="by ben"), mine))
    with pytest.raises(FailedError):
        await save(service, ref, ShapeChange(0, None, mine))
    assert await read(service, ref) == [mine, bens]


@pytest.mark.parametrize("sort", ["new", "changed", "deleted"])
async def test_that_a_save_that_got_there_is_found_and_not_repeated(
    service: ServiceManager, lab: Lab, sort: str
) -> None:
    ref = image(lab, "twice")
    old = (await draw(service, ref, SHAPES[0]))[0]
    changes = {
        "new": (ShapeChange(1, SHAPES[1], None), ShapeChange(2, SHAPES[1], None)),
        "changed": (ShapeChange(1, replace(old.shape, text="changed"), old),),
        "deleted": (ShapeChange(1, None, old),),
    }[sort]
    write = new_write(service, ref, *changes)
    await service.call(Lane.METADATA, write.prepare)
    assert await service.call(Lane.METADATA, write.find) is None
    sent = await service.call(Lane.METADATA, write.send)
    before = await read(service, ref)
    assert isinstance(sent, ShapesReceipt)
    found = await service.call(Lane.METADATA, write.find)
    assert isinstance(found, ShapesReceipt)
    assert sorted(stored.id for stored in found.stored.values() if stored) == sorted(
        stored.id for stored in sent.stored.values() if stored
    )
    await service.call(Lane.METADATA, write.prepare)
    again = await service.call(Lane.METADATA, write.send)
    assert again == found
    assert await read(service, ref) == before
