"""What stands above a list of images: filter, order, size, and whether it is a table."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QSlider, QToolButton, QWidget

from omero_desk.models.contents_column import COLUMNS, ContentsColumn
from omero_desk.views import icons
from omero_desk.views.filter_edit import FilterEdit
from omero_desk.views.thumbnail_grid import LARGEST, SMALLEST

_WORDS = {
    ContentsColumn.ID: "By ID",
    ContentsColumn.PLANES: "By z-planes",
    ContentsColumn.CHANNELS: "By channels",
    ContentsColumn.TIMES: "By time points",
    ContentsColumn.DATE: "By date acquired",
}


class ContentsBar(QWidget):
    """`sorted` tells a column and whether it descends, `table_wanted` whether a table is, `side_chosen` a size."""

    sorted = Signal(object, bool)
    table_wanted = Signal(bool)
    side_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filter_edit = FilterEdit("Filter by name")
        self.filter_edit.setMinimumWidth(80)
        self.sorting = QComboBox()
        for column in COLUMNS:
            self.sorting.addItem(_WORDS.get(column, f"By {column.value.lower()}"), column)
        self.sorting.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.sorting.setMinimumWidth(70)
        self.sorting.setMaximumWidth(self.sorting.sizeHint().width())
        _name(self.sorting, "Sort by")
        self.descending = self._toggle("descending", "Largest, latest or last first")
        self.as_table = self._toggle("columns", "A table instead of thumbnails")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(SMALLEST, LARGEST)
        self.slider.setPageStep(32)
        self.slider.setMinimumWidth(50)
        self.slider.setMaximumWidth(110)
        _name(self.slider, "Size of thumbnails")
        self.slider.setToolTip("Size of thumbnails (Ctrl and the wheel, Ctrl++ and Ctrl+-)")
        self._lay_out()
        self.sorting.currentIndexChanged.connect(self._tell_sorting)
        self.descending.toggled.connect(self._tell_sorting)
        self.as_table.toggled.connect(self.table_wanted)
        self.slider.valueChanged.connect(self.side_chosen)

    def show_sorting(self, column: ContentsColumn, descending: bool) -> None:
        """Show how the images are sorted."""
        with QSignalBlocker(self):
            self.sorting.setCurrentIndex(COLUMNS.index(column))
            self.descending.setChecked(descending)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icons()

    def _toggle(self, name: str, tip: str) -> QToolButton:
        button = QToolButton(autoRaise=True)
        button.setObjectName(name)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        _name(button, tip)
        return button

    def _draw_icons(self) -> None:
        for button in (self.descending, self.as_table):
            button.setIcon(icons.icon(button.objectName()))

    def _lay_out(self) -> None:
        self._draw_icons()
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 6, 6, 4)
        row.setSpacing(6)
        row.addWidget(self.filter_edit, 3)
        row.addWidget(self.sorting, 2)
        row.addWidget(self.descending)
        row.addWidget(self.slider, 1)
        row.addWidget(self.as_table)

    def _tell_sorting(self) -> None:
        self.sorted.emit(self.sorting.currentData(), self.descending.isChecked())


def _name(widget: QWidget, text: str) -> None:
    widget.setAccessibleName(text)
    widget.setToolTip(text)
