"""Regions as files: which, and where they go."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from omero_desk.models.roi_jobs import Export, RoiJobs
from omero_desk.models.roi_rows import RoiRowsModel

_FILES: Final = {Export.TABLE: "rois", Export.INTENSITIES: "intensities", Export.TIME: "intensities over time"}
_EXPORTS: Final = (
    (Export.TABLE, "&Table…", "Where each shape is, with area and length"),
    (Export.INTENSITIES, "With &intensities…", "And what is within, in each active channel"),
    (Export.TIME, "With intensities over &time…", "And what is within at every time point, in each active channel"),
)


class RoiExportMenu(QMenu):
    """Exports the rows of the table, or those that are selected where there are several; and stops."""

    def __init__(self, rows: RoiRowsModel, jobs: RoiJobs, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows, self._jobs = rows, jobs
        self.setToolTipsVisible(True)
        for what, text, tip in _EXPORTS:
            action = self.addAction(text)
            action.setToolTip(tip)
            action.triggered.connect(lambda _checked=False, what=what: self.ask_for_file(what))
        self.addSeparator()
        stop = self.addAction("&Stop")
        stop.triggered.connect(jobs.stop)
        self.aboutToShow.connect(lambda: stop.setEnabled(jobs.is_exporting))

    def ask_for_file(self, what: Export) -> QFileDialog:
        """Let the user say where the table goes."""
        selection = self._rows.rois.selection
        chosen = selection if len(selection) > 1 else None
        title = f"Export {number_of_shapes(self._rows.rowCount() if chosen is None else len(chosen))}"
        dialog = QFileDialog(self.parentWidget(), title, f"{_FILES[what]}.csv", "Comma-separated values (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(lambda path: self._jobs.export(Path(path), what, chosen))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog


def number_of_shapes(number: int) -> str:
    """In words."""
    return "no shapes" if not number else "1 shape" if number == 1 else f"{number:,} shapes"
