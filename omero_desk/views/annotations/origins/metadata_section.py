"""What an image's file said of itself: a table to search, to copy from, and to save."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from omero_desk.entities.annotations import OriginalMetadata
from omero_desk.entities.sentences import mark
from omero_desk.models.annotations.lookup import Lookup
from omero_desk.models.annotations.origins.lookups import as_text, rows_of
from omero_desk.models.translation import translate
from omero_desk.views.annotations.origins.lookup_body import LookupBody
from omero_desk.views.annotations.origins.search_table import SearchTable
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets.state_card import flush_button

_KEY_WIDTH: Final = 130


class MetadataTable(QWidget):
    """Shows the metadata. `save_wanted` carries the place and the text of the file that the user wants."""

    save_wanted = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._metadata = OriginalMetadata()
        headers = translate("Annotations", "Key"), translate("Annotations", "Value")
        self.rows = SearchTable(translate("Annotations", "Original metadata"), headers, {0: _KEY_WIDTH})
        self.save_button = flush_button(translate("Annotations", "Save as text…"))
        self.save_button.clicked.connect(lambda _checked=False: self._save())
        self.copy_button = flush_button(translate("Annotations", "Copy"))
        self.copy_button.clicked.connect(lambda _checked=False: self.rows.copy())
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.MEDIUM)
        for button in (self.copy_button, self.save_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.TINY)
        column.addWidget(self.rows)
        column.addLayout(buttons)

    def show_metadata(self, metadata: OriginalMetadata) -> bool:
        """Show the metadata of an image; returns whether there is any."""
        if metadata != self._metadata:
            self._metadata = metadata
            self.rows.show_rows(rows_of(metadata))
        return bool(metadata.whole or metadata.series)

    def _save(self) -> None:
        metadata = self._metadata
        title, kinds = translate("Annotations", "Save the original metadata"), translate("Annotations", "Text (*.txt)")
        chosen, _ = QFileDialog.getSaveFileName(self.window(), title, "original_metadata.txt", kinds)
        if chosen:
            self.save_wanted.emit(Path(chosen), as_text(metadata))


def metadata_section(lookup: Lookup[int, OriginalMetadata], table: MetadataTable) -> LookupBody[OriginalMetadata]:
    """Return what the section holds, around `table`."""
    return LookupBody(lookup, table, table.show_metadata, mark("Annotations", "The file says nothing of itself"))
