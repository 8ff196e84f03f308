"""The spreadsheet from a key that is pressed to what the server has: a real window, a real server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import pytest_asyncio
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.edits import LONGEST, AddComment, Author, Edit, Receipt, Rename, SetPairs, SetRating
from omero_desk.entities.objects import Ref
from omero_desk.gateway.annotations import cells
from omero_desk.gateway.annotations.writes import write_of
from omero_desk.gateway.lanes.worker import Worker
from omero_desk.gateway.service.account_calls import AccountCalls
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.models.connection.sign_in import SignInForm
from omero_desk.models.sheet.blocks import as_csv, from_file
from omero_desk.models.sheet.columns import COMMENTS, MOST_KEYS, NAME, RATING, TAGS, Column, Field
from omero_desk.models.sheet.sheet import SheetModel
from omero_desk.readers.excel import is_excel
from omero_desk.readers.sheet import SheetReader
from omero_desk.views.annotations.part import AnnotationsPart
from omero_desk.views.sheet.dialogs import DiscardDialog, ImportDialog, ReviewDialog
from omero_desk.views.sheet.part import SheetPart
from omero_desk.views.sheet.sheet_view import SheetView
from omero_desk.views.widgets.table_rows import TableRows
from tests.support.accessibility import nameless
from tests.support.editing_desk import Desk, Lab
from tests.support.present import present
from tests.support.running_desk import until

pytestmark = pytest.mark.asyncio

DOSE = Column(Field.KEY, "dose")
LINE = Column(Field.KEY, "cell line")
CONTROL = Qt.KeyboardModifier.ControlModifier


@dataclass
class Sheet:
    """A spreadsheet of one of the small libraries, all rows read."""

    desk: Desk
    part: SheetPart

    @property
    def model(self) -> SheetModel:
        return self.part.sheet

    @property
    def view(self) -> SheetView:
        return self.part.panel.view

    def index(self, ref: Ref, column: Column) -> QModelIndex:
        return self.model.index(present(self.model.row_of(ref.id)), self.model.columns.index(column))

    def text(self, ref: Ref, column: Column) -> str:
        return self.model.text((ref.id, column))

    def go(self, ref: Ref, column: Column) -> None:
        self.view.setCurrentIndex(self.index(ref, column))

    def mark(self, first: QModelIndex, last: QModelIndex) -> None:
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.view.setCurrentIndex(first)
        self.view.selectionModel().select(QItemSelection(first, last), flags)

    async def type(self, ref: Ref, column: Column, text: str) -> None:
        self.go(ref, column)
        QTest.keyClick(self.view, Qt.Key.Key_Return)
        editor = present(QApplication.focusWidget())
        assert isinstance(editor, QLineEdit)
        editor.selectAll()
        QTest.keyClicks(editor, text)
        QTest.keyClick(editor, Qt.Key.Key_Return)
        await until(lambda: QApplication.focusWidget() is self.view)

    async def read(self) -> None:
        rows = self.part.rows
        await until(lambda: self.model.entities and all(image in rows.known for image in self.model.entities))

    async def save(self) -> None:
        self.part.panel.bar.save.click()
        await until(lambda: not self.part.saver.is_saving and not self.part.saver.unsaved)
        await until(lambda: not self.model.changes.texts)

    async def discard(self) -> None:
        self.part.panel.ask_discard().discard.click()
        await until(lambda: not self.model.changes.texts)


@pytest_asyncio.fixture
async def sheet(desk: Desk, lab: Lab) -> Sheet:
    desk.window.resize(1440, 900)
    desk.view.setCurrentIndex(desk.bench.tree.find([lab.dataset]))
    await until(lambda: desk.bench.models.contents.rowCount() == len(lab.images) + 1)
    desk.bench.command("gallery.sheet").trigger()
    made = Sheet(desk, desk.bench.workbench.part(SheetPart))
    await until(made.view.isVisible)
    await made.read()
    made.view.setFocus()
    return made


async def test_that_cells_of_all_sorts_are_saved_together_and_undone_as_one(sheet: Sheet, lab: Lab) -> None:
    one, two, three = lab.images
    sheet.part.panel._add_key("dose")
    await sheet.type(one, DOSE, "100")
    assert sheet.view.currentIndex() == sheet.index(sheet_row_after(sheet, one), DOSE)
    await sheet.type(two, DOSE, "150")
    await sheet.type(one, TAGS, "mitotic; sharp")
    await sheet.type(two, TAGS, "sharp")
    await sheet.type(three, RATING, "4")
    await sheet.type(three, NAME, "Third.tif")
    assert sheet.part.panel.bar.words.text() == "6 cells changed in 3 images"
    assert sheet.part.panel.bar.save.text() == "Save 6 changes"
    await sheet.save()
    assert sheet.part.panel.bar.isHidden()
    assert [sheet.text(ref, DOSE) for ref in (one, two)] == ["100", "150"]
    assert [sheet.text(ref, TAGS) for ref in (one, two)] == ["mitotic; sharp", "sharp"]
    assert (sheet.text(three, RATING), sheet.text(three, NAME)) == ("4", "Third.tif")
    history = sheet.desk.bench.workbench.part(AnnotationsPart).history
    assert len(history.changes) == 1
    history.undo()
    await until(lambda: not sheet.desk.edits.pending)
    await until(lambda: not any(sheet.text(one, column) for column in (DOSE, TAGS)))
    await until(lambda: not sheet.text(two, DOSE) and not sheet.text(three, RATING))
    await until(lambda: sheet.text(three, NAME) == "Three.tif")


async def test_that_the_search_takes_the_keys_from_a_cell_that_is_being_edited(sheet: Sheet, lab: Lab) -> None:
    one = lab.images[0]
    sheet.go(one, NAME)
    QTest.keyClick(sheet.view, Qt.Key.Key_Return)
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    sheet.desk.bench.command("search").trigger()
    field = present(QApplication.focusWidget())
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "auto")
    assert field.text() == "auto"
    assert not sheet.view.isAncestorOf(field)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert sheet.text(one, NAME) == "One.tif"


def sheet_row_after(sheet: Sheet, ref: Ref) -> Ref:
    row = present(sheet.model.row_of(ref.id)) + 1
    return sheet.model.entities[sheet.model.image_ids[row]].ref


async def test_that_a_block_is_pasted_filled_down_copied_and_emptied(sheet: Sheet, lab: Lab) -> None:
    one, two, _three = (sheet.model.entities[image].ref for image in sheet.model.image_ids[:3])
    for key in ("dose", "cell line"):
        sheet.part.panel._add_key(key)
    QGuiApplication.clipboard().setText('100\tHeLa\n"15\t0"\tS3\n')
    sheet.go(one, DOSE)
    QTest.keyClick(sheet.view, Qt.Key.Key_V, CONTROL)
    assert [sheet.text(ref, DOSE) for ref in (one, two)] == ["100", "15\t0"]
    assert [sheet.text(ref, LINE) for ref in (one, two)] == ["HeLa", "S3"]
    sheet.mark(sheet.index(one, DOSE), sheet.index(two, LINE))
    QTest.keyClick(sheet.view, Qt.Key.Key_D, CONTROL)
    assert [sheet.text(two, column) for column in (DOSE, LINE)] == ["100", "HeLa"]
    QTest.keyClick(sheet.view, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "100\tHeLa\n100\tHeLa\n"
    QTest.keyClick(sheet.view, Qt.Key.Key_Delete)
    assert not sheet.part.saver.unsaved
    QTest.keyClick(sheet.view, Qt.Key.Key_Z, CONTROL)
    assert len(sheet.part.saver.unsaved) == 4
    QTest.keyClick(sheet.view, Qt.Key.Key_Y, CONTROL)
    assert not sheet.part.saver.unsaved


async def test_that_what_may_not_be_changed_stays_and_says_why(sheet: Sheet, lab: Lab) -> None:
    sheet.part.panel._add_key("dose")
    sheet.go(lab.foreign, DOSE)
    QTest.keyClick(sheet.view, Qt.Key.Key_Return)
    assert sheet.part.panel.strip.words.text() == "You may not annotate this image."
    assert sheet.desk.window.focusWidget() is sheet.view
    sheet.go(lab.images[0], RATING)
    assert not sheet.model.setData(sheet.index(lab.images[0], RATING), "seven")
    assert sheet.part.panel.strip.words.text() == "A rating is a whole number from 0 to 5."
    assert not sheet.model.flags(sheet.index(lab.images[0], COMMENTS)) & Qt.ItemFlag.ItemIsEditable


async def test_that_a_conflict_comes_back_into_its_cell_and_can_be_saved_after_it_was_seen(
    sheet: Sheet, lab: Lab
) -> None:
    one, two, _three = lab.images
    sheet.part.panel._add_key("dose")
    await sheet.type(one, DOSE, "100")
    await sheet.save()
    row = sheet.part.rows.known[one.id]
    sheet.part.rows.known[one.id] = type(row)(row.tags, {"dose": ("90",)}, row.own_id, (("dose", "90"),))  # as before
    await sheet.type(one, DOSE, "150")
    await sheet.type(two, DOSE, "150")
    sheet.part.panel.bar.save.click()
    await until(lambda: not sheet.part.saver.is_saving)
    await until(lambda: sheet.model.saved_text((one.id, DOSE)) == "100")
    await until(lambda: len(sheet.part.saver.unsaved) == 1)
    assert sheet.text(one, DOSE) == "150"
    assert sheet.text(two, DOSE) == "150"
    assert sheet.model.problems[one.id, DOSE] == "Somebody else has changed this to “100” meanwhile."
    assert "Before: 100" in sheet.index(one, DOSE).data(Qt.ItemDataRole.ToolTipRole)
    assert not sheet.desk.edits.pending
    await sheet.save()
    assert sheet.text(one, DOSE) == "150"
    assert not sheet.model.problems


async def by_another_window(sheet: Sheet, *edits: Edit) -> list[Receipt]:
    """Make edits as the same user, of which this window hears nothing."""
    service = ServiceManager()
    lab = sheet.desk.lab
    await service.sign_in(SignInForm(f"{lab.proxy.host}:{lab.proxy.port}", "ada", "ada").request())
    author = present(Author.of(service.account))
    made = [await service.write(Lane.METADATA, write_of(edit, author)) for edit in edits]
    service.close()
    return made


async def test_that_one_edit_saves_all_pairs_and_leaves_what_another_has_written_since(sheet: Sheet, lab: Lab) -> None:
    one, two, three = lab.images
    was = (("a", "1"), ("dose", "1"), ("z", "1"))
    made = await by_another_window(sheet, *(SetPairs(ref, None, was) for ref in lab.images))
    sheet.part.refresh()
    await until(lambda: all(sheet.text(ref, DOSE) == "1" for ref in lab.images))
    theirs = (("z", "1"), ("dose", "90"), ("b", "new")), (("dose", "1"), ("a", "2"), ("z", "1"))
    await by_another_window(
        sheet,
        SetPairs(one, made[0].annotation_id, theirs[0], was),
        SetPairs(two, made[1].annotation_id, theirs[1], was),
    )
    for ref in lab.images:
        await sheet.type(ref, DOSE, "7")
    sheet.part.panel.bar.save.click()
    assert [edit.title for edit in sheet.desk.edits.pending] == ["Key-value pairs of 3 images"]
    await until(lambda: not sheet.part.saver.is_saving)
    await until(lambda: sheet.part.saver.unsaved == [(one.id, DOSE)] and sheet.model.saved_text((one.id, DOSE)) == "90")
    assert sheet.model.problems == {(one.id, DOSE): "Somebody else has changed this to “90” meanwhile."}
    assert sheet.text(one, DOSE) == "7"
    assert sheet.part.rows.known[one.id].own == theirs[0]
    await until(lambda: sheet.part.rows.known[two.id].own == (("dose", "7"), ("a", "2"), ("z", "1")))
    await until(lambda: sheet.part.rows.known[three.id].own == (("a", "1"), ("dose", "7"), ("z", "1")))
    await sheet.save()
    assert sheet.part.rows.known[one.id].own == (("z", "1"), ("dose", "7"), ("b", "new"))


async def test_that_a_name_that_another_has_given_is_told_and_replaced_by_who_insists(sheet: Sheet, lab: Lab) -> None:
    one = lab.images[0]
    await by_another_window(sheet, Rename(one, "Theirs.tif"))
    await sheet.type(one, NAME, "Mine.tif")
    sheet.part.panel.bar.save.click()
    await until(lambda: not sheet.part.saver.is_saving and sheet.model.saved_text((one.id, NAME)) == "Theirs.tif")
    assert sheet.model.problems == {(one.id, NAME): "Somebody else has changed this to “Theirs.tif” meanwhile."}
    assert sheet.text(one, NAME) == "Mine.tif"
    await sheet.save()
    assert sheet.part.rows.known[one.id].name == "Mine.tif"


async def test_that_what_another_has_written_just_so_counts_as_saved(sheet: Sheet, lab: Lab) -> None:
    one = lab.images[0]
    sheet.part.panel._add_key("dose")
    await sheet.type(one, DOSE, "7")
    await by_another_window(sheet, SetPairs(one, None, (("dose", "7"),)))
    await sheet.save()
    assert sheet.part.rows.known[one.id].values == {"dose": ("7",)}


async def test_that_a_saved_sheet_is_undone_after_something_else_is_looked_at_and_shows_it_when_it_is_there_again(
    sheet: Sheet, lab: Lab
) -> None:
    one, two, _three = lab.images
    sheet.part.panel._add_key("dose")
    for ref in (one, two):
        await sheet.type(ref, DOSE, "100")
    await sheet.save()
    sheet.desk.bench.command("gallery.grid").trigger()
    await until(lambda: not sheet.view.isVisible())
    sheet.desk.select(two)
    history = sheet.desk.bench.workbench.part(AnnotationsPart).history
    history.undo()
    await until(lambda: not sheet.desk.edits.pending and history.changes[0].is_undone)
    assert [change.title for change in history.changes] == ["Key-value pairs of 2 images"]
    found = await sheet.desk.service.call(Lane.METADATA, cells.rows, [one.id, two.id], 0)
    assert not any(row.values for row in found.values())
    sheet.desk.view.setCurrentIndex(sheet.desk.bench.tree.find([lab.dataset]))
    sheet.desk.bench.command("gallery.sheet").trigger()
    await until(lambda: set(sheet.model.image_ids) >= {one.id, two.id})
    await until(lambda: not sheet.text(one, DOSE) and not sheet.text(two, DOSE))
    history.redo()
    await until(lambda: [sheet.text(ref, DOSE) for ref in (one, two)] == ["100", "100"])


async def test_that_an_undo_that_another_has_come_before_says_what_it_left(sheet: Sheet, lab: Lab) -> None:
    one, two, _three = lab.images
    sheet.part.panel._add_key("dose")
    for ref in (one, two):
        await sheet.type(ref, DOSE, "100")
    await sheet.save()
    known = sheet.part.rows.known[one.id]
    await by_another_window(sheet, SetPairs(one, known.own_id, (("dose", "90"),), known.own))
    sheet.desk.bench.workbench.part(AnnotationsPart).history.undo()
    await until(lambda: [sheet.text(ref, DOSE) for ref in (one, two)] == ["90", ""])
    said = (
        "Key-value pairs of 2 images: 1 object was left as it is, as somebody else has changed it since or it is gone."
    )
    assert said in [posted.message.text for posted in sheet.desk.bench.workbench.messages.posted]


async def test_that_what_is_typed_again_for_images_out_of_sight_is_saved(sheet: Sheet, lab: Lab) -> None:
    one = lab.images[0]
    await sheet.type(one, TAGS, "mitotic")
    sheet.model.changes.discard()
    sheet.model.show(sheet.model.entities[ref.id] for ref in lab.images[1:])
    sheet.model.changes.undo()
    assert sheet.part.saver.unsaved == [(one.id, TAGS)]
    line = present(present(sheet.part.panel.review()).list.topLevelItem(0))
    assert [line.text(column) for column in range(4)] == ["One.tif", "Tags", "", "mitotic"]
    present(sheet.desk.window.findChild(ReviewDialog)).reject()
    await sheet.save()
    assert sheet.part.rows.known[one.id].tags[0].text == "mitotic"


async def test_that_another_account_sees_nothing_of_how_the_sheet_was_looked_at(sheet: Sheet, lab: Lab) -> None:
    panel, model = sheet.part.panel, sheet.model
    panel._add_key("dose")
    sheet.view.show_column(TAGS, False)
    sheet.view.setColumnWidth(0, 333)
    sheet.view.horizontalHeader().moveSection(0, 2)
    panel.tools.filters.setChecked(True)
    panel.filters.field(NAME).setText("one")
    sheet.view.sort(0, True)
    panel.finder.needle.setText("secret")
    panel.finder.by.setText("words")
    panel.open_find()
    panel.tell("Something of ada's")
    asked = panel.open_import("a.csv", from_file(b"name,dose\nOne,1\n"))
    sheet.desk.bench.connection.sign_out()
    await until(lambda: sheet.desk.bench.connection.account is None)
    await sheet.desk.sign_in("ben")
    assert not any(dialog.isVisible() for dialog in sheet.desk.window.findChildren(ImportDialog))
    assert asked is not None
    assert not model.entities
    assert sheet.view.is_shown(TAGS)
    assert sheet.view.columnWidth(0) != 333
    assert sheet.view.shown_columns == list(range(len(model.columns)))
    assert (model.filters, model.sorted_by) == ({}, None)
    panel.tools.filters.setChecked(True)
    assert panel.filters.field(NAME).text() == ""
    panel.open_find()
    assert (panel.finder.needle.text(), panel.finder.by.text(), panel.strip.words.text()) == ("", "", "")
    assert DOSE not in model.columns


async def test_that_filters_of_other_images_leave_nothing_in_their_fields(sheet: Sheet, lab: Lab) -> None:
    panel = sheet.part.panel
    panel.tools.filters.setChecked(True)
    panel.filters.field(NAME).setText("one")
    assert len(sheet.model.image_ids) == 1
    entities = list(sheet.model.entities.values())
    sheet.model.show(())
    sheet.model.show(entities)
    assert len(sheet.model.image_ids) == 4
    assert panel.filters.field(NAME).text() == ""


async def test_that_a_preview_says_all_that_a_file_has_and_the_sheet_does_not_get(sheet: Sheet, lab: Lab) -> None:
    one, two, _three = lab.images
    long = "x" * (LONGEST + 1)
    lines = ["Name;Rating;note;dose;dose;", 'One;seven;"two\nlines";1;2;3;4', f"Two;3;{long};\x00;;", 'Three;;;"a;;']
    dialog = present(sheet.part.panel.open_import("a.csv", from_file("\n".join(lines[:3]).encode())))
    said = dialog.report.text().splitlines()
    assert said == [
        "2 rows are images here.",
        "1 row has more cells than there are headings: those are left out (row 2).",
        "1 cell cannot be filled: A rating is a whole number from 0 to 5.",
        "2 columns are left out: dose, (no heading)",
        "1 cell is longer than any text that a server takes: it is left out.",
    ]
    assert dialog.fill.text() == "Fill 4 cells"
    dialog.fill.click()
    assert sheet.text(one, Column(Field.KEY, "note")) == "two\nlines"
    assert (sheet.text(two, RATING), sheet.text(two, DOSE)) == ("3", "\ufffd")
    other = present(sheet.part.panel.open_import("b.csv", from_file("\n".join(lines[::3]).encode())))
    assert "A quotation mark is not closed, so all of them are taken for letters." in other.report.text()
    other.reject()


async def test_that_keys_for_which_there_is_no_room_are_told_and_not_filled(sheet: Sheet, lab: Lab) -> None:
    keys = [f"key {number:03}" for number in range(MOST_KEYS + 2)]
    content = f"name,{','.join(keys)}\nOne,{','.join('1' for _ in keys)}\n"
    dialog = present(sheet.part.panel.open_import("a.csv", from_file(content.encode())))
    assert f"2 columns are left out: {keys[-2]}, {keys[-1]}" in dialog.report.text()
    dialog.fill.click()
    assert len(sheet.part.saver.unsaved) == MOST_KEYS
    assert {column for _image, column in sheet.part.saver.unsaved} <= set(sheet.model.columns)


async def test_that_what_is_changed_elsewhere_is_read_again(sheet: Sheet, lab: Lab) -> None:
    one = lab.images[0]
    edits: list[Edit] = [AddComment(one, "blurred"), SetPairs(one, None, (("dose", "7"),)), SetRating((one,), 3)]
    sheet.desk.edits.submit([(edit, "One") for edit in edits], Author.of(sheet.desk.bench.connection.account))
    await until(lambda: DOSE in sheet.model.columns)
    await until(lambda: [sheet.text(one, column) for column in (COMMENTS, DOSE, RATING)] == ["1", "7", "3"])


async def test_that_changes_are_reviewed_and_discarded_and_asked_about_before_leaving(sheet: Sheet, lab: Lab) -> None:
    await sheet.type(lab.images[0], TAGS, "mitotic")
    (unsaved,) = sheet.part.unsaved()
    assert unsaved.words == "1 changed cell is not saved"
    assert unsaved.items == ("One.tif, Tags: mitotic",)
    sheet.part.panel.bar.review.click()
    review = sheet.desk.window.findChild(ReviewDialog)
    line = present(present(review).list.topLevelItem(0))
    assert [line.text(column) for column in range(4)] == ["One.tif", "Tags", "", "mitotic"]
    assert nameless(present(review)) == []
    present(review).reject()
    sheet.part.panel.bar.discard.click()
    question = present(sheet.desk.window.findChild(DiscardDialog))
    question.discard.click()
    assert not sheet.part.unsaved()
    assert sheet.part.panel.bar.isHidden()


async def test_that_texts_are_found_and_replaced_and_a_pattern_that_could_hang_is_refused(
    sheet: Sheet, lab: Lab
) -> None:
    one, two, three = lab.images
    sheet.part.panel._add_key("dose")
    for ref, text in ((one, "100 nM"), (two, "150 nM"), (three, "none")):
        await sheet.type(ref, DOSE, text)
    QTest.keyClick(sheet.view, Qt.Key.Key_H, CONTROL)
    find = sheet.part.panel.finder
    assert find.isVisible()
    assert nameless(find) == []
    find.needle.setText(r"(\d+) nM")
    find.by.setText(r"0.\1 µM")
    find.pattern.setChecked(True)
    find.replace.click()
    assert find.result.text() == "2 cells replaced."
    assert [sheet.text(ref, DOSE) for ref in lab.images] == ["0.100 µM", "0.150 µM", "none"]
    find.needle.setText(r"(a+)+$")
    find.replace.click()
    assert "very long" in find.result.text()
    find.needle.setText("(")
    find.replace.click()
    assert find.result.text().startswith("This is not a pattern")
    QTest.keyClick(find.needle, Qt.Key.Key_Escape)
    assert find.isHidden()


async def test_that_rows_are_filtered_and_sorted_by_columns(sheet: Sheet, lab: Lab) -> None:
    one, two, three = lab.images
    sheet.part.panel._add_key("dose")
    for ref, text in ((one, "9"), (two, "100"), (three, "20")):
        await sheet.type(ref, DOSE, text)
    sheet.view.sort(sheet.model.columns.index(DOSE), False)
    assert list(sheet.model.image_ids) == [one.id, three.id, two.id, lab.foreign.id]
    sheet.view.sort(sheet.model.columns.index(DOSE), True)
    assert list(sheet.model.image_ids) == [two.id, three.id, one.id, lab.foreign.id]
    sheet.part.panel.tools.filters.setChecked(True)
    QTest.keyClicks(sheet.part.panel.filters.field(DOSE), "0")
    assert list(sheet.model.image_ids) == [two.id, three.id]
    assert nameless(sheet.part.panel) == []
    sheet.part.panel.tools.filters.setChecked(False)
    assert len(sheet.model.image_ids) == 4


async def test_that_the_selected_cells_select_the_images_of_the_window(sheet: Sheet, lab: Lab) -> None:
    one, two, _three = lab.images
    sheet.mark(sheet.index(one, TAGS), sheet.index(one, RATING))
    await until(lambda: [one_.ref for one_ in sheet.desk.bench.gallery.entities] == [one])
    sheet.go(two, TAGS)
    await until(lambda: [one_.ref for one_ in sheet.desk.bench.gallery.entities] == [two])
    sheet.desk.bench.command("gallery.table").trigger()
    assert [one_.ref for one_ in sheet.desk.bench.gallery.entities] == [two]


async def test_that_several_images_are_opened_alone(sheet: Sheet, lab: Lab) -> None:
    sheet.desk.bench.command("gallery.grid").trigger()
    one, two, _three = lab.images
    sheet.desk.bench.gallery.pick([one.id, two.id])
    command = sheet.desk.bench.command("sheet.open")
    command.trigger()
    await until(lambda: set(sheet.model.image_ids) == {one.id, two.id})


async def test_that_a_file_is_imported_with_a_preview_and_the_sheet_is_exported(sheet: Sheet, lab: Lab) -> None:
    one, two, _three = lab.images
    content = "name;dose;Tags\nOne;1,5;mitotic\nnothing;2;\nTwo.tif;=3;\ntwo.TIF;4;\n"
    dialog = present(sheet.part.panel.open_import("doses.csv", from_file(content.encode())))
    assert nameless(dialog) == []
    assert dialog.fill.text() == "Fill 3 cells"
    assert dialog.report.text().splitlines()[:2] == ["2 rows are images here.", "1 row matches nothing (row 3)."]
    assert "(row 5)" in dialog.report.text()
    dialog.fill.click()
    assert (sheet.text(one, DOSE), sheet.text(one, TAGS), sheet.text(two, DOSE)) == ("1,5", "mitotic", "=3")
    exported = from_file(as_file(sheet))
    heads = list(exported.rows[0])
    by_name = {row[heads.index("Name")]: dict(zip(heads, row, strict=True)) for row in exported.rows[1:]}
    assert by_name["One.tif"]["dose"] == "1,5"
    assert by_name["Two.tif"]["dose"] == "=3"
    assert by_name["Two.tif"]["ID"] == str(two.id)
    assert heads[:3] == ["ID", "Name", "Tags"]


async def test_that_the_bar_shows_how_a_long_text_begins_and_does_not_move_with_the_selection(
    sheet: Sheet, lab: Lab
) -> None:
    sheet.desk.window.resize(1100, 700)
    tools = sheet.part.panel.tools
    for text in ("long " * 30, "longer " * 30):
        await sheet.type(lab.images[0], NAME, text)
        sheet.go(lab.images[0], NAME)
        assert tools.value.text() == text
        assert tools.value.cursorPosition() == 0
    column = sheet.model.columns.index(NAME)
    sheet.mark(sheet.model.index(0, column), sheet.model.index(2, column))
    place = tools.place.minimumWidth()
    assert place >= min(tools.place.sizeHint().width(), 170) > 60
    sheet.go(lab.images[1], NAME)
    assert tools.place.text().startswith("Name, row ")
    assert tools.place.minimumWidth() == place


async def test_that_a_column_is_as_wide_as_its_key_unless_that_is_very_long(sheet: Sheet, lab: Lab) -> None:
    keys = [Column(Field.KEY, key) for key in ("n", "Concentration", "long " * 40)]
    for key in keys:
        sheet.part.panel._add_key(key.key)
    short, whole, long = (sheet.view.columnWidth(sheet.model.columns.index(key)) for key in keys)
    assert short < whole < long
    assert whole == sheet.view.horizontalHeader().sectionSizeHint(sheet.model.columns.index(keys[1]))
    assert long == 180


async def test_that_the_keys_are_for_the_cells_again_once_all_is_saved_or_discarded(sheet: Sheet, lab: Lab) -> None:
    for end in (sheet.save, sheet.discard):
        await sheet.type(lab.images[0], NAME, f"{end.__name__}.tif")
        sheet.part.panel.bar.save.setFocus()
        await end()
        await until(sheet.part.panel.bar.isHidden)
        assert sheet.desk.window.focusWidget() is sheet.view


async def test_that_words_of_changes_stand_below_their_headings(sheet: Sheet, lab: Lab) -> None:
    await sheet.type(lab.images[0], NAME, "other.tif")
    dialog = sheet.part.panel.review()
    assert isinstance(dialog.list.itemDelegate(), TableRows)
    assert dialog.list.visualItemRect(
        present(dialog.list.topLevelItem(0))
    ).left() == dialog.list.header().sectionPosition(0)
    dialog.reject()


@pytest.fixture
def on_disk(sheet: Sheet) -> Iterator[None]:
    """Have the sheet read and write files, on a thread of their own."""
    worker = Worker("files")

    async def read(path: Path, most: int) -> bytes:
        return await worker.run(lambda: path.read_bytes()[:most])

    async def write(path: Path, content: bytes) -> None:
        await worker.run(lambda: path.write_bytes(content))

    sheet.part._reader = SheetReader(AccountCalls(sheet.desk.service), read, write, worker)
    yield
    worker.close()


@pytest.mark.parametrize("ending", ["xlsx", "tsv", "csv"])
async def test_that_what_is_exported_and_imported_again_changes_nothing(
    sheet: Sheet, lab: Lab, on_disk: None, tmp_path: Path, ending: str
) -> None:
    one, path = lab.images[0], tmp_path / f"images.{ending}"
    content = b"name,dose,day\nOne,1.50,2024-03-12\nTwo,=1+1,007\n"
    present(sheet.part.panel.open_import("a.csv", from_file(content))).fill.click()
    sheet.part.give_out(path)
    await sheet.part.files.finished()
    assert sheet.desk.bench.messages.current is None
    assert is_excel(path.read_bytes()) is (ending == "xlsx")
    sheet.part.take_in(path)
    await sheet.part.files.finished()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ImportDialog)
    assert (dialog.fill.isEnabled(), dialog.matched.matched) == (False, len(lab.images) + 1)
    dialog.reject()
    assert sheet.text(one, DOSE) == "1.50"


async def test_that_an_excel_file_is_imported_and_what_is_left_out_or_refused_is_said(
    sheet: Sheet, lab: Lab, on_disk: None, tmp_path: Path
) -> None:
    path, book = tmp_path / "doses.xlsx", openpyxl.Workbook()
    present(book.active).append(["Name", "dose"])
    present(book.active).append(["One", 2.5])
    book.create_sheet("Notes")
    book.save(path)
    sheet.part.take_in(path)
    await sheet.part.files.finished()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ImportDialog)
    assert "Only the sheet “Sheet” is read: 1 other is left out." in dialog.report.text()
    dialog.fill.click()
    assert sheet.text(lab.images[0], DOSE) == "2.5"
    path.write_bytes(path.read_bytes()[:1000])
    sheet.part.take_in(path)
    await sheet.part.files.finished()
    assert "cannot be read: it is damaged" in present(sheet.desk.bench.messages.current).text


async def test_that_the_dialogs_offer_excel_files_and_the_ending_follows_the_kind(sheet: Sheet) -> None:
    asked = sheet.part.ask_file()
    assert "Excel (*.xlsx)" in asked.nameFilters()
    asked.reject()
    where = sheet.part.ask_where()
    endings = {}
    for kind in where.nameFilters():
        where.selectNameFilter(kind)
        where.filterSelected.emit(kind)
        endings[kind] = where.defaultSuffix()
    where.reject()
    assert endings["Excel (*.xlsx)"] == "xlsx"
    assert sorted(endings.values()) == ["csv", "tsv", "xlsx"]


def as_file(sheet: Sheet) -> bytes:
    content = as_csv(sheet.part.panel.rows())
    assert b"'=3" in content
    return content


async def test_that_the_return_that_ends_editing_does_not_begin_it_again(sheet: Sheet, lab: Lab, qtlog: Any) -> None:
    one = lab.images[0]
    await sheet.type(one, NAME, "First.tif")
    assert sheet.view.currentIndex() == sheet.index(sheet_row_after(sheet, one), NAME)
    assert [record.message for record in qtlog.records if "edit" in record.message] == []
    sheet.part.sheet.changes.discard()
