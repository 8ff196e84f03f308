"""The question what becomes of unsaved regions when the program is to end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox, QWidget

from omero_desk.models.regions import RegionsModel


class LeaveRois(QObject):
    """Asks once; `leave` closes the window after the answer."""

    def __init__(self, regions: RegionsModel, leave: Callable[[], object], window: QWidget) -> None:
        super().__init__(window)
        self._regions, self._leave, self._window = regions, leave, window
        self.question: QMessageBox | None = None
        self._discarded = False

    def may_close(self) -> bool:
        """Whether nothing would be lost with the window; if something would, the user is asked."""
        if self._discarded or not self._regions.unsaved:
            return True
        if self.question is None:
            self.question = self._ask()
            self.question.open()
        return False

    def _ask(self) -> QMessageBox:
        number = self._regions.unsaved
        text = "1 shape is not saved." if number == 1 else f"{number:,} shapes are not saved."
        buttons = QMessageBox.StandardButton
        question = QMessageBox(
            QMessageBox.Icon.Question, "Regions of interest", text, buttons.Discard | buttons.Cancel, self._window
        )
        question.addButton("&Save", QMessageBox.ButtonRole.AcceptRole)
        question.setInformativeText("Save them before you leave?")
        question.buttonClicked.connect(lambda button: self._answer(question.buttonRole(button)))
        question.finished.connect(self._forget)
        return question

    def _answer(self, role: QMessageBox.ButtonRole) -> None:
        if role == QMessageBox.ButtonRole.AcceptRole:
            for rois in (*self._regions.open_rois, *self._regions.kept):
                rois.state_changed.connect(self._leave_when_saved)
            self._regions.save_all()
        elif role == QMessageBox.ButtonRole.DestructiveRole:
            self._discarded = True
            self._leave()

    def _leave_when_saved(self) -> None:
        if not self._regions.unsaved:
            self._leave()

    def _forget(self) -> None:
        self.question = None
