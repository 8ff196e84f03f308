"""The bar above a plate: choices of the run, the field, the colours and the size of wells."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QToolButton, QWidget

from omero_desk.models import labels
from omero_desk.models.plates.plate import PlateModel
from omero_desk.models.translation import translate
from omero_desk.views.gallery.contents_bar import size_slider
from omero_desk.views.plates.plate_grid import LARGEST, SMALLEST
from omero_desk.views.plates.tables_bar import TablesBar
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.words import Words

_SHORTEST: Final = 7
_WIDEST: Final = 260


class PlateBar(QWidget):
    """Changes a `PlateModel`; `side` and `fit` are connected to the grid, and `tables` stands below it."""

    def __init__(self, plate: PlateModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plate = plate
        self.run = _combo(translate("Plates", "Run"))
        self.run.setToolTip(translate("Plates", "Run whose fields are shown"))
        self.field = QSpinBox(minimum=1)
        self.field.setPrefix(translate("Plates", "Field "))
        self.field.setAccessibleName(translate("Plates", "Field"))
        self.field.setToolTip(translate("Plates", "Field that is shown of each well"))
        self.measure = _combo(translate("Plates", "Show in the wells"))
        self.measure.setToolTip(
            translate("Plates", "Show images, or colour the wells by a count, a key's value or a table's column")
        )
        self.measure.setMaximumWidth(_WIDEST)
        self.tables = TablesBar(plate)
        self._show_words = Words(translate("Plates", "Show"))
        self.side = size_slider(
            SMALLEST,
            LARGEST,
            translate("Plates", "Size of wells"),
            translate("Plates", "Size of wells (Ctrl and the mouse wheel)"),
        )
        self.fit = QToolButton(autoRaise=True)
        self.fit.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.fit.setAccessibleName(translate("Plates", "Fit the plate"))
        self.fit.setToolTip(translate("Plates", "Show the whole plate (Ctrl+0)"))
        self._lay_out()
        self.run.activated.connect(lambda _: plate.show_run(self.run.currentData()))
        self.field.valueChanged.connect(lambda number: plate.show_field(number - 1))
        self.measure.activated.connect(lambda _: plate.set_measure(self.measure.currentData()))
        plate.changed.connect(self._show)
        self._show()

    def choose_measure(self) -> None:
        """Offer the numbers that wells can be coloured by."""
        self.measure.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.measure.showPopup()

    def dress(self) -> None:
        """Draw the icon in the colours of the theme."""
        self.fit.setIcon(icons.icon("fit"))
        self.tables.dress()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        self._show_words.setProperty("role", "faint")
        for widget in (self.run, self.field, self._show_words):
            row.addWidget(widget)
        row.addWidget(self.measure, 3)
        row.addStretch(1)
        row.addWidget(self.fit)
        row.addWidget(self.side, 1)

    def _show(self) -> None:
        content = self._plate.content
        runs = content.info.runs if content is not None else ()
        choices = [
            (labels.plain(run.name) or translate("Plates", "Run {id}").format(id=run.id), run.id) for run in runs
        ]
        all_runs = (translate("Plates", "All runs"), 0)
        _fill(self.run, [*choices, all_runs], content.run if content is not None else 0)
        self.run.setVisible(bool(runs))
        most = content.most_fields if content is not None else 0
        with QSignalBlocker(self.field):
            self.field.setMaximum(max(most, 1))
            self.field.setSuffix(translate("Plates", " of {count}").format(count=most) if most else "")
            self.field.setValue(content.field + 1 if content is not None else 1)
        self.field.setVisible(most > 1)
        names = [(labels.plain(one.name), one.name) for one in self._plate.measures]
        chosen = self._plate.measure
        if chosen and chosen not in (name for _, name in names):
            missing = translate("Plates", "{measure} (none here)").format(measure=labels.plain(chosen))
            names.append((missing, chosen))
        _fill(self.measure, [(translate("Plates", "Images"), ""), *names], chosen)


def _combo(name: str) -> QComboBox:
    combo = QComboBox()
    combo.setProperty("flat", "true")
    combo.setAccessibleName(name)
    combo.setMinimumContentsLength(_SHORTEST)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.view().setTextElideMode(Qt.TextElideMode.ElideNone)
    return combo


def _fill(combo: QComboBox, choices: list[tuple[str, object]], chosen: object) -> None:
    """Offer other choices; if they are the same as before, an open list stays as it is."""
    if [(combo.itemText(row), combo.itemData(row)) for row in range(combo.count())] != choices:
        combo.clear()
        for text, data in choices:
            combo.addItem(text, data)
    combo.setCurrentIndex(combo.findData(chosen))
