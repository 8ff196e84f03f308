"""The dialogs of a spreadsheet: what is changed, whether to discard it, a new column, and a file that is imported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from omero_desk.entities.objects import Entity
from omero_desk.models import labels
from omero_desk.models.labels import shortened, unmarked
from omero_desk.models.sheet.blocks import Block
from omero_desk.models.sheet.changes import Cell
from omero_desk.models.sheet.columns import Field
from omero_desk.models.sheet.importing import By, Matched, guess, match
from omero_desk.models.sheet.sheet import SheetModel
from omero_desk.models.translation import plural, translate
from omero_desk.views.messages.question import Question
from omero_desk.views.sheet.change_bar import counted
from omero_desk.views.theme.sheet import tall
from omero_desk.views.theme.tokens import Height
from omero_desk.views.widgets.table_rows import TableRows
from omero_desk.views.widgets.words import Words

Difference = tuple[str, str, str, str]
"""The image, the column, and what a cell says before and after."""
_MOST_LINES: Final = 2000
_MOST_NUMBERS: Final = 8
_SIZE: Final = (720, 300)


class ReviewDialog(Question):
    """Lists what saving would change; `save` is the button for it."""

    def __init__(self, lines: Sequence[Difference], images: int, parent: QWidget | None = None) -> None:
        super().__init__(counted(len(lines), images), parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list = DifferenceList()
        self.list.show_lines(lines)
        self.add(self.list)
        if len(lines) > _MOST_LINES:
            self.add(Words(_more(len(lines))))
        self.add_cancel(translate("Sheet", "&Close"))
        self.save = self.add_verb(plural("Sheet", "Save %n changes", "Save %n change", len(lines)))
        self.box.accepted.connect(self.accept)


class DiscardDialog(Question):
    """Asks whether changes are to be forgotten."""

    def __init__(self, cells: int, images: int, parent: QWidget | None = None) -> None:
        heading = plural("Sheet", "Discard %n changes?", "Discard %n change?", cells)
        super().__init__(heading, counted(cells, images), parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.discard = self.add_verb(translate("Sheet", "&Discard"), danger=True)
        self.add_cancel(default=True)
        self.box.accepted.connect(self.accept)


class ImportDialog(Question):
    """Shows what a file would change in a sheet; `chosen` carries what is matched when the user takes it."""

    chosen = Signal(Matched)

    def __init__(self, name: str, block: Block, sheet: SheetModel, parent: QWidget | None = None) -> None:
        heading = translate("Sheet", "Fill cells from “{file}”?").format(file=shortened(name))
        super().__init__(heading, parent=parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._block, self._sheet = block, sheet
        self.matched = Matched({})
        self.column = QComboBox()
        self.column.setAccessibleName(translate("Sheet", "Column that says which image"))
        self.column.addItems([shortened(head) or "–" for head in block.rows[0]])  # noqa: RUF001 - a dash
        self.by = QComboBox()
        self.by.setAccessibleName(translate("Sheet", "Matched by"))
        self.by.addItem(translate("Sheet", "Name of the image"), By.NAME)
        self.by.addItem(translate("Sheet", "ID of the image"), By.ID)
        self.report = Words(wordWrap=True)
        self.list = DifferenceList()
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignVCenter)
        form.addRow(translate("Sheet", "&Image in column"), self.column)
        form.addRow(translate("Sheet", "&Matched by"), self.by)
        self.add(form, self.report, self.list)
        self.add_cancel()
        self.fill = self.add_verb("")
        self.box.accepted.connect(self._finish)
        place, by = guess(block)
        self.column.setCurrentIndex(place)
        self.by.setCurrentIndex(self.by.findData(by))
        for choice in (self.column, self.by):
            choice.currentIndexChanged.connect(self._match)
        self._match()

    def _match(self, *_: object) -> None:
        entities = list(self._sheet.entities.values())
        found = match(self._block, self.column.currentIndex(), By(self.by.currentData()), entities)
        keys = {cell[1].key for cell in found.texts if cell[1].field is Field.KEY}
        lost = keys - self._sheet.has_room(column.key for column in found.columns if column.field is Field.KEY)
        texts = {cell: text for cell, text in found.texts.items() if cell[1].key not in lost}
        columns = tuple(column for column in found.columns if column.key not in lost)
        self.matched = replace(found, texts=texts, columns=columns, left_out=(*found.left_out, *sorted(lost)))
        wanted = [(cell, text) for cell, text in texts.items() if text != self._sheet.text(cell)]
        reasons = [self._sheet.why_not_text(cell, text) for cell, text in wanted]
        changes = [change for change, reason in zip(wanted, reasons, strict=True) if not reason]
        self.list.show_lines([difference(self._sheet, cell, text) for cell, text in changes[:_MOST_LINES]])
        self.report.setText(self._words(len(changes), [reason for reason in reasons if reason]))
        self.fill.setText(plural("Sheet", "Fill %n cells", "Fill %n cell", len(changes)))
        self.fill.setEnabled(bool(changes))

    def _words(self, changes: int, refused: Sequence[str]) -> str:
        found = self.matched
        lines = [
            plural("Sheet", "%n rows are images here.", "%n row is an image here.", found.matched),
            _rows(
                plural("Sheet", "%n rows match nothing", "%n row matches nothing", len(found.missing)), found.missing
            ),
            _rows(
                plural(
                    "Sheet",
                    "%n rows are left out, as they match several images or one that another row has",
                    "%n row is left out, as it matches several images or one that another row has",
                    len(found.doubtful),
                ),
                found.doubtful,
            ),
            _rows(
                plural(
                    "Sheet",
                    "%n rows have more cells than there are headings: those are left out",
                    "%n row has more cells than there are headings: those are left out",
                    len(found.wider),
                ),
                found.wider,
            ),
            _refused(refused),
            _left_out(found.left_out),
            *_troubles(self._block),
        ]
        if changes > _MOST_LINES:
            lines.append(_more(changes))
        return "\n".join(filter(None, lines))

    def _finish(self) -> None:
        self.chosen.emit(self.matched)
        self.accept()


class DifferenceList(QTreeWidget):
    """A list of cells with what they say before and after."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(translate("Sheet", "Changes"))
        self.setHeaderLabels(
            [
                translate("Sheet", "Image"),
                translate("Sheet", "Column"),
                translate("Sheet", "Before"),
                translate("Sheet", "After"),
            ]
        )
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setProperty("rows", "own")
        self.setItemDelegate(TableRows(self))
        self.setMinimumSize(*_SIZE)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate((220, 120, 180)):
            self.setColumnWidth(column, width)

    def show_lines(self, lines: Iterable[Difference]) -> None:
        """Show these cells, the first of them."""
        self.clear()
        items = []
        for line, _ in zip(lines, range(_MOST_LINES), strict=False):
            item = QTreeWidgetItem([shortened(text) for text in line])
            item.setSizeHint(0, QSize(0, tall(Height.TABLE_ROW, self.font())))
            for column, text in enumerate(line):
                item.setToolTip(column, unmarked(text[:_MOST_LINES]))
            items.append(item)
        self.addTopLevelItems(items)


def difference(sheet: SheetModel, cell: Cell, text: str) -> Difference:
    """Return what a text would change."""
    image, column = cell
    return name_of(sheet.all_entities.get(image), image), column.title, sheet.saved_text(cell), text


def name_of(entity: Entity | None, image: int) -> str:
    """Return what an image is called, its ID where that is not known."""
    return labels.name(entity) if entity is not None else str(image)


def _rows(words: str, numbers: Sequence[int]) -> str:
    if not numbers:
        return ""
    named = ", ".join(map(str, numbers[:_MOST_NUMBERS]))
    more = "…" if len(numbers) > _MOST_NUMBERS else ""
    said = plural("Sheet", "{rows} (rows {numbers}{more}).", "{rows} (row {numbers}{more}).", len(numbers))
    return said.format(rows=words, numbers=named, more=more)


def _refused(reasons: Sequence[str]) -> str:
    if not reasons:
        return ""
    words = plural("Sheet", "%n cells cannot be filled: {reason}", "%n cell cannot be filled: {reason}", len(reasons))
    return words.format(reason=reasons[0])


def _left_out(heads: Sequence[str]) -> str:
    """Return what is said of columns of a file that are not taken: read-only, without a heading, or too many."""
    if not heads:
        return ""
    named = ", ".join(shortened(head) or translate("Sheet", "(no heading)") for head in heads[:_MOST_NUMBERS])
    more = "…" if len(heads) > _MOST_NUMBERS else ""
    words = plural(
        "Sheet", "%n columns are left out: {names}{more}", "%n column is left out: {names}{more}", len(heads)
    )
    return words.format(names=named, more=more)


def _troubles(block: Block) -> Iterable[str]:
    """Yield what a file has that could not be taken as it is."""
    if block.too_long:
        words = plural(
            "Sheet",
            "%n cells are longer than any text that a server takes: they are left out.",
            "%n cell is longer than any text that a server takes: it is left out.",
            block.too_long,
        )
        yield words
    if block.is_open:
        yield translate("Sheet", "A quotation mark is not closed, so all of them are taken for letters.")
    if block.is_damaged:
        yield translate("Sheet", "Some letters could not be read: they are shown as �.")
    if block.other_sheets:
        words = plural(
            "Sheet",
            "Only the sheet “{sheet}” is read: %n others are left out.",
            "Only the sheet “{sheet}” is read: %n other is left out.",
            block.other_sheets,
        )
        yield words.format(sheet=shortened(block.sheet))
    if block.is_cut:
        yield translate("Sheet", "The file is larger than what can be taken: its end is left out.")


def _more(number: int) -> str:
    return plural("Sheet", "The first 2,000 of %n are listed.", "The first 2,000 of %n are listed.", number)
