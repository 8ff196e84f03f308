"""The menu that exports shapes to a file, and asks for its place."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from omero_desk.entities.sentences import mark
from omero_desk.models.rois.jobs import RoiExport, RoiJobs
from omero_desk.models.rois.rows import RoiRowsModel
from omero_desk.models.translation import plural, say, translate

_FILES: Final = {
    RoiExport.TABLE: mark("ROIs", "rois"),
    RoiExport.INTENSITIES: mark("ROIs", "intensities"),
    RoiExport.TIME: mark("ROIs", "intensities over time"),
}
_EXPORTS: Final = (
    (RoiExport.TABLE, mark("ROIs", "&Table…"), mark("ROIs", "Geometry, area and length of each shape")),
    (
        RoiExport.INTENSITIES,
        mark("ROIs", "Table with &intensities…"),
        mark("ROIs", "Also the intensities inside each shape, in each active channel"),
    ),
    (
        RoiExport.TIME,
        mark("ROIs", "Table with intensities over &time…"),
        mark("ROIs", "Also the intensities inside each shape at every time point, in each active channel"),
    ),
)


class RoiExportMenu(QMenu):
    """Exports the rows of the table, or the selected ones if there are several; and cancels that."""

    def __init__(self, rows: RoiRowsModel, jobs: RoiJobs, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows, self._jobs = rows, jobs
        self.setToolTipsVisible(True)
        for what, text, tip in _EXPORTS:
            action = self.addAction(say(text))
            action.setToolTip(say(tip))
            action.triggered.connect(lambda _checked=False, what=what: self.ask_for_file(what))
        self.addSeparator()
        stop = self.addAction(translate("ROIs", "&Cancel export"))
        stop.triggered.connect(jobs.stop)
        self.aboutToShow.connect(lambda: stop.setEnabled(jobs.is_exporting))

    def ask_for_file(self, what: RoiExport) -> QFileDialog:
        """Ask for the place of the file, and export when it is given."""
        selection = self._rows.rois.selection
        chosen = selection if len(selection) > 1 else None
        number = self._rows.rowCount() if chosen is None else len(chosen)
        title = plural("ROIs", "Export %n shapes", "Export %n shape", number)
        types = translate("ROIs", "Comma-separated values (*.csv)")
        dialog = QFileDialog(self.parentWidget(), title, f"{say(_FILES[what])}.csv", types)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(lambda path: self._jobs.export(Path(path), what, chosen))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog


def number_of_shapes(number: int) -> str:
    """Return a number of shapes in words."""
    return plural("ROIs", "%n shapes", "%n shape", number) if number else translate("ROIs", "no shapes")
