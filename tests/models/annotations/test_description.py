"""The words on what is selected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from omero_desk.entities.objects import Account, AnnotationCounts, Entity, Group, Kind, Person
from omero_desk.entities.thumbnails import ImageSize
from omero_desk.models.annotations import description
from omero_desk.models.annotations.summary import AT_ONCE, Summary
from tests.support.fake_library import entity

PEOPLE = {1: Person(1, "ada", "Ada Lovelace"), 2: Person(2, "ben", "Ben Lab"), 3: Person(3, "eve", "Eve Lab")}
ACCOUNT = Account("lab", PEOPLE[1], Group(5, "Lab", "rwr---"), "uuid", people=PEOPLE)


def owned(*owners: int | None) -> list[Entity]:
    return [replace(entity(Kind.IMAGE, n, f"image {n}"), owner_id=owner) for n, owner in enumerate(owners)]


def told(entities: list[Entity], sizes: Sequence[ImageSize | None] = ()) -> list[tuple[str, str]]:
    return [(fact.term, fact.text) for fact in description.rows(entities, Summary(entities), ACCOUNT, "", sizes)]


def headline(entities: list[Entity]) -> str:
    return description.headline(entities, Summary(entities), ACCOUNT)


def spaced(text: str) -> str:
    return text.replace("_", "\N{NO-BREAK SPACE}")


def test_that_a_selection_says_whose_it_is() -> None:
    assert ("Owner", "Ada Lovelace") in told(owned(1, 1))
    assert ("Owner", "Ada Lovelace and 1 other") in told(owned(1, 1, 2))
    assert ("Owner", "Ben Lab and 2 others") in told(owned(1, 2, 2, 3))
    assert all(term != "Owner" for term, _text in told(owned(None, None)))
    assert headline(owned(2)) == "Image 0 · Ben Lab · 3"
    assert headline([replace(one, group_id=5) for one in owned(1, 2)]).endswith(" · Lab")


def test_that_one_image_says_its_size_where_that_is_known() -> None:
    (size, *_) = told(owned(1), [ImageSize(400, 1300, 21, 3, 1)])
    assert size == ("Size", spaced("400_×_1,300, 3 channels, 21_Z"))  # noqa: RUF001 - times
    (size, *_) = told(owned(1), [ImageSize(400, 1300, 1, 1, 1)])
    assert size == ("Size", spaced("400_×_1,300, 1 channel"))  # noqa: RUF001 - times
    assert all(term != "Size" for term, _text in told(owned(1), [None]))


def test_that_several_images_say_what_they_have_in_common_and_between_what_they_differ() -> None:
    sizes = [ImageSize(40, 40, 1, channels, 1 + channels) for channels in (2, 5, 3)]
    found = dict(told(owned(1, 1, 1), sizes))
    assert found["Size"] == spaced("40_×_40, all the same")  # noqa: RUF001 - times
    assert found["Channels"] == "mixed: 2 to 5"
    assert found["T"] == "mixed: 3 to 6"
    assert "Z" not in found
    found = dict(told(owned(1, 1), [ImageSize(40, 40, 2, 3, 1), ImageSize(40, 41, 2, 4, 1)]))
    assert (found["Size"], found["Channels"], found["Z"]) == ("2 values", "3 or 4", "2")
    assert "Size" not in dict(told(owned(1, 1), [ImageSize(1, 1, 1, 1, 1), None])), "one is not known"


def test_that_dates_of_several_are_told_from_the_first_to_the_last() -> None:
    days = [int(datetime(2024, 3, day, 12).timestamp() * 1000) for day in (14, 12, 13)]
    images = [replace(one, acquired=day) for one, day in zip(owned(1, 1, 1), days, strict=True)]
    assert dict(told(images))["Acquired"] == "12 Mar 2024 to 14 Mar 2024"
    same = [replace(one, acquired=days[0] + step * 60_000) for step, one in enumerate(owned(1, 1, 1))]
    assert dict(told(same))["Acquired"] == "14 Mar 2024, 12:00 to 12:02"
    assert "Acquired" not in dict(told([*images, *owned(1)])), "one of them does not say"


def test_that_annotations_are_told_by_kind() -> None:
    facts = description.by_kind(AnnotationCounts(tags=2, files=1200))
    assert [(fact.term, fact.text) for fact in facts] == [("Tags", "2"), ("Attachments", "1,200")]


def test_that_a_group_is_named_only_where_all_of_very_many_are_in_it() -> None:
    many = [replace(one, group_id=5) for one in owned(*[1] * (AT_ONCE + 1))]
    assert description.headline(many, Summary(many), ACCOUNT).endswith(" · Lab")
    many[-1] = replace(many[-1], group_id=6)
    assert not description.headline(many, Summary(many), ACCOUNT).endswith(" · Lab")
