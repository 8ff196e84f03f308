"""The rows of a spreadsheet over the wire, beside what sections of annotations say of the same images."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import Any

from omero_desk.entities.annotations import Section
from omero_desk.entities.connection_states import Lane
from omero_desk.entities.edits import Author, PutAnnotation, SetPairs, SetRating
from omero_desk.entities.objects import Kind, Ref
from omero_desk.entities.sheet import SheetRow, SheetTag
from omero_desk.gateway.annotations import cells, reading
from omero_desk.gateway.annotations.writes import write_of
from omero_desk.gateway.service.manager import ServiceManager
from tests.support.annotated_library import AnnotatedLab
from tests.support.counted_calls import counted
from tests.support.present import present


async def test_that_a_row_has_all_that_is_written_about_an_image_in_one_round_trip(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    image = annotated["image"]
    found, trips = await as_ada.call(Lane.METADATA, counted(cells.rows), [image], annotated["ada"])
    assert trips == 1
    row = found[image]
    assert row.values == {"b": ("1", "", "1"), "a": ("2",)}
    assert (row.own_id, row.own) == (annotated["pairs"], (("b", "1"), ("a", "2"), ("b", ""), ("b", "1")))
    assert (row.stars, row.comments) == (4, 1)
    assert row.tags == (SheetTag(annotated["tag"], "mitosis", can_remove=False),)  # ben has linked it too


async def test_that_bens_pairs_are_none_of_his_own_to_edit_and_his_odd_stars_none(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    found = await as_ada.call(Lane.METADATA, cells.rows, [annotated["image"]], annotated["ben"])
    row = found[annotated["image"]]
    assert (row.own_id, row.own, row.stars) == (None, (), 2)
    assert row.values["a"] == ("2",)


async def test_that_a_thousand_rows_come_in_one_round_trip_with_their_tags(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    found, trips = await as_ada.call(Lane.METADATA, counted(cells.rows), [*annotated.many, 10**9], annotated["ada"])
    assert trips == 1
    refs = [Ref(Kind.IMAGE, image) for image in annotated.many]
    tags = await as_ada.call(Lane.METADATA, reading.section_of, refs, Section.TAGS)
    texts = {str(tag.value): {link.ref.id for link in tag.links} for tag in tags}
    assert {
        text: {image for image, row in found.items() if text in {tag.text for tag in row.tags}} for text in texts
    } == texts
    assert found[10**9] == SheetRow()


async def test_that_rows_that_were_asked_for_ahead_take_no_round_trip_unless_something_has_changed(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    ada, (one, other, third) = annotated["ada"], annotated.many[2:5]

    def ask(image: int, following: Sequence[int] = (), anew: bool = False) -> Awaitable[tuple[Any, int]]:
        return as_ada.call(Lane.METADATA, counted(cells.rows), [image], ada, following, anew)

    _, trips = await ask(one, [other])
    assert trips == 1
    author = present(Author.of(as_ada.account))
    await as_ada.write(Lane.METADATA, write_of(SetRating((Ref(Kind.IMAGE, other),), 4), author))
    found, trips = await ask(other, [third])
    assert (found[other].stars, trips) == (
        0,
        1,
    )  # as it was; the round trip is that for the third
    found, trips = await ask(third)
    assert (found, trips) == ((await ask(third))[0], 0)
    await ask(one, [other])
    found, trips = await ask(other, anew=True)
    assert (found[other].stars, trips) == (4, 1)
    await ask(one, [third])
    _, trips = await ask(other)
    assert trips == 1  # another one was expected


async def test_that_pairs_on_two_images_are_not_edited_in_one_row(
    as_ada: ServiceManager, annotated: AnnotatedLab
) -> None:
    one, other = (Ref(Kind.IMAGE, image) for image in annotated.many[:2])
    author = present(Author.of(as_ada.account))
    made = await as_ada.write(Lane.METADATA, write_of(SetPairs(one, None, (("dose", "1"),)), author))
    alone = await as_ada.call(Lane.METADATA, cells.rows, [one.id], author.user_id)
    assert alone[one.id].own_id == made.annotation_id
    put = PutAnnotation((other,), "Map", present(made.annotation_id), "dose")
    await as_ada.write(Lane.METADATA, write_of(put, author))
    for images in ([one.id], [one.id, other.id]):
        shared = await as_ada.call(Lane.METADATA, cells.rows, images, author.user_id)
        assert (shared[one.id].own_id, shared[one.id].values) == (None, {"dose": ("1",)})
