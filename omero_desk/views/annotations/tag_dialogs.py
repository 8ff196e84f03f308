"""The dialogs about a tag as such, wherever it is: its name and description, and its end."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QPlainTextEdit, QWidget
from typing_extensions import override

from omero_desk.entities.edits import LONGEST
from omero_desk.models.annotations.edits import problem_of
from omero_desk.models.labels import shortened
from omero_desk.models.translation import translate
from omero_desk.views.messages.question import Question

_HEIGHT = 80


class EditTagDialog(Question):
    """Asks for the name and the description of a tag; `changed` carries both."""

    changed = Signal(str, str)

    def __init__(self, name: str, description: str, parent: QWidget | None = None) -> None:
        words = translate("Annotations", "It changes everywhere, and for everybody who uses it.")
        super().__init__(translate("Annotations", "Edit tag"), words, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.name = QLineEdit()
        self.name.setMaxLength(LONGEST)
        self.name.setText(name)
        self.name.setAccessibleName(translate("Annotations", "Name"))
        self.description = QPlainTextEdit(description)
        self.description.setAccessibleName(translate("Annotations", "Description"))
        self.description.setTabChangesFocus(True)
        self.description.setFixedHeight(_HEIGHT)
        form = QFormLayout()
        form.addRow(translate("Annotations", "Name"), self.name)
        form.addRow(translate("Annotations", "Description"), self.description)
        self.add(form)
        self.save = self.add_verb(translate("Annotations", "&Save"))
        self.add_cancel()
        self.box.accepted.connect(self.accept)
        self.name.textChanged.connect(self._check)
        self._check()

    @override
    def accept(self) -> None:
        """Hand over what was typed."""
        self.changed.emit(self.name.text().strip(), self.description.toPlainText().strip())
        super().accept()

    def _check(self) -> None:
        self.save.setEnabled(not problem_of(self.name.text().strip()))


class DeleteTagQuestion(Question):
    """Asks whether a tag is to be deleted everywhere; `confirmed` says yes."""

    confirmed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        heading = translate("Annotations", "Delete the tag “{name}” everywhere?").format(name=shortened(name))
        words = translate("Annotations", "It goes from all objects, whoever put it there. This cannot be taken back.")
        super().__init__(heading, words, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.delete = self.add_verb(translate("Annotations", "&Delete tag"), danger=True)
        self.add_cancel(default=True)
        self.box.accepted.connect(self.accept)
        self.accepted.connect(self.confirmed)
