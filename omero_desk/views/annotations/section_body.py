"""What a section of annotations holds, in each state: not read yet, loading, too many objects, a problem, contents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from omero_desk.entities.annotations import Annotation, Section
from omero_desk.entities.objects import Entity
from omero_desk.entities.sentences import Text
from omero_desk.models.annotations.inspector import MOST, InspectorModel
from omero_desk.models.annotations.pending import PendingEdit
from omero_desk.models.quantities import number
from omero_desk.models.translation import say, translate
from omero_desk.views.theme.tokens import Icon, Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.icon_label import IconLabel
from omero_desk.views.widgets.loading import LoadingLine
from omero_desk.views.widgets.state_card import link_button
from omero_desk.views.widgets.words import Words

SECOND: Final = 28
"""Pixels of the least height of a section that is open: it does not jump while it loads."""


class SectionBody(QWidget):
    """Shows a section of the inspector's model; what comes from it is shown by `fill`, into `column`.

    What was shown stays until the new is there. `empty` is what it says where there is nothing.
    """

    empty: Text

    def __init__(self, section: Section, model: InspectorModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.section, self.model = section, model
        self.objects: Sequence[Entity] = ()
        """The objects of what is shown: older ones until what is on the present ones has been read."""
        self.column = QVBoxLayout()
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(Space.TINY)
        self._loading = LoadingLine()
        self._problem = ProblemLine()
        self._problem.again.clicked.connect(lambda _checked: model.again(section))
        self._words = Words(wordWrap=True)
        self._words.setProperty("role", "faint")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(Space.TINY)
        for part in (self._loading, self._problem, self._words):
            part.hide()
            outer.addWidget(part)
        outer.addLayout(self.column)
        self.setMinimumHeight(SECOND)
        model.section_changed.connect(lambda changed: self.show_now() if changed is section else None)

    def fill(self, annotations: Sequence[Annotation], edits: Sequence[PendingEdit]) -> bool:
        """Show annotations after what edits will make of them; returns whether there is anything."""
        raise NotImplementedError

    def show_now(self) -> None:
        """Show what the model knows now."""
        contents, edits = self.model.contents(self.section), self.model.pending(self.section)
        loading = self._loading.loading
        (loading.begin if contents.is_loading and contents.annotations is None else loading.end)()
        self._problem.tell(contents.problem.text if contents.problem is not None else "")
        is_something = True
        if contents.annotations is not None or edits or not contents.is_loading:
            self.objects = self.model.entities
            is_something = self.fill(contents.annotations or (), edits)
        self._say(is_something or contents.annotations is None)

    def _say(self, is_something: bool) -> None:
        text = "" if is_something else say(self.empty)
        if self.model.is_too_many:
            text = translate("Annotations", "Select at most {most} objects to see what is on them.")
            text = text.format(most=number(MOST))
        self._words.setText(text)
        self._words.setVisible(bool(text))


class ProblemLine(QWidget):
    """A sentence on what went wrong here, with a link to try again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = Words(wordWrap=True)
        self.words.setProperty("role", "danger")
        self.again = link_button(translate("Window", "Try again"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(IconLabel(Icon.ROW, icons.icon("error")), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)
        row.addWidget(self.again, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def tell(self, sentence: str) -> None:
        """Show a sentence, nothing for none."""
        self.words.setText(sentence)
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))
