"""What is to be shown of a plate: which run and field, a number in colours, and how large."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QSpinBox, QToolButton, QVBoxLayout, QWidget

from omero_desk.models import labels
from omero_desk.models.plate import PlateModel
from omero_desk.views import icons
from omero_desk.views.plate_grid import LARGEST, SMALLEST
from omero_desk.views.tables_bar import TablesBar

_ALL_RUNS: Final = "All runs"
_IMAGES: Final = "Images"
_SHORTEST: Final = 7
_WIDEST: Final = 300


class PlateBar(QWidget):
    """Chooses for a `PlateModel`; `side` and `fit` are for the grid."""

    def __init__(self, plate: PlateModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plate = plate
        self.run = _combo("Run", "The run whose fields are shown")
        self.field = QSpinBox(prefix="Field ", minimum=1)
        self.field.setAccessibleName("Field")
        self.field.setToolTip("Which of a well's fields is shown")
        self.measure = _combo(
            "Show in the wells", "Images, or a number in colours: a count, a key's value, a table's column"
        )
        self.measure.setMaximumWidth(_WIDEST)
        self.tables = TablesBar(plate)
        self.side = QSlider(Qt.Orientation.Horizontal)
        self.side.setRange(SMALLEST, LARGEST)
        self.side.setMinimumWidth(50)
        self.side.setMaximumWidth(110)
        self.side.setAccessibleName("Size of wells")
        self.side.setToolTip("Size of wells (Ctrl and the wheel)")
        self.fit = QToolButton(autoRaise=True)
        self.fit.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.fit.setAccessibleName("Fit the plate")
        self.fit.setToolTip("Show the whole plate (Ctrl+0)")
        self._lay_out()
        self.run.activated.connect(lambda _: plate.show_run(self.run.currentData()))
        self.field.valueChanged.connect(lambda number: plate.show_field(number - 1))
        self.measure.activated.connect(lambda _: plate.set_measure(self.measure.currentData()))
        plate.changed.connect(self._show)
        self._show()

    def dress(self) -> None:
        """Draw the icon in the colours of the theme."""
        self.fit.setIcon(icons.icon("fit"))
        self.tables.dress()

    def _lay_out(self) -> None:
        lines, row = QVBoxLayout(self), QHBoxLayout()
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addLayout(row)
        lines.addWidget(self.tables)
        row.setSpacing(6)
        for widget in (self.run, self.field):
            row.addWidget(widget)
        row.addWidget(self.measure, 3)
        row.addStretch(1)
        row.addWidget(self.side, 1)
        row.addWidget(self.fit)

    def _show(self) -> None:
        content = self._plate.content
        runs = content.info.runs if content is not None else ()
        choices = [(labels.plain(run.name), run.id) for run in runs]
        _fill(self.run, [*choices, (_ALL_RUNS, 0)], content.run if content is not None else 0)
        self.run.setVisible(bool(runs))
        most = content.most_fields if content is not None else 0
        with QSignalBlocker(self.field):
            self.field.setMaximum(max(most, 1))
            self.field.setSuffix(f" of {most}" if most else "")
            self.field.setValue(content.field + 1 if content is not None else 1)
        self.field.setVisible(most > 1)
        names = [(labels.plain(one.name), one.name) for one in self._plate.measures]
        chosen = self._plate.measure
        if chosen and chosen not in (name for _, name in names):
            names.append((f"{labels.plain(chosen)} (none here)", chosen))
        _fill(self.measure, [(_IMAGES, ""), *names], chosen)


def _combo(name: str, tip: str) -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName(name)
    combo.setToolTip(tip)
    combo.setMinimumContentsLength(_SHORTEST)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.view().setTextElideMode(Qt.TextElideMode.ElideNone)
    return combo


def _fill(combo: QComboBox, choices: list[tuple[str, object]], chosen: object) -> None:
    """Offer other choices, where they are others: a list that is open stays as it is."""
    if [(combo.itemText(row), combo.itemData(row)) for row in range(combo.count())] != choices:
        combo.clear()
        for text, data in choices:
            combo.addItem(text, data)
    combo.setCurrentIndex(combo.findData(chosen))
