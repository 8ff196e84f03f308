"""The list of images: order, filter, and what stays selected while it changes."""

from __future__ import annotations

from dataclasses import replace
from time import process_time

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester

from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import AnnotationCounts, Entity, Kind, Ref
from omero_desk.entities.thumbnails import ImageSize
from omero_desk.models.gallery.contents import ENTITY, ContentsModel
from omero_desk.models.gallery.contents_column import COLUMNS, ContentsColumn
from omero_desk.models.gallery.image_sizes import PAGE, ImageSizesModel
from tests.support.fake_library import entity, images

pytestmark = pytest.mark.asyncio
PLACE = (Ref(Kind.DATASET, 5),)


class Sizes:
    """Answers with a size that follows from the id, or with an error."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.failing = False

    async def read(self, image_ids: list[int]) -> dict[int, ImageSize]:
        self.asked.append(len(image_ids))
        if self.failing:
            raise FailedError("No.")
        return {image: ImageSize(1000 - image, 10, 1, 2, 3) for image in image_ids if image != 7}


@pytest.fixture
def reader() -> Sizes:
    return Sizes()


@pytest.fixture
def sizes(reader: Sizes) -> ImageSizesModel:
    return ImageSizesModel(reader.read, print)  # type: ignore[arg-type]


@pytest.fixture
def contents(sizes: ImageSizesModel) -> ContentsModel:
    return ContentsModel(lambda: None, sizes, lambda image: "No thumbnail." if image == 2 else "")


def names(contents: ContentsModel) -> list[str]:
    return [contents.index(row, 0).data() for row in range(contents.rowCount())]


def ids(contents: ContentsModel) -> list[int]:
    return [entity.ref.id for entity in contents.entities]


async def test_that_images_alone_show_each_once_and_as_people_count(contents: ContentsModel) -> None:
    others = [entity(Kind.DATASET, 3, "Dataset", 4)]
    contents.show_entities(PLACE, [*others, *images(12)[::-1], *images(3)])
    assert names(contents) == [f"Image{n}.tif" for n in range(1, 13)]
    assert contents.total == 12


async def test_that_the_model_keeps_qt_s_rules_whatever_happens(
    contents: ContentsModel, qtmodeltester: ModelTester
) -> None:
    qtmodeltester.check(contents, force_py=True)
    contents.show_entities(PLACE, images(30))
    contents.set_filter("2")
    contents.show_entities(PLACE, images(60))
    contents.sort_by(ContentsColumn.ID, descending=True)
    contents.show_entities(PLACE, images(20, first=15))
    contents.set_filter("")
    assert ids(contents) == list(range(34, 14, -1))
    contents.show_entities((), ())
    assert contents.rowCount() == 0


@pytest.mark.parametrize(
    ("column", "order"),
    [
        (ContentsColumn.NAME, [1, 2, 3]),
        (ContentsColumn.ID, [1, 2, 3]),
        (ContentsColumn.DATE, [3, 1, 2]),
        (ContentsColumn.OWNER, [2, 1, 3]),
        (ContentsColumn.ANNOTATIONS, [2, 3, 1]),
        (ContentsColumn.SIZE, [3, 2, 1]),
        (ContentsColumn.CHANNELS, [1, 2, 3]),
    ],
)
async def test_that_each_column_sorts_and_the_other_way_round(
    contents: ContentsModel, sizes: ImageSizesModel, column: ContentsColumn, order: list[int]
) -> None:
    a, b, c = images(3)
    contents.show_entities(
        PLACE,
        [
            replace(a, acquired=2000, owner_id=5, annotation_count=4),
            replace(b, acquired=None, created=3000, owner_id=4, annotation_count=None),
            replace(c, acquired=1000, owner_id=5, annotation_count=1),
        ],
    )
    contents.sort_by(column)
    await sizes.finished()
    assert ids(contents) == order
    contents.sort_by(column, descending=True)
    assert ids(contents) == order[::-1]


async def test_that_filter_order_and_growth_keep_what_is_selected(contents: ContentsModel) -> None:
    contents.show_entities(PLACE, images(300))
    selection = QItemSelectionModel(contents)
    chosen = QItemSelection()
    for row in (11, 119, 120, 299):
        chosen.select(contents.index(row, 0), contents.index(row, len(COLUMNS) - 1))
    selection.select(chosen, QItemSelectionModel.SelectionFlag.Select)
    selection.setCurrentIndex(contents.index(119, 0), QItemSelectionModel.SelectionFlag.NoUpdate)

    def selected() -> list[int]:
        return sorted(index.data(ENTITY).ref.id for index in selection.selectedRows())

    contents.set_filter("12")
    assert selected() == [12, 120, 121]
    contents.sort_by(ContentsColumn.ID, descending=True)
    contents.set_filter("")
    contents.show_entities(PLACE, images(500))
    assert selected() == [12, 120, 121]
    assert selection.currentIndex().data(ENTITY).ref.id == 120


async def test_that_another_place_begins_anew(contents: ContentsModel) -> None:
    contents.show_entities(PLACE, images(30))
    selection = QItemSelectionModel(contents)
    selection.select(contents.index(1, 0), QItemSelectionModel.SelectionFlag.Select)
    contents.show_entities((Ref(Kind.DATASET, 6),), images(30))
    assert not selection.hasSelection()


async def test_that_sizes_are_read_when_somebody_looks_and_not_before(
    contents: ContentsModel, sizes: ImageSizesModel, reader: Sizes
) -> None:
    contents.show_entities(PLACE, images(PAGE + 5))
    assert reader.asked == []
    contents.measure(True)
    await sizes.finished()
    assert reader.asked == [PAGE, 5]
    row = [contents.index(0, column).data() for column in range(len(COLUMNS))]
    assert row[2:6] == ["999 × 10", "1", "2", "3"]  # noqa: RUF001 - times
    assert contents.index(6, 2).data() == "", "an image without pixels has no size"
    contents.show_entities(PLACE, images(PAGE + 6))
    await sizes.finished()
    assert reader.asked == [PAGE, 5, 1]


async def test_that_sizes_that_fail_are_read_again_when_the_list_shows_again(
    contents: ContentsModel, sizes: ImageSizesModel, reader: Sizes
) -> None:
    reader.failing = True
    contents.show_entities(PLACE, images(3))
    contents.measure(True)
    await sizes.finished()
    assert contents.index(0, 2).data() == ""
    reader.failing = False
    contents.measure(True)
    await sizes.finished()
    assert contents.index(0, 2).data()
    sizes.reset()
    assert contents.index(0, 2).data() == ""


async def test_that_new_names_and_counts_show(contents: ContentsModel) -> None:
    contents.show_entities(PLACE, images(3))
    contents.rename(Ref(Kind.IMAGE, 1), "Zebra")
    contents.rename(Ref(Kind.DATASET, 2), "Not an image")
    contents.set_annotation_counts(
        {Ref(Kind.IMAGE, 3): AnnotationCounts(tags=4), Ref(Kind.DATASET, 2): AnnotationCounts()}
    )
    assert names(contents) == ["Image2.tif", "Image3.tif", "Zebra"]
    assert contents.index(1, COLUMNS.index(ContentsColumn.ANNOTATIONS)).data() == "4"


async def test_that_who_cannot_see_it_is_told_why_a_thumbnail_is_missing(contents: ContentsModel) -> None:
    contents.show_entities(PLACE, images(2))
    spoken = [contents.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in (0, 1)]
    assert spoken == ["Image1.tif", "Image2.tif No thumbnail."]
    assert "No thumbnail." in contents.index(1, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert contents.index(1, 1).data(Qt.ItemDataRole.AccessibleTextRole) == "ID 2"


async def test_that_letters_find_a_name_from_a_row_on_and_then_from_the_top(contents: ContentsModel) -> None:
    contents.show_entities(PLACE, [entity(Kind.IMAGE, n, name) for n, name in enumerate(("apple", "Avocado", "pear"))])
    assert contents.find_name("A", 0) == 0
    assert contents.find_name("a", 1) == 1
    assert contents.find_name("a", 2) == 0
    assert contents.find_name("x", 0) is None


@pytest.mark.alone
async def test_that_a_filter_over_100_000_images_is_one_change_and_not_one_a_row(contents: ContentsModel) -> None:
    changes: list[str] = []
    many: list[Entity] = images(100_000)
    contents.show_entities(PLACE, many)
    await contents.finished()
    contents.rowsRemoved.connect(lambda *_: changes.append("removed"))
    contents.rowsInserted.connect(lambda *_: changes.append("inserted"))
    started = process_time()
    contents.set_filter("99")
    await contents.finished()
    contents.set_filter("")
    await contents.finished()
    assert changes == ["removed", "inserted"]
    assert contents.rowCount() == 100_000
    assert process_time() - started < 5  # a change a row takes minutes


@pytest.mark.parametrize("descending", [False, True])
async def test_that_images_that_arrive_are_merged_into_order_filter_and_selection(
    contents: ContentsModel, qtmodeltester: ModelTester, descending: bool
) -> None:
    qtmodeltester.check(contents, force_py=True)
    contents.sort_by(ContentsColumn.NAME, descending)
    contents.show_entities(PLACE, images(40)[::3])
    chosen = QPersistentModelIndex(contents.index(5, 0))
    name = chosen.data()
    contents.add(images(40)[1::3])
    contents.set_filter("2")
    contents.add([*images(40)[2::3], *images(4), entity(Kind.DATASET, 3, "Dataset 2", 4)])
    assert names(contents) == [f"Image{n}.tif" for n in range(1, 41) if "2" in str(n)][:: -1 if descending else 1]
    contents.set_filter("")
    assert names(contents) == [f"Image{n}.tif" for n in range(1, 41)][:: -1 if descending else 1]
    contents.add([])
    contents.show_entities((), ())
    assert not chosen.isValid()
    assert name


async def test_that_a_long_list_is_usable_while_it_is_sorted_and_takes_what_arrives_after_that(
    contents: ContentsModel, sizes: ImageSizesModel
) -> None:
    many = images(9000)
    contents.show_entities(PLACE, many)
    await contents.finished()
    given = contents.entities
    kept = QPersistentModelIndex(contents.index(8000, 0))
    contents.sort_by(ContentsColumn.ID, descending=True)
    assert names(contents)[:2] == ["Image1.tif", "Image2.tif"], "the rows stay until they are sorted"
    contents.add(images(500, first=9001))
    contents.set_annotation_counts({Ref(Kind.IMAGE, 9000): AnnotationCounts(tags=3)})
    contents.set_filter("00")
    await contents.finished()
    assert ids(contents) == [n for n in range(9500, 0, -1) if "00" in str(n)]
    contents.set_filter("")
    await contents.finished()
    assert ids(contents) == list(range(9500, 0, -1))
    assert contents.entities[500].annotation_count == 3
    assert kept.data() == "Image8001.tif"
    assert len(given) == 9000, "a list that was given away stays as it was"
    assert given[0].ref.id == 1


async def test_that_a_page_that_arrives_costs_no_comparison_with_every_image(
    contents: ContentsModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = [0]

    def key(one: Entity) -> tuple[str, int]:
        looked_at[0] += 1
        return one.sort_key, one.ref.id

    contents.show_entities(PLACE, images(20_000))
    await contents.finished()
    monkeypatch.setattr("omero_desk.models.gallery.contents._by_name_and_id", key)
    contents.add(images(100, first=30_000))
    await contents.finished()
    assert contents.rowCount() == 20_100
    assert looked_at[0] < 100 * 25
