"""What the status bar says of files that are being written."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from omero_desk.models.exports import ExportsModel

_BAR_WIDTH: Final = 120


class ExportPart(QWidget):
    """Shows the oldest export that is under way, and cancels it."""

    def __init__(self, exports: ExportsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._exports = exports
        self.label = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setFixedWidth(_BAR_WIDTH)
        self.bar.setAccessibleName("Planes written")
        self.cancel = QPushButton("Cancel")
        self.cancel.setAccessibleName("Cancel the export")
        self.cancel.setToolTip("Stop writing; nothing of the file stays")
        self.cancel.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.cancel.clicked.connect(self._cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        for widget in (self.label, self.bar, self.cancel):
            row.addWidget(widget)
        exports.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        under_way = list(self._exports.under_way.values())
        self.setVisible(bool(under_way))
        if under_way:
            first = under_way[0]
            more = f", and {len(under_way) - 1:,} more" if len(under_way) > 1 else ""
            self.label.setText(f"Saving {first.path.name}{more}")
            self.bar.setToolTip(f"{first.done:,} of {first.total:,} planes" if first.total else "Reading pixels")
            self.bar.setRange(0, first.total)
            self.bar.setValue(first.done)

    def _cancel(self) -> None:
        if self._exports.under_way:
            self._exports.cancel(next(iter(self._exports.under_way)))
