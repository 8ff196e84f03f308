"""A plate in its panel, over the wire: what is drawn and fetched, the mouse and the keys, and trouble."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QImage, QKeyEvent, QMouseEvent, QPixmapCache, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from omero_desk.entities.objects import Entity, Kind, Ref
from omero_desk.models.gallery.thumbnails import BATCH
from omero_desk.models.tree.node import LoadState
from omero_desk.views.gallery import thumbnail_pixmaps
from omero_desk.views.tree.node_menu import NodeMenu
from tests.support.accessibility import nameless
from tests.support.plate_desk import PlateDesk, signed_in
from tests.support.plate_library import BARE, BLIND, COLUMNS, GAP, MID_COLUMNS, MID_ROWS, ROWS, PlateLab, plate_lab
from tests.support.present import present
from tests.support.running_desk import until

pytestmark = pytest.mark.asyncio


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlateLab]:
    with plate_lab(tmp_path_factory.mktemp("plates")) as lab:
        yield lab


class Desk(PlateDesk):
    """With hands to work in the grid."""

    def __init__(self, lab: PlateLab, cache: Path) -> None:
        super().__init__(lab, cache)
        self.grid = self.panel.grid
        self.opened: list[Entity] = []
        self.selected: list[list[Entity]] = []
        self.panel.opened.connect(self.opened.append)
        self.panel.selected.connect(self.selected.append)

    async def show(self, name: str) -> None:
        """See PlateDesk; what follows from the wells has been done, too."""
        await super().show(name)
        await asyncio.sleep(0)

    async def settled(self) -> None:
        await self.plate.finished()
        await asyncio.sleep(0)

    async def pictures(self) -> None:
        """Wait until all thumbnails that are wanted are there."""
        await asyncio.wait_for(self.thumbnails.finished(), 60)
        await asyncio.sleep(0)

    async def magnified(self, name: str, side: int) -> None:
        """Show a plate with large wells, and forget the thumbnails that it had with small ones."""
        await self.show(name)
        self.grid.zoom(side)
        self.thumbnails.cancel_all()
        await self.pictures()
        self.thumbnails.forget()
        self.grid.moved.emit()

    def go(self, row: int, column: int) -> None:
        """Make a well the current one, and select it alone."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.grid.selectionModel().setCurrentIndex(self.plate.index(row, column), flags)

    def menu(self) -> NodeMenu:
        """Open the context menu of the selected wells."""
        self.grid.customContextMenuRequested.emit(QPoint(5, 5))
        return next(one for one in self.panel.findChildren(NodeMenu) if one.isVisible())

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        press(self.grid, key, modifier)

    @property
    def current(self) -> tuple[int, int]:
        return self.grid.currentIndex().row(), self.grid.currentIndex().column()

    def picture(self, row: int, column: int) -> QImage:
        """What is drawn in a well."""
        rect = self.grid.visualRect(self.plate.index(row, column)).adjusted(4, 4, -4, -4)
        return self.grid.viewport().grab(rect).toImage()

    def fetched(self) -> set[int]:
        """The images whose thumbnails are known."""
        assert self.plate.content is not None
        images = {field.image_id for field in self.plate.content.fields.values() if field.image_id is not None}
        return {image for image in images if self.thumbnails.get(image, self.grid.fetched) is not None}


@pytest_asyncio.fixture
async def desk(lab: PlateLab, qtbot: QtBot, tmp_path: Path) -> AsyncIterator[Desk]:
    async with signed_in(Desk(lab, tmp_path), qtbot) as desk:
        yield desk


def press(
    widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, text: str = ""
) -> None:
    """A key, without letting the event loop turn as QTest does: tasks are under way."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, modifier, text))


def click(widget: QWidget, point: QPoint, kind: QEvent.Type = QEvent.Type.MouseButtonPress) -> None:
    """The left button, likewise."""
    left = Qt.MouseButton.LeftButton
    for one, held in ((kind, left), (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton)):
        where = QPointF(point), QPointF(widget.mapToGlobal(point))
        QApplication.sendEvent(widget, QMouseEvent(one, *where, left, held, Qt.KeyboardModifier.NoModifier))


def colours(image: QImage) -> set[int]:
    return {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}


def shown(desk: Desk, name: str) -> list[int]:
    """The ids of the images that have the name's number."""
    assert desk.plate.content is not None
    return [field.image_id or 0 for field in desk.plate.content.fields.values() if field.image_name.endswith(name)]


async def test_that_a_plate_of_1536_wells_fits_and_is_named_as_its_rows_and_columns(desk: Desk) -> None:
    desk.panel.resize(1300, 1000)
    await desk.show("large")
    assert desk.plate.state is LoadState.LOADED
    assert (desk.plate.rowCount(), desk.plate.columnCount()) == (ROWS, COLUMNS)
    across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
    assert [desk.plate.headerData(n, across) for n in (0, 47)] == ["1", "48"]
    assert [desk.plate.headerData(n, down) for n in (0, 25, 31)] == ["A", "Z", "AF"]
    assert desk.grid.rowAt(desk.grid.viewport().height() - 2) in (-1, ROWS - 1)
    assert desk.grid.columnAt(desk.grid.viewport().width() - 2) in (-1, COLUMNS - 1)
    assert desk.panel._number.text() == "1,536 wells"
    await desk.rest()


async def test_that_only_thumbnails_in_sight_are_fetched_and_labels_stay_in_sight(desk: Desk) -> None:
    await desk.magnified("large", 160)
    await desk.pictures()
    in_sight = desk.grid.in_sight()
    assert 0 < len(in_sight) < BATCH
    assert desk.fetched() == set(in_sight)
    desk.grid.scrollTo(desk.plate.index(20, 30))
    await desk.pictures()
    assert desk.fetched() == {*in_sight, *desk.grid.in_sight()}
    assert desk.grid.verticalHeader().isVisible()
    assert desk.grid.verticalHeader().logicalIndexAt(5) == desk.grid.rowAt(5) > 0
    assert len(colours(desk.picture(20, 30))) > 5
    await desk.rest()


async def test_that_what_has_scrolled_away_is_not_fetched_any_more(desk: Desk) -> None:
    await desk.magnified("large", 160)
    for row in range(ROWS):
        desk.grid.scrollTo(desk.plate.index(row, COLUMNS - 1))
        await asyncio.sleep(0)
    last = set(desk.grid.in_sight())
    await desk.pictures()
    assert last <= desk.fetched()
    assert len(desk.fetched() - last) <= BATCH
    await desk.rest()


async def test_that_pictures_of_wells_and_fields_that_a_frame_has_no_time_for_come_in_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.magnified("large", 160)
    desk.go(0, 0)
    fields = desk.panel.strip.list
    await until(fields.in_sight)
    await until(lambda: {*desk.grid.in_sight(), *fields.in_sight()} <= desk.fetched())
    QPixmapCache.clear()
    monkeypatch.setattr(thumbnail_pixmaps, "_BUDGET_S", -1.0)
    for view in (desk.grid, fields):
        view.viewport().repaint()
        assert view.has_undrawn
    assert len(colours(desk.picture(1, 1))) == 1
    monkeypatch.undo()
    await until(lambda: not desk.grid.has_undrawn and not fields.has_undrawn)
    assert len(colours(desk.picture(1, 1))) > 5
    await desk.rest()


async def test_that_arrows_go_from_well_to_well_and_enter_opens_the_image(desk: Desk, lab: PlateLab) -> None:
    await desk.show("large")
    desk.go(0, 0)
    desk.press(Qt.Key.Key_Right)
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Down)
    assert desk.current == (2, 1)
    assert [entity.name for entity in desk.selected[-1]] == ["C2"]
    desk.press(Qt.Key.Key_Return)
    (opened,) = desk.opened
    assert (opened.ref.kind, opened.name) == (Kind.IMAGE, "Field of 2 1")
    await desk.rest()


async def test_that_a_double_click_opens_the_image_once(desk: Desk) -> None:
    await desk.show("large")
    rect = desk.grid.visualRect(desk.plate.index(3, 4))
    click(desk.grid.viewport(), rect.center())
    click(desk.grid.viewport(), rect.center(), QEvent.Type.MouseButtonDblClick)
    assert [entity.name for entity in desk.opened] == ["Field of 3 4"]
    await desk.rest()


async def test_that_the_keys_pass_over_places_without_a_well(desk: Desk) -> None:
    await desk.show("mid")
    assert (desk.plate.rowCount(), desk.plate.columnCount()) == (MID_ROWS, MID_COLUMNS)
    desk.go(0, 0)
    desk.press(Qt.Key.Key_Right)
    assert GAP == (0, 1)
    assert desk.current == (0, 2)
    await desk.rest()


async def test_that_many_wells_are_selected_by_a_header_and_by_all_and_told(desk: Desk) -> None:
    await desk.show("mid")
    header = desk.grid.horizontalHeader()
    middle = QPoint(header.sectionViewportPosition(1) + desk.grid.side // 2, header.height() // 2)
    click(header.viewport(), middle)
    assert [entity.name for entity in desk.selected[-1]] == [f"{row}B" for row in range(2, MID_ROWS + 1)]
    assert {entity.ref.run for entity in desk.selected[-1]} == {desk.lab.ids["run 1"]}
    desk.grid.selectAll()
    assert len(desk.selected[-1]) == MID_ROWS * MID_COLUMNS - 1
    await desk.rest()


async def test_that_the_context_menu_counts_annotations_of_the_selected_wells_and_opens_one(desk: Desk) -> None:
    await desk.show("mid")
    desk.go(0, 0)
    rename = QAction("Rename", desk.panel)
    desk.panel.fill_menu = lambda menu: menu.addAction(rename)
    menu = desk.menu()
    assert menu.actions()[0].text() == "Annotations: …"
    await desk.counts.finished()
    assert menu.actions()[0].text().startswith("Annotations: ") and "…" not in menu.actions()[0].text()
    assert rename in menu.actions()
    entries = {action.objectName(): action for action in menu.actions()}
    entries["plate.open"].trigger()
    assert [entity.ref.kind for entity in desk.opened] == [Kind.IMAGE]
    menu.close()

    desk.grid.selectAll()
    menu = desk.menu()
    (opening,) = (action for action in menu.actions() if action.objectName() == "plate.open")
    assert not opening.isEnabled() and opening.toolTip() == "Select one well"
    menu.close()
    desk.grid.clearSelection()
    desk.grid.customContextMenuRequested.emit(QPoint(5, 5))
    await asyncio.sleep(0)
    assert not [one for one in desk.panel.findChildren(NodeMenu) if one.isVisible()]


async def test_that_runs_and_fields_are_chosen_and_a_run_shows_its_own(desk: Desk) -> None:
    await desk.show("mid")
    bar = desk.panel.bar
    assert bar.run.currentData() == desk.lab.ids["run 1"]
    assert bar.field.suffix() == " of 2"
    assert len(shown(desk, ") 0")) == MID_ROWS * MID_COLUMNS - 3
    bar.field.stepUp()
    await desk.settled()
    assert len(shown(desk, ") 1")) == MID_ROWS * MID_COLUMNS - 3
    await desk.show("run 2")
    assert bar.run.currentData() == desk.lab.ids["run 2"]
    assert bar.field.isHidden()
    assert len(shown(desk, ") 2")) == MID_ROWS * MID_COLUMNS - 3
    bar.run.setCurrentIndex(bar.run.count() - 1)
    bar.run.activated.emit(bar.run.currentIndex())
    await desk.settled()
    assert bar.run.currentText() == "All runs"
    assert bar.field.suffix() == " of 3"
    await desk.rest()


async def test_that_wells_without_images_are_drawn_as_such_and_say_why(desk: Desk) -> None:
    await desk.magnified("mid", 160)
    await desk.pictures()
    tips = [desk.grid.tip(desk.plate.index(*place)) for place in (GAP, BARE, BLIND)]
    assert tips[0] == ""
    assert "No image in this field" in tips[1]
    assert "No pixels (image" in tips[2]
    assert "This image has no pixels." in tips[2]
    assert len(colours(desk.picture(*GAP))) == 1
    assert len(colours(desk.picture(*BARE))) > 1
    assert len(colours(desk.picture(*BLIND))) > 1
    desk.go(*BARE)
    desk.press(Qt.Key.Key_Return)
    assert desk.opened == []
    await desk.rest()


async def test_that_a_tooltip_tells_of_a_well(desk: Desk) -> None:
    await desk.show("mid")
    tip = desk.grid.tip(desk.plate.index(0, 0))
    for text in ("Well 1A · DMSO", "(0, 0) 0 (image", "Control", "Looked at", "Gene=TUBB"):
        assert text in tip
    await desk.rest()


async def test_that_numbers_colour_the_wells_and_the_legend_says_how(desk: Desk) -> None:
    await desk.show("large")
    bar = desk.panel.bar
    assert desk.panel.legend.isHidden()
    bar.measure.setCurrentText("Dose (nM)")
    bar.measure.activated.emit(bar.measure.currentIndex())
    await asyncio.sleep(0)
    assert desk.panel.legend.accessibleName() == "Dose (nM): from 0 (dark) to 357 (light)"
    assert desk.picture(0, 0).pixelColor(1, 1).lightness() < desk.picture(15, 15).pixelColor(1, 1).lightness()
    assert "Dose (nM): 12" in desk.grid.tip(desk.plate.index(1, 2))
    assert desk.grid.in_sight() == []
    await desk.show("mid")
    assert bar.measure.currentText() == "Dose (nM) (none here)"
    assert desk.panel.legend.isHidden()
    bar.measure.setCurrentText("ROIs")
    bar.measure.activated.emit(bar.measure.currentIndex())
    assert desk.panel.legend.accessibleName() == "ROIs: from 0 (dark) to 4 (light)"
    await desk.rest()


async def test_that_a_filter_dims_what_it_leaves_out_and_the_keys_pass_over_it(desk: Desk) -> None:
    await desk.show("large")
    before = desk.picture(0, 0)
    press(desk.panel.filter_edit, Qt.Key.Key_C, text="C")
    press(desk.panel.filter_edit, Qt.Key.Key_Return)
    await asyncio.sleep(0)
    assert desk.panel._number.text() == "48 of 1,536 wells"
    assert desk.picture(0, 0) != before
    desk.go(2, 0)
    desk.press(Qt.Key.Key_Down)
    assert desk.current == (2, 0)
    desk.grid.selectAll()
    assert {entity.name[0] for entity in desk.selected[-1]} == {"C"}
    desk.panel.filter_edit.setText("dose=357")
    assert desk.panel._number.text() == "1 of 1,536 wells"
    desk.panel.filter_edit.clear()
    assert desk.panel._number.text() == "1,536 wells"
    await desk.rest()


async def test_that_the_fields_of_a_well_show_beneath_with_their_places_and_open(desk: Desk, lab: PlateLab) -> None:
    await desk.magnified("mid", 160)
    desk.go(0, 0)
    await desk.settled()
    strip = desk.panel.strip
    assert strip._title.text() == "Well 1A · 2 fields"
    assert strip.map.isVisible()
    first, second = strip.map._drawn().values()
    assert first.right() < second.left()
    click(strip.map, second.center().toPoint())
    assert strip.list.currentIndex().row() == 1
    press(strip.list, Qt.Key.Key_Return)
    assert [entity.ref.id for entity in desk.opened] == [lab.ids["first image 1"]]
    await desk.pictures()
    assert len(strip.list.in_sight()) == 2
    assert all(desk.thumbnails.get(image, strip.list.fetched) is not None for image in strip.list.in_sight())
    desk.go(*BARE)
    await desk.settled()
    assert strip._title.text() == "Well 1C · 0 fields"
    assert strip.map.isHidden()
    await desk.rest()


async def test_that_the_fields_of_all_selected_wells_show_in_one_strip(desk: Desk) -> None:
    await desk.show("mid")
    for place in ((0, 0), (1, 0)):
        flags = QItemSelectionModel.SelectionFlag.Select
        desk.grid.selectionModel().setCurrentIndex(desk.plate.index(*place), flags)
    await desk.settled()
    strip = desk.panel.strip
    assert strip._title.text() == "2 wells · 4 fields"
    assert [strip.list.model().index(row, 0).data() for row in range(4)] == ["1A · 1", "1A · 2", "2A · 1", "2A · 2"]
    assert strip.map.isHidden()
    desk.go(1, 0)
    await desk.settled()
    assert strip._title.text() == "Well 2A · 2 fields"
    await desk.rest()


async def test_that_a_well_can_be_selected_before_it_is_there(desk: Desk, lab: PlateLab) -> None:
    desk.plate.open(lab.ref("large"))
    desk.panel.select(lab.wells["large"][30, 40])
    await desk.settled()
    assert desk.current == (30, 40)
    assert desk.selected == []
    assert desk.grid.viewport().rect().contains(desk.grid.visualRect(desk.grid.currentIndex()))
    await desk.rest()


async def test_that_wells_grow_and_shrink_by_slider_wheel_and_keys_and_the_plate_fits_again(desk: Desk) -> None:
    await desk.show("large")
    fitted = desk.grid.side
    desk.panel.bar.side.setValue(90)
    assert desk.grid.side == 90
    desk.press(Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert desk.grid.side == desk.panel.bar.side.value() == 98
    desk.press(Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    wheel = QWheelEvent(
        QPointF(50, 50),
        QPointF(50, 50),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(desk.grid.viewport(), wheel)
    assert desk.grid.side == 98
    desk.panel.resize(1000, 720)
    assert desk.grid.side == 98
    desk.press(Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert fitted <= desk.grid.side < 40
    await desk.rest()


async def test_that_refreshing_keeps_the_place_and_shows_what_has_changed(desk: Desk) -> None:
    await desk.show("large")
    desk.grid.zoom(120)
    desk.go(20, 20)
    await desk.settled()
    place, content = desk.grid.verticalScrollBar().value(), desk.plate.content
    desk.plate.refresh()
    assert desk.plate.content is content
    await desk.settled()
    assert desk.plate.content is not content
    assert desk.current == (20, 20)
    assert desk.grid.verticalScrollBar().value() == place > 0
    assert desk.plate.state is LoadState.LOADED
    await desk.rest()


async def test_that_a_plate_that_is_gone_says_so_in_place_and_can_be_tried_again(desk: Desk, lab: PlateLab) -> None:
    desk.plate.open(Ref(Kind.PLATE, 987_654))
    await desk.settled()
    assert desk.plate.state is LoadState.FAILED
    card, problem = desk.panel.place.card, present(desk.plate.problem)
    assert card.isVisible() and card.sentence.text() == "The plate could not be read"
    assert card.why.text() == problem.text != ""
    before = len(desk.service.journal.records)
    card.button.click()
    await desk.settled()
    assert len(desk.service.journal.records) > before
    assert card.isVisible()
    await desk.show("mid")
    assert not card.isVisible()
    assert desk.panel._number.text() == f"{MID_ROWS * MID_COLUMNS - 1} wells"
    await desk.rest()


async def test_that_an_empty_plate_shows_places_without_wells(desk: Desk) -> None:
    await desk.show("empty")
    assert desk.panel._number.text() == "0 wells"
    assert (desk.plate.rowCount(), desk.plate.columnCount()) == (8, 12)
    desk.grid.selectAll()
    assert desk.grid.wells == []
    await desk.rest()


async def test_that_no_object_is_made_for_a_well(desk: Desk) -> None:
    await desk.show("empty")
    before = len(desk.panel.findChildren(QObject))
    await desk.show("large")
    assert len(desk.panel.findChildren(QObject)) == before
    await desk.rest()


async def test_that_every_control_has_a_name_and_can_be_reached_by_tab(desk: Desk) -> None:
    await desk.show("mid")
    desk.go(0, 0)
    await desk.settled()
    assert nameless(desk.panel) == []
    bar = desk.panel.bar
    every = [
        desk.panel.filter_edit,
        bar.run,
        bar.field,
        bar.measure,
        bar.side,
        bar.fit,
        desk.grid,
        desk.panel.strip.list,
    ]
    assert [widget for widget in every if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus] == []
    assert desk.plate.data(desk.plate.index(0, 0), Qt.ItemDataRole.AccessibleTextRole).startswith("Well 1A")  # type: ignore[attr-defined]
    await desk.rest()


async def test_that_the_plate_keeps_qts_rules(desk: Desk, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(desk.plate, force_py=True)
    await desk.show("mid")
    desk.plate.show_field(1)
    desk.plate.set_filter("control")
    await desk.settled()
    await desk.show("empty")
    await desk.rest()


async def test_that_the_fields_keep_qts_rules(desk: Desk, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(desk.plate.well_fields, force_py=True)
    await desk.show("mid")
    desk.go(0, 0)
    await desk.settled()
    desk.go(*BARE)
    await desk.settled()
    await desk.rest()


async def test_that_a_plate_arrives_whole_after_the_server_was_killed_and_started_again(
    desk: Desk, lab: PlateLab
) -> None:
    await desk.show("mid")
    lab.kill()
    desk.plate.open(lab.ref("large"))
    await asyncio.to_thread(lab.start_again)
    desk.service.retry_now()
    await desk.settled()
    assert desk.plate.state is LoadState.LOADED
    assert desk.panel._number.text() == "1,536 wells"
    await desk.rest()
