"""The dialog for a new tag, with a description and in a set of tags."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QPlainTextEdit, QWidget
from typing_extensions import override

from omero_desk.entities.annotations import TagChoice, TagSet
from omero_desk.entities.edits import LONGEST
from omero_desk.models.annotations.edits import problem_of
from omero_desk.models.annotations.lookup import Lookup
from omero_desk.models.labels import shortened
from omero_desk.models.translation import translate
from omero_desk.views.messages.question import Question
from omero_desk.views.widgets.words import Words

_HEIGHT: Final = 80


class NewTagDialog(Question):
    """Asks for the name, the description and the set of a new tag; `written` carries them, the set's id or None.

    `group_id` is the group whose sets are offered, None where there is no one group. A tag of that name that is there
    already is added as it is, and the dialog says so.
    """

    written = Signal(str, str, object)

    def __init__(
        self,
        name: str,
        about: str,
        group_id: int | None,
        sets: Lookup[int, Sequence[TagSet]],
        choices: Callable[[], Sequence[TagChoice]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(translate("Annotations", "New tag"), about, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._sets, self._choices, self._group = sets, choices, group_id
        self.name = QLineEdit()
        self.name.setMaxLength(LONGEST)
        self.name.setText(name)
        self.description = QPlainTextEdit()
        self.description.setTabChangesFocus(True)
        self.description.setFixedHeight(_HEIGHT)
        self.set = QComboBox()
        self.set.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        form = QFormLayout()
        for words, field in (
            (translate("Annotations", "Name"), self.name),
            (translate("Annotations", "Description"), self.description),
            (translate("Annotations", "Set"), self.set),
        ):
            field.setAccessibleName(words)
            form.addRow(words, field)
        self.hint = Words(wordWrap=True)
        self.hint.setProperty("role", "small")
        self.add(form, self.hint)
        self.save = self.add_verb(translate("Annotations", "&Add tag"))
        self.add_cancel()
        self.box.accepted.connect(self.accept)
        self.name.textChanged.connect(self._check)
        sets.changed.connect(self._offer)
        sets.look_at(None)
        sets.look_at(group_id)
        sets.want()
        self._offer()
        self._check()

    @override
    def accept(self) -> None:
        """Hand over what was typed."""
        self.written.emit(self.name.text().strip(), self.description.toPlainText().strip(), self.set.currentData())
        super().accept()

    def _offer(self) -> None:
        """Offer the sets that the user may put tags into, as soon as they are known."""
        if self._sets.key != self._group:
            return
        chosen = self.set.currentData()
        self.set.clear()
        self.set.addItem(translate("Annotations", "None"), None)
        for one in self._sets.value or ():
            if one.can_add:
                self.set.addItem(shortened(one.text), one.id)
        self.set.setCurrentIndex(max(0, self.set.findData(chosen)))
        self._check()

    def _check(self) -> None:
        name = self.name.text().strip()
        self.save.setEnabled(not problem_of(name))
        is_there = any(choice.text == name for choice in self._choices())
        for field in (self.description, self.set):
            field.setEnabled(not is_there)
        why = self._sets.problem.text if self._sets.problem is not None else ""
        self.hint.setText(
            translate("Annotations", "There is such a tag already: it is added as it is.") if is_there else why
        )
        self.hint.setVisible(bool(self.hint.text()))
