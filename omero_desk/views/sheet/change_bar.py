"""The bar below a spreadsheet: how much is changed and not saved, how far saving is, and what was refused."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QSizePolicy, QWidget
from typing_extensions import override

from omero_desk.models.sheet.saver import SheetSaver
from omero_desk.models.sheet.sheet import SheetModel
from omero_desk.models.translation import plural, translate
from omero_desk.views.messages.question import make_default
from omero_desk.views.theme.tokens import Icon, Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.icon_label import IconLabel
from omero_desk.views.widgets.state_card import link_button
from omero_desk.views.widgets.words import OneLine

_BAR: Final = 120
_NARROW: Final = 720


class ChangeBar(QFrame):
    """Is there while cells are changed or on their way."""

    discard_wanted = Signal()
    review_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, sheet: SheetModel, saver: SheetSaver, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet, self._saver = sheet, saver
        self._number = 0
        self.setProperty("ground", "changed")
        self.words, self.note = OneLine(), OneLine()
        self.words.setProperty("role", "strong")
        self.note.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.progress = QProgressBar()
        self.progress.setMaximumWidth(_BAR)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(translate("Sheet", "Saving"))
        self.discard = link_button(translate("Sheet", "Discard…"))
        self.review = QPushButton(translate("Sheet", "Review changes"), autoDefault=False)
        self.save = QPushButton("", autoDefault=False)
        make_default(self.save)
        self.discard.clicked.connect(lambda _checked=False: self.discard_wanted.emit())
        self.review.clicked.connect(lambda _checked=False: self.review_wanted.emit())
        self.save.clicked.connect(lambda _checked=False: self.save_wanted.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.LARGE, Space.SMALL, Space.MEDIUM, Space.SMALL)
        row.setSpacing(Space.SMALL)
        row.addWidget(IconLabel(Icon.ROW, icons.icon("rename")))
        row.addWidget(self.words)
        row.addWidget(self.note, 1)
        row.addWidget(self.progress)
        for button in (self.discard, self.review, self.save):
            row.addWidget(button)
        saver.changed.connect(self.refresh)
        self.refresh()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use fewer words where there is little room."""
        super().resizeEvent(event)
        self._name_buttons()

    def _name_buttons(self) -> None:
        number = self._number
        narrow = self.width() < _NARROW
        self.note.setVisible(not narrow or self._saver.is_saving)
        words = translate("Sheet", "Review") if narrow else translate("Sheet", "Review changes")
        self.review.setText(words)
        short = translate("Sheet", "Save {number}").format(number=f"{number:,}")
        self.save.setText(short if narrow else plural("Sheet", "Save %n changes", "Save %n change", number))

    def refresh(self) -> None:
        """Show how things stand."""
        saving = self._saver.is_saving
        self.progress.setVisible(saving)
        for button in (self.discard, self.review, self.save):
            button.setEnabled(not saving)
        if saving:
            self._show_progress()
            return
        cells = self._saver.unsaved
        self._number = len(cells)
        self.setVisible(bool(cells))
        self.words.say(counted(len(cells), len({image for image, _column in cells})))
        self._name_buttons()
        refused = list(self._sheet.problems.values())
        self.note.say(_refused(refused) if refused else translate("Sheet", "Not saved yet"))

    def _show_progress(self) -> None:
        total, left = self._saver.total, self._saver.left
        self.show()
        self.note.show()
        self.progress.setRange(0, total)
        self.progress.setValue(total - left)
        self.note.say(translate("Sheet", "Saving, {done} of {all}").format(done=total - left, all=total))


def counted(cells: int, images: int) -> str:
    """Return how many cells of how many images are changed."""
    of_cells = plural("Sheet", "%n cells changed", "%n cell changed", cells)
    of_images = plural("Sheet", "%n images", "%n image", images)
    return translate("Sheet", "{cells} in {images}").format(cells=of_cells, images=of_images)


def _refused(reasons: list[str]) -> str:
    words = plural("Sheet", "%n cells were not saved: {reason}", "%n cell was not saved: {reason}", len(reasons))
    return words.format(reason=reasons[0])
