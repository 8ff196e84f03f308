"""A table in a tab of a real window: cells, links, conditions, plots, selection, files, and new tables."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from omero import grid
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from omero_desk.entities.annotations import TABLE, StoredFile
from omero_desk.entities.connection_states import Lane
from omero_desk.entities.objects import Entity, Kind, Permissions, Ref
from omero_desk.entities.tables import ColumnKind
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.models.connection.sign_in import SignInForm
from omero_desk.models.tables.draft import OFFERED
from omero_desk.views.tables.commands import NEW_TABLE, OPEN_TABLES
from omero_desk.views.tables.new_table_dialog import NewTableDialog
from omero_desk.views.tables.table_panel import TablePanel
from tests.faults.laboratory import Admin
from tests.support.accessibility import nameless
from tests.support.plate_library import PlateLab
from tests.support.present import present
from tests.support.running_desk import until
from tests.support.server_process import ROOT_PASSWORD
from tests.support.table_desk import TableDesk, table_desk
from tests.support.table_writer import TableWriter, table_writer

pytestmark = pytest.mark.asyncio

ROWS = 3_000
HOSTILE = "<b>bold</b>\n\u202eevil"


@pytest.fixture(scope="module")
def writer(table_lab: PlateLab) -> Iterator[TableWriter]:
    with table_writer(table_lab) as writer:
        yield writer


@pytest.fixture(scope="module")
def file_id(table_lab: PlateLab, writer: TableWriter) -> int:
    images = [table_lab.ids[f"first image {n}"] for n in range(3)]
    wells = list(table_lab.wells["mid"].values())
    area = [float(n % 100) for n in range(ROWS)]
    area[5] = math.nan
    columns: list[Any] = [
        grid.ImageColumn("Image", "", [images[n % 3] for n in range(ROWS)]),
        grid.WellColumn("Well", "", [wells[n % 5] for n in range(ROWS)]),
        grid.RoiColumn("ROI", "", [1 + n % 4 for n in range(ROWS)]),
        grid.LongColumn("n", "", list(range(ROWS))),
        grid.DoubleColumn("Cell area", "of a cell", area),
        grid.StringColumn("Drug", "", 40, [HOSTILE if n == 1 else "=1+1" if n == 2 else "DMSO" for n in range(ROWS)]),
    ]
    return writer.write(table_lab.ref("mid"), "folder/cells.h5", columns)


@pytest_asyncio.fixture
async def desk(table_lab: PlateLab, qapp: QApplication) -> AsyncIterator[TableDesk]:
    async with table_desk(table_lab) as desk:
        yield desk


@pytest_asyncio.fixture
async def panel(desk: TableDesk, file_id: int, table_lab: PlateLab) -> TablePanel:
    return await desk.open(file_id, table_lab.ref("mid"), "folder/cells.h5")


def text(panel: TablePanel, row: int, column: int) -> str:
    return str(panel.table.rows.index(row, column).data())


async def click_cell(panel: TablePanel, row: int, column: int) -> None:
    rect = panel.grid.visualRect(panel.table.rows.index(row, column))
    QTest.mouseClick(panel.grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.left() + 12, rect.center().y()))


async def test_that_a_table_has_a_tab_and_only_what_is_in_sight_is_read(desk: TableDesk, panel: TablePanel) -> None:
    assert desk.tabs == ["cells.h5"]
    assert panel.bar.state.text() == "3,000 rows"
    assert text(panel, 3, 3) == "3"
    assert text(panel, 1, 5) == "<b>bold</b>\ufffd\ufffdevil"
    assert desk.calls("reading.block") == 1
    assert text(panel, 2_000, 3) == ""
    panel.grid.verticalScrollBar().setValue(panel.grid.verticalScrollBar().maximum())
    await desk.settled(panel)
    assert text(panel, ROWS - 1, 3) == str(ROWS - 1)
    assert desk.calls("reading.block") == 2
    assert nameless(panel) == []
    assert desk.part.open_table(panel.table.found.file, panel.table.found.about) is panel
    assert len(desk.tabs) == 1


async def test_that_a_tab_that_is_closed_lets_go_of_its_table(desk: TableDesk, panel: TablePanel) -> None:
    assert "Table" in desk.desk.service.open_services
    desk.part._centre.close_tab(1)
    await desk.part.model.finished()
    assert "Table" not in desk.desk.service.open_services
    assert desk.tabs == []
    assert not desk.part._centre.can_reopen


async def test_that_hidden_columns_are_not_read_and_one_stays(desk: TableDesk, panel: TablePanel) -> None:
    grid_ = panel.grid
    panel._fill_columns()
    names = [action.text() for action in panel.bar.columns_menu.actions()]
    assert names[2:] == ["Image", "Well", "ROI", "n", "Cell area", "Drug"]
    panel.bar.columns_menu.actions()[2].setChecked(False)
    assert grid_.shown_columns == [1, 2, 3, 4, 5]
    for column in (1, 2, 3, 4, 5):
        grid_.show_column(column, False)
    assert grid_.shown_columns == [5]
    grid_.verticalScrollBar().setValue(grid_.verticalScrollBar().maximum())
    await desk.settled(panel)
    assert panel.table.rows.value(ROWS - 1, 5) == "DMSO"
    assert panel.table.rows.value(ROWS - 1, 4) is None
    grid_.show_all()
    await desk.settled(panel)
    assert panel.table.rows.value(ROWS - 1, 3) == ROWS - 1


async def test_that_a_condition_is_checked_while_it_is_typed_and_found_on_return(
    desk: TableDesk, panel: TablePanel
) -> None:
    before = desk.calls("reading.matching")
    panel.bar.edit.setText("n = 5")
    assert panel.bar.state.text() == "Write == to ask whether two values are equal."
    QTest.keyClick(panel.bar.edit, Qt.Key.Key_Return)
    panel.bar.edit.setText("(n < 5) & (`Cell area` > 2)")
    assert panel.bar.state.text() == "Press Return to find these rows."
    assert desk.calls("reading.matching") == before
    QTest.keyClick(panel.bar.edit, Qt.Key.Key_Return)
    await desk.settled(panel)
    assert panel.bar.state.text() == "2 of 3,000 rows match"
    assert [text(panel, row, 3) for row in range(2)] == ["3", "4"]
    panel.bar.edit.setText("n < 0")
    QTest.keyClick(panel.bar.edit, Qt.Key.Key_Return)
    await desk.settled(panel)
    assert panel.card.isVisible()
    assert panel.card.sentence.text() == "No row matches the condition"
    panel.card.button.click()
    await desk.settled(panel)
    assert panel.grid.isVisible()
    assert panel.bar.state.text() == "3,000 rows"


async def test_that_a_condition_is_built(desk: TableDesk, panel: TablePanel) -> None:
    dialog = present(panel.build_condition())
    row = dialog.rows[0]
    row.column.setCurrentIndex(4)
    assert not dialog.verb.isEnabled()
    assert "Type a value" in dialog.written.text()
    row.comparison.setCurrentIndex(row.comparison.findText("is more than"))
    QTest.keyClicks(row.value, "97")
    other = dialog.add_row()
    other.column.setCurrentIndex(5)
    other.value.setText("DMSO")
    assert dialog.written.text() == "(`Cell area` > 97) & (Drug == 'DMSO')"
    assert nameless(dialog) == []
    dialog.verb.click()
    await desk.settled(panel)
    assert panel.bar.edit.text() == "(`Cell area` > 97) & (Drug == 'DMSO')"
    assert panel.table.total == 60


async def test_that_heads_sort_up_down_and_not_at_all(desk: TableDesk, panel: TablePanel) -> None:
    header = panel.grid.horizontalHeader()
    tops = []
    for _ in range(3):
        header.sectionClicked.emit(4)
        await desk.settled(panel)
        tops.append((text(panel, 0, 4), panel.table.rows.headerData(4, Qt.Orientation.Horizontal)))
    assert tops == [("0", "Cell area ↑"), ("99", "Cell area ↓"), ("0", "Cell area")]
    menu = panel.grid.header_menu(4)
    assert [action.text() for action in menu.actions() if not action.isSeparator()] == [
        *("Sort &up", "Sort &down", "&Order of the table", "&Hide", "&Fit", "Show &all columns"),
    ]
    menu.deleteLater()


async def test_that_an_image_and_the_one_of_a_region_are_opened(
    desk: TableDesk, panel: TablePanel, table_lab: PlateLab
) -> None:
    opened: list[Entity] = []
    desk.selection.opened.disconnect()
    desk.selection.opened.connect(opened.append)
    await click_cell(panel, 1, 0)
    await desk.part.model.tasks.finished()
    await click_cell(panel, 0, 2)
    await desk.part.model.tasks.finished()
    assert [one.ref for one in opened] == [
        Ref(Kind.IMAGE, table_lab.ids["first image 1"]),
        Ref(Kind.IMAGE, table_lab.ids["first image 0"]),
    ]
    assert opened[0].name


async def test_that_a_well_is_selected_and_what_is_not_there_is_told(
    desk: TableDesk, panel: TablePanel, table_lab: PlateLab
) -> None:
    await click_cell(panel, 0, 1)
    await desk.part.model.tasks.finished()
    assert [one.ref.kind for one in desk.selection.entities] == [Kind.WELL]
    desk.part._follow(Ref(Kind.IMAGE, 10**9))
    await desk.part.model.tasks.finished()
    await until(lambda: any("is not there" in posted.message.text for posted in desk.messages.toasts))


async def test_that_a_number_of_a_long_column_leads_nowhere(desk: TableDesk, panel: TablePanel) -> None:
    assert panel.grid.ref_of(panel.table.rows.index(4, 3)) is None
    assert panel.grid.ref_of(panel.table.rows.index(4, 0)) is not None


async def test_that_a_rectangle_in_the_plot_selects_rows_and_those_their_images(
    desk: TableDesk, panel: TablePanel, table_lab: PlateLab
) -> None:
    panel.bar.plot.setChecked(True)
    await until(lambda: len(panel.table.plot.x))
    assert panel.plot.across.currentText() == "n"
    panel.plot.up.setCurrentIndex(panel.plot.up.findText("Cell area"))
    panel.plot.up.activated.emit(panel.plot.up.currentIndex())
    await until(lambda: len(panel.table.plot.y) == ROWS - 1)
    drag(panel, 0.5, 1.0, 0.0, 1.0)
    chosen = panel.table.plot.chosen
    assert 1_200 < len(chosen) < 1_800
    assert int(chosen.min()) > 1_000
    assert panel.table.rows.is_marked(int(chosen.max()))
    assert "rows are selected" in panel.plot.words.text()
    panel.bar.select.trigger()
    await desk.part.model.tasks.finished()
    assert {one.ref for one in desk.selection.entities} == {
        Ref(Kind.IMAGE, table_lab.ids[f"first image {n}"]) for n in range(3)
    }
    QTest.keyClick(panel.plot.canvas, Qt.Key.Key_Escape)
    assert len(panel.table.plot.chosen) == 0
    assert not panel.table.rows.is_marked(2_500)
    panel.plot.lasso.setChecked(True)
    drag(panel, 0.2, 0.8, 0.2, 0.8, corner=True)
    assert 0 < len(panel.table.plot.chosen) < ROWS
    assert nameless(panel.plot) == []


def drag(panel: TablePanel, x1: float, x2: float, y1: float, y2: float, *, corner: bool = False) -> None:
    """Drag over a part of the picture, given in shares of its axes."""
    canvas = panel.plot.canvas
    area = canvas._area()
    places = [(x1, y1), (x2, y1), (x2, y2)] if corner else [(x1, y1), (x2, y2)]
    points = [QPoint(int(area.left() + x * area.width()), int(area.top() + y * area.height())) for x, y in places]
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=points[0])
    for point in points[1:]:
        QTest.mouseMove(canvas, point)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=points[-1])


async def test_that_selected_rows_of_the_grid_select_their_images_and_without_any_it_says_so(
    desk: TableDesk, panel: TablePanel, table_lab: PlateLab
) -> None:
    panel.bar.select.trigger()
    assert "Select rows first" in panel.bar.state.text()
    panel.grid.setCurrentIndex(panel.table.rows.index(2, 3))
    panel.bar.select.trigger()
    await desk.part.model.tasks.finished()
    assert [one.ref for one in desk.selection.entities] == [Ref(Kind.IMAGE, table_lab.ids["first image 2"])]


async def test_that_cells_are_copied(desk: TableDesk, panel: TablePanel) -> None:
    panel.grid.setCurrentIndex(panel.table.rows.index(5, 3))
    QGuiApplication.clipboard().clear()
    panel.grid.selectRow(5)
    QTest.keySequence(panel.grid, "Ctrl+C")
    await until(lambda: QGuiApplication.clipboard().text())
    assert QGuiApplication.clipboard().text().split("\t")[3:] == ["5", "nan", "DMSO"]
    panel.grid.selectAll()
    panel.grid.clearSelection()


async def test_that_what_is_shown_is_written_to_a_file_and_nothing_is_left_of_one_that_is_cancelled(
    desk: TableDesk, panel: TablePanel, tmp_path: Path
) -> None:
    panel.table.find("n < 4")
    await desk.settled(panel)
    panel.grid.show_column(0, False)
    dialog = desk.part.ask_where(panel)
    assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    dialog.fileSelected.emit(str(tmp_path / "cells.csv"))
    dialog.reject()
    await desk.exports.finished()
    written = (tmp_path / "cells.csv").read_bytes().decode()
    rows = list(csv.reader(io.StringIO(written)))
    assert rows[0] == ["Well", "ROI", "n", "Cell area", "Drug"]
    assert [row[2:4] for row in rows[1:]] == [["0", "0.0"], ["1", "1.0"], ["2", "2.0"], ["3", "3.0"]]
    assert rows[2][4] == HOSTILE
    assert rows[3][4] == "'=1+1", "no spreadsheet takes it for a formula"
    panel.table.find("")
    await desk.settled(panel)
    desk.part.save(panel, tmp_path / "other.csv")
    desk.exports.cancel_all()
    await desk.exports.finished()
    await until(lambda: [one.name for one in tmp_path.iterdir()] == ["cells.csv"])


async def test_that_a_file_that_cannot_be_written_is_told(desk: TableDesk, panel: TablePanel, tmp_path: Path) -> None:
    desk.part.save(panel, tmp_path / "nowhere" / "cells.csv")
    await desk.exports.finished()
    assert "That folder does not exist." in present(desk.messages.current).text


async def test_that_tables_of_what_is_selected_are_opened_by_the_command(
    desk: TableDesk, table_lab: PlateLab, writer: TableWriter
) -> None:
    action = desk.desk.workbench.command(OPEN_TABLES.id)
    desk.selection.choose((plate(table_lab, "large", 0),))
    assert not action.isEnabled()
    assert action.toolTip() == "Nothing hangs on what is selected"
    desk.selection.choose((plate(table_lab, "large", 1),))
    action.trigger()
    await desk.part.model.tasks.finished()
    assert desk.toast == "No table hangs on this object"
    for name in ("one", "two"):
        writer.write(table_lab.ref("large"), name, [grid.LongColumn("n", "", [1])])
        desk.selection.choose((plate(table_lab, "large", 1),))
        action.trigger()
        await desk.part.model.tasks.finished()
    assert desk.tabs == ["one"]
    menu = present(desk.part.offered)
    assert [entry.text().partition(" ")[0] for entry in menu.actions()] == ["two", "one"]
    menu.actions()[0].trigger()
    menu.close()
    assert desk.tabs == ["one", "two"]


def plate(lab: PlateLab, name: str, annotations: int) -> Entity:
    rights = Permissions(can_annotate=True)
    return Entity(lab.ref(name), name, name, 1, annotation_count=annotations, permissions=rights)


async def test_that_a_table_is_made_of_a_file_with_a_preview_and_without_lines_that_do_not_fit(
    desk: TableDesk, table_lab: PlateLab, tmp_path: Path
) -> None:
    image = table_lab.ids["first image 0"]
    file = tmp_path / "new cells.csv"
    file.write_text(f"Image ID;Fläche;Alive;Drug\n{image};1.5;true;DMSO\n{image};;false;ß\n1;2\n", encoding="utf-8")
    desk.selection.choose((plate(table_lab, "empty", 0),))
    action = desk.desk.workbench.command(NEW_TABLE.id)
    assert action.isEnabled()
    desk.part.ask_for_file().fileSelected.emit(str(file))
    await desk.part.model.tasks.finished()
    dialog = present(desk.window.findChild(NewTableDialog))
    assert dialog.isVisible()
    assert [OFFERED[box.currentIndex()] for box in dialog.kinds] == [
        *(ColumnKind.IMAGE, ColumnKind.DOUBLE, ColumnKind.BOOL, ColumnKind.STRING),
    ]
    assert "Line 4: It has 2 cells, and there are 4 columns." in dialog.problems.toPlainText()
    assert dialog.button.text() == "&Make table without 1 line"
    assert nameless(dialog) == []
    dialog.kinds[1].setCurrentIndex(OFFERED.index(ColumnKind.LONG))
    await until(lambda: dialog.button.isEnabled() or "no whole number" in dialog.problems.toPlainText())
    assert "Line 2: “1.5” in “Fläche” is no whole number." in dialog.problems.toPlainText()
    dialog.kinds[1].setCurrentIndex(OFFERED.index(ColumnKind.DOUBLE))
    await until(dialog.button.isEnabled)
    dialog.button.click()
    await desk.part.making.finished()
    assert [str(error) for error in desk.messages.posted] == []
    await until(lambda: desk.tabs)
    made = present(next(iter(desk.part.model.open.values())))
    await desk.settled(made)
    assert desk.tabs == ["new cells"]
    assert [text(made, 0, column) for column in range(4)] == [str(image), "1.5", "true", "DMSO"]
    assert [text(made, 1, column) for column in range(4)] == [str(image), "NaN", "false", "ß"]
    found = (await desk.part._reader.tables_of([table_lab.ref("empty")]))[0]
    assert found.file.id == made.table.found.file.id


async def test_that_a_file_that_is_no_table_is_told(desk: TableDesk, table_lab: PlateLab, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("")
    for name in ("empty.csv", "missing.csv"):
        desk.part.read(tmp_path / name, plate(table_lab, "empty", 0))
        await desk.part.model.tasks.finished()
    said = [posted.message.text for posted in desk.messages.posted]
    assert said == [
        "empty.csv was not read. The file is empty: it has no line with names of columns.",
        "missing.csv was not read. That folder does not exist.",
    ]


async def test_that_making_a_table_for_what_is_gone_says_so_and_leaves_nothing(desk: TableDesk, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("n\n1\n")
    entity = Entity(Ref(Kind.PLATE, 10**9), "gone", "gone", permissions=Permissions(can_annotate=True))
    desk.part.read(file, entity)
    await desk.part.model.tasks.finished()
    present(desk.window.findChild(NewTableDialog)).button.click()
    await desk.part.making.finished()
    assert "is not there any more" in present(desk.messages.current).text
    assert desk.tabs == []


async def test_that_a_table_is_not_made_for_whom_it_was_not_begun_with(
    desk: TableDesk, table_lab: PlateLab, tmp_path: Path
) -> None:
    file = tmp_path / "ada only.csv"
    file.write_text("n\n1\n")
    desk.selection.choose((plate(table_lab, "empty", 0),))
    asked = desk.part.ask_for_file()
    desk.part.read(file, plate(table_lab, "empty", 0))
    await desk.part.model.tasks.finished()
    dialog = present(desk.window.findChild(NewTableDialog))
    server = present(table_lab.server)
    desk.desk.workbench.connection.sign_out()
    await until(lambda: desk.desk.service.account is None)
    desk.desk.workbench.connection.sign_in(SignInForm(f"{server.host}:{server.ssl_port}", "root", ROOT_PASSWORD))
    await until(lambda: desk.desk.service.account is not None)
    dialog.button.click()
    await desk.part.making.finished()
    assert "This belongs to ada" in present(desk.messages.current).text
    asked.fileSelected.emit(str(file))
    await desk.part.model.tasks.finished()
    later = [one for one in desk.window.findChildren(NewTableDialog) if one is not dialog]
    later[0].button.click()
    await desk.part.making.finished()
    query = "select f.id from OriginalFile f where f.name = 'ada only'"
    assert await desk.desk.service.call(Lane.JOBS, LaneSession.projection, query) == []


async def test_that_no_table_stays_open_of_a_file_that_is_cancelled_or_cannot_be_written(
    desk: TableDesk, panel: TablePanel, tmp_path: Path
) -> None:
    before = desk.desk.service.open_services
    (tmp_path / "taken.csv").mkdir()
    for name in ("whole.csv", "taken.csv"):
        desk.part.save(panel, tmp_path / name)
        await desk.exports.finished()
        assert desk.desk.service.open_services == before
    number = desk.calls("reading.block")
    desk.part.save(panel, tmp_path / "cancelled.csv")
    await until(lambda: desk.calls("reading.block") > number)
    desk.exports.cancel_all()
    await desk.exports.finished()
    assert desk.desk.service.open_services == before


async def test_that_a_tab_that_is_closed_while_its_table_is_opened_leaves_none_open(
    desk: TableDesk, file_id: int, table_lab: PlateLab
) -> None:
    desk.part.open_table(StoredFile(file_id, "soon closed", None, TABLE), table_lab.ref("mid"))
    before = desk.calls("reading.opened")
    await until(lambda: desk.calls("reading.opened") > before or desk.is_busy(Lane.METADATA))
    desk.part._centre.close_tab(1)
    await desk.part.model.finished()
    await desk.desk.service.call(Lane.METADATA, lambda session: None)
    assert "Table" not in desk.desk.service.open_services


async def test_that_arrays_and_masks_are_copied_and_written_whole(
    desk: TableDesk, table_lab: PlateLab, writer: TableWriter, tmp_path: Path
) -> None:
    numbers = [n + 0.1 for n in range(80)]
    mask = grid.MaskColumn("Mask", "", [7], [0], [1], [1.5], [2.0], [8.0], [4.0], [bytes([255])])
    columns = [grid.DoubleArrayColumn("d", "", 80, [numbers]), grid.StringColumn("t", "", 3_000, ["x" * 3_000]), mask]
    made = writer.write(table_lab.ref("mid"), "arrays", columns)
    panel = await desk.open(made, table_lab.ref("mid"), "arrays")
    assert text(panel, 0, 0).endswith("… (80)]")
    desk.part.save(panel, tmp_path / "arrays.csv")
    await desk.exports.finished()
    heads, row = csv.reader(io.StringIO((tmp_path / "arrays.csv").read_text()))
    assert heads == ["d", "t", "Mask"]
    assert row[:2] == [repr(numbers), "x" * 3_000]
    assert json.loads(row[2])["bytes"] == "/w=="
    QGuiApplication.clipboard().clear()
    panel.grid.selectAll()
    panel.grid.copy()
    await until(lambda: QGuiApplication.clipboard().text())
    assert QGuiApplication.clipboard().text().split("\t") == row


async def test_that_a_table_whose_making_is_cancelled_before_its_first_step_is_over(
    desk: TableDesk, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_text("n\n1\n")
    desk.part.read(file, Entity(Ref(Kind.PLATE, 10**9), "p", "p", permissions=Permissions(can_annotate=True)))
    await desk.part.model.tasks.finished()
    present(desk.window.findChild(NewTableDialog)).button.click()
    desk.part.making.cancel_all()
    await desk.part.making.finished()
    assert desk.part.making.unsaved_work() == ()
    assert desk.part.making._activities.running == ()


async def test_that_an_unfinished_table_that_cannot_be_taken_back_is_told(
    desk: TableDesk, table_lab: PlateLab, tmp_path: Path
) -> None:
    file = tmp_path / "half.csv"
    file.write_text("n\n1\n")
    desk.part.read(file, plate(table_lab, "empty", 0))
    await desk.part.model.tasks.finished()
    admin = Admin(present(table_lab.server))
    admin.set("desk.faults", "addData=ApiUsageException*9;submit=ApiUsageException*9")
    try:
        present(desk.window.findChild(NewTableDialog)).button.click()
        await desk.part.making.finished()
    finally:
        admin.set("desk.faults", "")
    failed, left = [posted.message.text for posted in desk.messages.posted]
    assert failed.startswith("The table half was not made. ")
    assert left.startswith("The unfinished table, file ")
    assert "could not be deleted. " in left
    ((file_id,),) = admin.rows("select f.id from OriginalFile f where f.name = 'half' and f.mimetype = 'OMERO.tables'")
    admin.close()
    assert f"file {file_id}," in left
    assert desk.tabs == []


async def test_that_a_table_that_cannot_be_opened_says_why_and_offers_to_try_again(
    desk: TableDesk, table_lab: PlateLab, writer: TableWriter
) -> None:
    made = writer.write(table_lab.ref("mid"), "broken", [grid.LongColumn("n", "", [1])])
    place = writer.place(made)
    whole = place.read_bytes()
    place.write_bytes(b"no table any more")
    panel = await desk.open(made, table_lab.ref("mid"), "broken")
    assert panel.card.isVisible()
    assert panel.card.sentence.text() == "This table cannot be shown"
    assert "cannot read this table" in panel.card.why.text()
    assert not panel.bar.edit.isEnabled()
    place.write_bytes(whole)
    panel.card.button.click()
    await desk.settled(panel)
    assert panel.grid.isVisible()
    assert text(panel, 0, 0) == "1"


async def test_that_a_table_without_rows_says_so(desk: TableDesk, table_lab: PlateLab, writer: TableWriter) -> None:
    made = writer.write(table_lab.ref("mid"), "none", [grid.DoubleColumn("x", "", [])])
    panel = await desk.open(made, table_lab.ref("mid"), "")
    assert panel.card.sentence.text() == "This table has no rows"
    assert panel.name == f"Table {made}"
    panel.bar.plot.setChecked(True)
    await panel.table.finished()
    assert panel.table.problem is None


async def test_that_texts_of_a_megabyte_are_shown_by_their_beginnings(
    desk: TableDesk, table_lab: PlateLab, writer: TableWriter
) -> None:
    long = ["x" * 2**20 if n == 0 else str(n) for n in range(20)]
    made = writer.write(table_lab.ref("mid"), "long", [grid.StringColumn("t", "", 2**20, long)])
    panel = await desk.open(made, table_lab.ref("mid"), "long")
    await until(lambda: text(panel, 5, 0) == "5")
    assert len(text(panel, 0, 0)) <= 1_001
    assert panel.grab().width() > 0
    assert panel.table.rows.kept <= 24


async def test_that_the_plot_is_drawn_in_a_small_window(desk: TableDesk, panel: TablePanel) -> None:
    panel.bar.plot.setChecked(True)
    await until(lambda: len(panel.table.plot.x))
    desk.window.resize(800, 500)
    QApplication.processEvents()
    assert panel.plot.canvas.width() >= 160
    picture = panel.plot.canvas.grab().toImage()
    colours = {picture.pixel(x, y) for x in range(0, picture.width(), 3) for y in range(0, picture.height(), 3)}
    assert len(colours) > 3
    assert np.isfinite(panel.table.plot.limits).all()
