"""Loaded objects and commands are found while one types, however many there are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from unicodedata import normalize

import pytest
import pytest_asyncio
from PySide6.QtCore import Qt

from omero_desk.entities.objects import Entity, Kind, Ref, natural_key
from omero_desk.models.finding.found import ROW, CommandRow, FoundModel, FoundRow
from omero_desk.models.finding.loaded_objects import Group, LoadedObjects
from omero_desk.models.finding.matching import Needle

MANY = 100_000


def entity(kind: str, number: int, name: str) -> Entity:
    return Entity(Ref(kind, number), name, natural_key(name))


PROJECT = entity(Kind.PROJECT, 5, "Mitosis")
DATASET = entity(Kind.DATASET, 7, normalize("NFD", "Müller, control"))
IMAGES = [entity(Kind.IMAGE, number, f"cell_{number:03}.tiff") for number in range(1, 121)]
GATHERED = entity(Kind.IMAGE, 500, "control elsewhere")
COMMANDS = (
    CommandRow("connect", "Connect", "File", "Ctrl+Shift+O"),
    CommandRow("disconnect", "Disconnect", "File", why_not="You are not signed in"),
    CommandRow("auto", "Auto contrast", "Image", "A", tip="Set the contrast by the pixels in view"),
)


def library() -> Iterator[Group]:
    yield (), [PROJECT]
    yield (PROJECT,), [DATASET]
    yield (PROJECT, DATASET), IMAGES
    yield (), [IMAGES[0], GATHERED]


class Search:
    """A model, and what it shows."""

    def __init__(self) -> None:
        self.errors: list[BaseException] = []
        self.model = FoundModel(library, lambda: COMMANDS, self.errors.append)
        self.model.begin()

    async def find(self, text: str) -> list[str]:
        self.model.search(text)
        await self.model.finished()
        assert not self.errors
        return [row.title for row in self.rows]

    @property
    def rows(self) -> Sequence[FoundRow]:
        return [self.model.index(row, 0).data(ROW) for row in range(self.model.rowCount())]


@pytest_asyncio.fixture
async def search() -> Search:
    return Search()


async def test_that_names_are_found_in_any_case_and_way_of_writing_with_their_places(search: Search) -> None:
    assert await search.find("MÜLLER") == ["Loaded here", DATASET.name]
    row = search.rows[1]
    assert row.place == "Mitosis · Dataset 7"
    assert row.path == (PROJECT.ref, DATASET.ref)
    assert [row.title[start : start + length] for start, length in row.marks] == [normalize("NFD", "Müller")]


async def test_that_an_object_is_found_by_its_id_and_kind(search: Search) -> None:
    assert (await search.find("7"))[:2] == ["Loaded here", DATASET.name]
    assert await search.find("dataset:7") == ["Loaded here", DATASET.name]
    assert await search.find("Image:7") == ["Loaded here", "cell_007.tiff"]
    assert await search.find("Image:7777") == []


async def test_that_a_kind_finds_all_of_it(search: Search) -> None:
    assert await search.find("project mito") == ["Loaded here", "Mitosis"]
    await search.find("image")
    assert search.model.number == len(IMAGES) + 2  # with the one that is in no place, and the command of the Image menu


async def test_that_an_image_in_the_tree_and_in_the_contents_is_found_once(search: Search) -> None:
    assert await search.find("cell_001") == ["Loaded here", "cell_001.tiff"]
    assert await search.find("elsewhere") == ["Loaded here", "control elsewhere"]
    assert search.rows[1].path == ()


async def test_that_the_better_of_objects_and_commands_come_first(search: Search) -> None:
    assert await search.find("contr") == ["Loaded here", "control elsewhere", DATASET.name, "Commands", "Auto contrast"]
    assert (await search.find("con"))[0] == "Loaded here", "where both are as good"
    assert (await search.find("auto"))[0] == "Commands"


async def test_that_only_commands_are_found_after_the_mark_and_all_without_words(search: Search) -> None:
    assert await search.find(">") == ["Commands", "Connect", "Disconnect", "Auto contrast"]
    assert await search.find("") == ["Commands", "Connect", "Disconnect", "Auto contrast"]
    assert await search.find(">con") == ["Commands", "Connect", "Auto contrast", "Disconnect"]
    assert await search.find(">pixels") == ["Commands", "Auto contrast"]


async def test_that_a_command_that_cannot_be_used_says_why_and_all_is_read_out(search: Search) -> None:
    await search.find(">disc")
    assert search.rows[1].place == "You are not signed in"
    index = search.model.index(1, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Disconnect, You are not signed in"
    await search.find("dataset:7")
    spoken = search.model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == f"{DATASET.name}, Dataset, Mitosis · Dataset 7"
    assert search.model.flags(search.model.index(0, 0)) == Qt.ItemFlag.NoItemFlags


async def test_that_one_goes_over_headings(search: Search) -> None:
    await search.find("contr")
    assert search.model.first_row() == 1
    assert search.model.next_row(2, 1) == 4
    assert search.model.next_row(4, -1) == 2
    assert search.model.next_row(4, 1) == 4
    assert search.model.next_group(1) == 4
    assert search.model.next_group(4) == 1
    await search.find("nothing of the sort")
    assert search.model.first_row() == -1


async def test_that_nothing_is_kept_after_the_end(search: Search) -> None:
    await search.find("cell")
    search.model.end()
    assert search.model.rowCount() == 0
    search.model.renew()
    assert not search.model.searching
    assert await search.find("cell") == []


async def test_that_a_newer_search_is_the_one_that_is_shown(search: Search) -> None:
    search.model.search("cell")
    await asyncio.sleep(0)
    assert (await search.find("mitosis"))[1] == "Mitosis"


def many() -> Iterator[Group]:
    yield (PROJECT, DATASET), [entity(Kind.IMAGE, number, f"HeLa_noc100_{number}.tiff") for number in range(MANY)]


@pytest.fixture(scope="module")
def objects() -> LoadedObjects:
    objects = LoadedObjects(many)
    assert sum(1 for _ in objects.read()) == MANY // 2000, "each step reads a slice"
    assert list(objects.read()) == []
    return objects


def test_that_very_many_are_searched_in_slices_and_a_longer_word_among_what_was_found(objects: LoadedObjects) -> None:
    steps = list(objects.search(Needle.of("hela")))
    assert len(steps) == MANY // 2000 + 1
    assert len(steps[-1].all) == MANY
    assert len(steps[-1].best) == 50
    narrower = list(objects.search(Needle.of("hela_noc100_9999")))
    assert len(narrower[-1].all) == 11
    assert len(list(objects.search(Needle.of("hela_noc100_99991")))) == 2, "of what was found before"
    assert len(list(objects.search(Needle.of("tiff")))) == MANY // 2000 + 1, "another word searches all again"


def test_that_the_best_of_very_many_are_found_wherever_they_stand(objects: LoadedObjects) -> None:
    *_, hits = objects.search(Needle.of("77777"))
    names = [objects.entities[number].ref.id for _fit, number in hits.best]
    assert names[0] == 77777
    assert hits.all == [77777]
