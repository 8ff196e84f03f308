"""The menu in which the user chooses whose annotations are shown."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from omero_desk.models.annotations.inspector import InspectorModel
from omero_desk.models.annotations.whose import Whose
from omero_desk.models.translation import say, translate


class WhoseMenu(QMenu):
    """Offers all annotations, one's own, and those of others."""

    def __init__(self, model: InspectorModel, parent: QWidget | None = None) -> None:
        super().__init__(translate("Annotations", "Whose annotations are shown"), parent)
        self._model = model
        group = QActionGroup(self)
        self.choices = {whose: self.addAction(say(whose.value), partial(model.show, whose)) for whose in Whose}
        for action in self.choices.values():
            action.setCheckable(True)
            group.addAction(action)
        model.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.choices[self._model.whose].setChecked(True)
