"""The list of all files of a folder that cannot be read, with the reasons."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from omero_desk.models.connection.file_notes import FileNotesModel
from omero_desk.models.translation import translate
from omero_desk.views.widgets.table_view import TableView
from omero_desk.views.widgets.words import Words

_WIDEST: Final = {0: 36 * "m", 1: 24 * "m"}
"""The room for names of files and datasets, as texts."""
_WIDTH, _HEIGHT = 900, 420


class FileNotesDialog(QDialog):
    """Follows a `FileNotesModel`; deleted when it is closed."""

    def __init__(self, notes: FileNotesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translate("Connection", "Files that cannot be read"))
        self.resize(_WIDTH, _HEIGHT)
        self._notes = notes
        self.summary = Words(wordWrap=True)
        self.table = TableView(notes, self.windowTitle(), _WIDEST, {QKeySequence.StandardKey.Copy: self._copy})
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(translate("Connection", "&Copy all"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.setAutoDefault(False)
        copy.clicked.connect(self._copy_all)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.summary)
        column.addWidget(self.table, 1)
        column.addWidget(buttons)
        notes.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.summary.setText(self._notes.summary or translate("Connection", "All files can be read."))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._notes.as_text(self.table.rows()))

    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self._notes.as_text(range(self._notes.rowCount())))
