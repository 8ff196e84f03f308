"""Thumbnails in a real widget, with mouse and keys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from time import process_time

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QImageWriter, QPixmapCache, QRegion, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from omero_desk.entities.errors import FailedError
from omero_desk.entities.objects import Entity, Kind, Ref
from omero_desk.entities.thumbnails import ImageSize, Kept, ThumbnailSource
from omero_desk.models.gallery.contents import ENTITY, ContentsModel
from omero_desk.models.gallery.image_sizes import ImageSizesModel
from omero_desk.models.gallery.thumbnails import SIZES, ThumbnailsModel
from omero_desk.views.gallery import thumbnail_pixmaps
from omero_desk.views.gallery.thumbnail_grid import LARGEST, SMALLEST, USUAL, ThumbnailGrid
from tests.support.fake_library import entity, images
from tests.support.painted import Painted
from tests.support.running_desk import until

pytestmark = pytest.mark.asyncio
Key, Button, Modifier = Qt.Key, Qt.MouseButton, Qt.KeyboardModifier
PLACE = (Ref(Kind.DATASET, 1),)
MISSING = 3
COLOURS = {1: "red", 2: "lime", 4: "blue", 5: "yellow"}


def jpeg(colour: str, size: int) -> bytes:
    image = QImage(size, size // 2, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, QByteArray(b"jpeg")).write(image)
    return bytes(buffer.data().data())


class Painter:
    """Answers with pictures of one colour; image 3 has none, image 4 is no picture, 5 and 6 share a fileset."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.drawn: list[int] = []

    async def sources(self, image_ids: Sequence[int]) -> dict[int, ThumbnailSource]:
        self.asked += image_ids
        return {image: ThumbnailSource(image, image, "", *((9, 2) if image in (5, 6) else ())) for image in image_ids}

    async def pictures(self, pixels_ids: Sequence[int], longest_side: int) -> dict[int, bytes]:
        self.drawn += pixels_ids
        made = {pixels: jpeg(COLOURS.get(pixels, "gray"), longest_side) for pixels in pixels_ids if pixels != MISSING}
        return made | ({4: b"no picture"} if 4 in made else {})

    async def picture(self, pixels_id: int, longest_side: int) -> bytes:
        raise FailedError("The server cannot read this from its disk.")

    async def find(self, image_ids: Sequence[int], size: int) -> Mapping[int, Kept]:
        return {}

    async def keep(self, size: int, pictures: Mapping[int, Kept]) -> None:
        pass


async def no_sizes(image_ids: Sequence[int]) -> dict[int, ImageSize]:
    return {}


class Stage:
    """A grid in a window, and hands for it."""

    def __init__(self, number: int) -> None:
        self.painter = Painter()
        self.thumbnails = ThumbnailsModel(self.painter, print)
        self.contents = ContentsModel(lambda: None, ImageSizesModel(no_sizes, print), self.thumbnails.remark)
        self.contents.show_entities(PLACE, images(number))
        self.grid = ThumbnailGrid(self.contents, self.thumbnails)
        self.grid.resize(6 * 130 + 40, 500)
        self.grid.show()
        self.grid.setFocus()
        self.opened: list[Entity] = []
        self.grid.opened.connect(self.opened.append)

    @property
    def columns(self) -> int:
        tops = [self.grid.visualRect(self.contents.index(row, 0)).top() for row in range(20)]
        return tops.count(tops[0])

    @property
    def selected(self) -> list[int]:
        return sorted(index.row() for index in self.grid.selectionModel().selectedIndexes() if index.column() == 0)

    @property
    def current(self) -> int:
        return self.grid.currentIndex().row()

    def centre(self, row: int) -> QPoint:
        return self.grid.visualRect(self.contents.index(row, 0)).center()

    def click(self, row: int, modifier: Qt.KeyboardModifier = Modifier.NoModifier) -> None:
        QTest.mouseClick(self.grid.viewport(), Button.LeftButton, modifier, self.centre(row))

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Modifier.NoModifier) -> None:
        QTest.keyClick(self.grid, key, modifier)

    def colour(self, row: int) -> str:
        shown = self.grid.viewport().grab().toImage()
        colour = shown.pixelColor(self.centre(row) - QPoint(0, 10))
        return next((name for name in COLOURS.values() if _near(colour, QColor(name))), colour.name())


def _near(one: QColor, other: QColor) -> bool:
    return max(abs(a - b) for a, b in zip(_parts(one), _parts(other), strict=True)) < 12


def _parts(colour: QColor) -> tuple[int, int, int, int]:
    return colour.red(), colour.green(), colour.blue(), colour.alpha()


@pytest.fixture
async def stage(qtbot: QtBot) -> AsyncIterator[Stage]:
    made = Stage(200)
    qtbot.addWidget(made.grid)
    await made.thumbnails.finished()
    yield made
    made.thumbnails.cancel_all()
    await made.thumbnails.finished()


async def test_that_what_is_in_sight_is_fetched_and_shown_and_what_is_not_is_not(stage: Stage) -> None:
    assert (stage.colour(0), stage.colour(1)) == ("red", "lime")
    rows = -(-stage.grid.viewport().height() // (USUAL + 40)) + 2
    assert set(range(1, 13)) <= set(stage.painter.asked) <= set(range(1, stage.columns * rows + 1))
    stage.grid.verticalScrollBar().setValue(stage.grid.verticalScrollBar().maximum())
    await stage.thumbnails.finished()
    assert 200 in stage.painter.asked
    assert 100 not in stage.painter.asked


async def test_that_no_picture_is_fetched_while_nobody_sees_it_or_wants_it(qtbot: QtBot) -> None:
    stage = Stage(50)
    qtbot.addWidget(stage.grid)
    stage.grid.hide()
    await stage.thumbnails.finished()
    drawn = list(stage.painter.drawn)
    stage.grid.show_pictures(False)
    stage.grid.show()
    stage.contents.show_entities((), images(50, first=100))
    await stage.thumbnails.finished()
    assert stage.painter.drawn == drawn
    stage.grid.show_pictures(True)
    await stage.thumbnails.finished()
    assert 100 in stage.painter.drawn


async def test_that_clicks_select_one_more_and_all_between(stage: Stage) -> None:
    stage.click(3)
    assert stage.selected == [3]
    stage.click(7, Modifier.ControlModifier)
    assert stage.selected == [3, 7]
    stage.click(3, Modifier.ControlModifier)
    assert stage.selected == [7]
    stage.click(8)
    stage.click(stage.columns + 1, Modifier.ShiftModifier)
    assert stage.selected == sorted(range(min(8, stage.columns + 1), max(8, stage.columns + 1) + 1))
    stage.click(stage.columns * 2 + 4)
    stage.click(1, Modifier.ShiftModifier)
    assert stage.selected == list(range(1, stage.columns * 2 + 5)), "in reading order, not the rectangle"
    QTest.mouseClick(stage.grid.viewport(), Button.LeftButton, Modifier.NoModifier, QPoint(2, 2))
    assert stage.selected == []


async def test_that_a_rubber_band_selects_the_rectangle(stage: Stage) -> None:
    view, last = stage.grid.viewport(), stage.columns + 2
    QTest.mousePress(view, Button.LeftButton, Modifier.NoModifier, QPoint(2, 2))
    for point in (QPoint(30, 30), stage.centre(0), stage.centre(last) - QPoint(1, 1), stage.centre(last)):
        QTest.mouseMove(view, point)
    assert stage.selected == [0, 1, 2, *range(stage.columns, stage.columns + 3)]
    banded = view.grab().toImage()
    QTest.mouseRelease(view, Button.LeftButton, Modifier.NoModifier, stage.centre(last))
    assert stage.selected == [0, 1, 2, *range(stage.columns, stage.columns + 3)]
    assert view.grab().toImage() != banded, "the band goes with the button"


async def test_that_a_double_click_and_enter_open(stage: Stage) -> None:
    stage.click(4)
    QTest.mouseDClick(stage.grid.viewport(), Button.LeftButton, Modifier.NoModifier, stage.centre(4))
    assert [one.ref.id for one in stage.opened] == [5]
    stage.click(2)
    stage.press(Key.Key_Return)
    stage.press(Key.Key_Enter)
    assert [one.ref.id for one in stage.opened] == [5, 3, 3]


async def test_that_keys_go_everywhere(stage: Stage) -> None:
    across = stage.columns
    stage.click(0)
    for key, place in (
        (Key.Key_Right, 1),
        (Key.Key_Down, across + 1),
        (Key.Key_Left, across),
        (Key.Key_Up, 0),
        (Key.Key_Up, 0),
        (Key.Key_End, 199),
        (Key.Key_Down, 199),
        (Key.Key_Home, 0),
    ):
        stage.press(key)
        assert stage.current == place, key
        assert stage.grid.viewport().rect().contains(stage.centre(place))
    stage.press(Key.Key_PageDown)
    page = stage.current
    assert page > across
    assert page % across == 0
    stage.press(Key.Key_PageUp)
    assert stage.current == 0
    stage.press(Key.Key_Right, Modifier.ShiftModifier)
    stage.press(Key.Key_Down, Modifier.ShiftModifier)
    assert stage.selected == list(range(across + 2))


async def test_that_the_last_row_can_be_reached_from_where_it_is_shorter(stage: Stage) -> None:
    across = stage.columns
    stage.contents.show_entities(PLACE, images(across + 1))
    stage.click(across - 1)
    stage.press(Key.Key_Down)
    assert stage.current == across


async def test_that_letters_lead_to_names(stage: Stage) -> None:
    names = ["ant", "bee", "bear", "cat", "Beetle"]
    stage.contents.show_entities((), [entity(Kind.IMAGE, n, name) for n, name in enumerate(names, 1)])

    def name() -> str:
        return str(stage.grid.currentIndex().data())

    QTest.keyClicks(stage.grid, "bee")
    assert name() == "bee"
    stage.grid._typed._at = 0.0  # a second has passed
    QTest.keyClicks(stage.grid, "c")
    assert name() == "cat"
    stage.grid._typed._at = 0.0
    QTest.keyClicks(stage.grid, "b")
    QTest.keyClicks(stage.grid, "b")
    assert name() == "bee"
    assert stage.selected == [stage.current]


@pytest.mark.alone
async def test_that_all_of_100_000_are_selected_at_once(stage: Stage) -> None:
    stage.contents.show_entities((), images(100_000))
    await stage.contents.finished()
    started = process_time()
    stage.press(Key.Key_A, Modifier.ControlModifier)
    assert process_time() - started < 1
    selection = stage.grid.selectionModel().selection()
    assert sum(one.height() for one in map(selection.at, range(selection.count())) if one.left() == 0) == 100_000


async def test_that_thumbnails_grow_and_shrink_by_key_and_wheel(stage: Stage) -> None:
    told: list[int] = []
    stage.grid.zoomed.connect(told.append)
    stage.press(Key.Key_Plus, Modifier.ControlModifier)
    assert stage.grid.side == told[-1] > USUAL
    stage.press(Key.Key_Minus, Modifier.ControlModifier)
    assert stage.grid.side == USUAL
    wheel(stage, 120)
    assert stage.grid.side > USUAL
    stage.grid.set_side(10_000)
    assert stage.grid.side == LARGEST
    stage.grid.set_side(0)
    assert stage.grid.side == SMALLEST


async def test_that_the_image_at_the_top_stays_when_the_size_changes(stage: Stage) -> None:
    stage.grid.scrollTo(stage.contents.index(150, 0), ThumbnailGrid.ScrollHint.PositionAtCenter)
    first = next(row for row in range(200) if stage.grid.visualRect(stage.contents.index(row, 0)).bottom() >= 0)
    stage.grid.set_side(200)
    assert stage.grid.viewport().rect().intersects(stage.grid.visualRect(stage.contents.index(first, 0)))


def wheel(stage: Stage, delta: int) -> None:
    place = stage.centre(0)
    event = QWheelEvent(
        place.toPointF(),
        stage.grid.viewport().mapToGlobal(place).toPointF(),
        QPoint(),
        QPoint(0, delta),
        Button.NoButton,
        Modifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(stage.grid.viewport(), event)


async def test_that_a_missing_thumbnail_says_why_in_sight_tooltip_and_to_a_screen_reader(stage: Stage) -> None:
    index = stage.contents.index(MISSING - 1, 0)
    why = "The server cannot read this from its disk."
    assert why in index.data(Qt.ItemDataRole.ToolTipRole)
    stage.grid.setCurrentIndex(index)
    interface = QAccessible.queryAccessibleInterface(stage.grid)
    assert interface.role() == QAccessible.Role.List
    assert interface.childCount() == 200
    assert interface.child(MISSING - 1).text(QAccessible.Text.Name) == f"Image3.tif {why}"
    assert stage.colour(MISSING - 1) not in COLOURS.values()


async def test_that_what_is_no_picture_and_what_has_company_are_drawn_as_such(stage: Stage) -> None:
    assert stage.thumbnails.remark(5) == "One of 2 images of a fileset."
    assert stage.colour(4) == "yellow"
    assert stage.colour(3) not in COLOURS.values()
    plain = stage.grid.viewport().grab().toImage()
    stage.grid.setCurrentIndex(stage.contents.index(5, 0))
    rect = stage.grid.visualRect(stage.contents.index(4, 0))
    assert stage.grid.viewport().grab().toImage().copy(rect) != plain.copy(rect), "the other of its fileset stands out"


async def test_that_a_thumbnail_that_is_forgotten_is_asked_for_again(stage: Stage) -> None:
    before = stage.painter.asked.count(1)
    stage.thumbnails.forget([1])
    await stage.thumbnails.finished()
    assert stage.painter.asked.count(1) == before + 1


async def test_that_no_strip_is_left_at_the_right(stage: Stage) -> None:
    for width in range(300, 900, 37):
        stage.grid.resize(width, 500)
        across = stage.columns
        right = stage.grid.visualRect(stage.contents.index(across - 1, 0)).right()
        assert stage.grid.viewport().width() - right < 8 + across + 1


async def test_that_a_name_says_whose_it_is(stage: Stage) -> None:
    stage.click(1)
    await until(lambda: stage.grid.currentIndex().isValid())
    assert stage.grid.currentIndex().data(ENTITY).ref == Ref(Kind.IMAGE, 2)


async def test_that_pictures_that_a_frame_has_no_time_for_come_in_the_next(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thumbnail_pixmaps, "_BUDGET_S", 0.0)
    QPixmapCache.clear()
    stage.grid.viewport().grab()
    assert stage.colour(0) == "red", "one at least is decoded in each frame"
    await until(lambda: stage.colour(1) == "lime")
    await until(lambda: stage.colour(4) == "yellow")


async def test_that_only_what_is_new_is_drawn_again(stage: Stage) -> None:
    await until(lambda: stage.colour(11) != stage.colour(MISSING - 1) and not stage.grid.has_undrawn)
    stage.grid.repaint()
    watch = Painted(stage.grid.viewport())
    stage.thumbnails.arrived.emit({2, 500})
    await until(lambda: not watch.region.isEmpty())
    assert watch.region.boundingRect() == stage.grid.visualRect(stage.contents.index(1, 0))


async def test_that_a_key_paints_the_images_it_comes_from_and_goes_to_and_no_others(stage: Stage) -> None:
    stage.grid.setCurrentIndex(stage.contents.index(1, 0))
    stage.grid.repaint()
    watch, places = Painted(stage.grid.viewport()), QRegion()
    for row in (1, 2):
        places += stage.grid.visualRect(stage.contents.index(row, 0))
    QTest.keyClick(stage.grid, Qt.Key.Key_Right)
    await until(lambda: not watch.region.isEmpty())
    assert watch.region == places


async def test_that_a_picture_from_disk_is_marked_when_it_is_known_to_have_company(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def find(_self: Painter, image_ids: Sequence[int], size: int) -> Mapping[int, Kept]:
        return {image: Kept(ThumbnailSource(image, image).state, jpeg("gray", size)) for image in image_ids}

    monkeypatch.setattr(Painter, "find", find)
    stage = Stage(10)
    qtbot.addWidget(stage.grid)
    await until(lambda: stage.thumbnails.get(5, SIZES[0]) is not None and not stage.grid.has_undrawn)
    watch, marked = Painted(stage.grid.viewport()), QRegion()
    for row in (4, 5):
        marked += stage.grid.visualRect(stage.contents.index(row, 0))
    await stage.thumbnails.finished()
    await until(lambda: watch.region.intersected(marked) == marked)


async def test_that_thumbnails_usually_have_the_size_that_servers_have_at_hand(stage: Stage) -> None:
    assert stage.grid.side == SIZES[0]
    assert stage.thumbnails.get(1, SIZES[0]) is not None


async def test_that_names_in_a_larger_font_have_room(stage: Stage) -> None:
    before = stage.grid.visualRect(stage.contents.index(0, 0)).height()
    font = stage.grid.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    stage.grid.setFont(font)
    assert stage.grid.visualRect(stage.contents.index(0, 0)).height() > before


async def test_that_what_is_selected_is_whole_rows_for_the_table(stage: Stage) -> None:
    stage.click(2)
    assert stage.grid.selectionModel().isRowSelected(2)
    stage.click(5, Modifier.ShiftModifier)
    assert [index.row() for index in stage.grid.selectionModel().selectedRows()] == [2, 3, 4, 5]


async def test_that_selecting_all_is_one_range(qtbot: QtBot) -> None:
    stage = Stage(50)
    qtbot.addWidget(stage.grid)
    stage.grid.selectAll()
    selection = stage.grid.selectionModel().selection()
    assert selection.count() == 1
    assert len(stage.grid.selectionModel().selectedRows()) == 50
    stage.contents.show_entities((), ())
    stage.grid.selectAll()
    assert not stage.grid.selectionModel().hasSelection()
    await stage.thumbnails.finished()
