"""Names for the channels of one or many images: a field for each channel, and what will become of the names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from omero_desk.entities.annotations import ChannelNames
from omero_desk.entities.edits import LONGEST
from omero_desk.entities.objects import Ref
from omero_desk.entities.sentences import mark
from omero_desk.models.annotations.channel_names import Names, Renaming, common, renamings
from omero_desk.models.annotations.edits import problem_of
from omero_desk.models.annotations.lookup import Lookup
from omero_desk.models.labels import shortened
from omero_desk.models.quantities import number
from omero_desk.models.translation import plural, translate
from omero_desk.views.annotations.origins.lookup_body import LookupBody
from omero_desk.views.annotations.origins.search_table import SearchTable
from omero_desk.views.messages.question import Question
from omero_desk.views.theme.tokens import Space, Width
from omero_desk.views.widgets.words import Words

_MOST_FIELDS: Final = 64
"""Channels that have a field; more are named by programs."""
_FIELDS_HEIGHT: Final = 220
_HEIGHT: Final = 440
_NAMES_WIDTH: Final = 240


class ChannelsDialog(Question):
    """Asks for names. `chosen` carries the images, and a name for each channel; an empty one leaves it as it is."""

    chosen = Signal(object, object)

    def __init__(
        self,
        lookup: Lookup[tuple[Ref, ...], Sequence[ChannelNames]],
        refs: tuple[Ref, ...],
        about: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(translate("Annotations", "Name channels"), about, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.images: Sequence[ChannelNames] = ()
        self.fields: list[QLineEdit] = []
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(Space.MEDIUM)
        headers = (
            translate("Annotations", "Now"),
            translate("Annotations", "Then"),
            translate("Annotations", "Images"),
        )
        widths = {0: _NAMES_WIDTH, 1: _NAMES_WIDTH}
        self.preview = SearchTable(translate("Annotations", "What becomes of the names"), headers, widths, is_tall=True)
        self._problem = Words(wordWrap=True)
        self._problem.setProperty("role", "danger")
        self._problem.hide()
        content = self._lay_out()
        empty = mark("Annotations", "There are no images with channels here")
        self.body = LookupBody(lookup, content, self._fill, empty)
        self.add(self.body)
        self.add_cancel()
        self.save = self.add_verb(translate("Annotations", "&Name channels"))
        self.save.setEnabled(False)
        self.box.accepted.connect(self._finish)
        self.setMinimumSize(Width.DIALOG[1], _HEIGHT)
        self.finished.connect(lambda _result: self.body.forget())
        lookup.look_at(refs)
        self.body.open()

    @property
    def names(self) -> Names:
        """What was typed, in the order of the channels."""
        return tuple(field.text().strip() for field in self.fields)

    @property
    def changes(self) -> list[Renaming]:
        """What becomes of the images."""
        return renamings(self.images, self.names)

    def _fill(self, images: Sequence[ChannelNames]) -> bool:
        if images is not self.images:
            self.images = images
            self._make_fields()
            self._check()
        return bool(self.fields)

    def _make_fields(self) -> None:
        while self._form.rowCount():
            self._form.removeRow(0)
        self.fields = []
        for place, name in enumerate(common(self.images)[:_MOST_FIELDS], 1):
            field = QLineEdit()
            field.setMaxLength(LONGEST)
            term = translate("Annotations", "Channel {number}").format(number=place)
            field.setAccessibleName(term)
            if name is None:
                field.setPlaceholderText(translate("Annotations", "Several names, which stay"))
            else:
                field.setText(name)
                field.setPlaceholderText(translate("Annotations", "Stays as it is"))
            field.textChanged.connect(self._check)
            self._form.addRow(term, field)
            self.fields.append(field)
        if self.fields:
            self.fields[0].setFocus()
            self.fields[0].selectAll()

    def _check(self) -> None:
        changes = self.changes
        rows = [(_words(one.now), _words(one.then), number(one.images)) for one in changes]
        self.preview.show_rows(rows)
        several = len(self.images) > 1
        self.preview.setVisible(several)
        changed = sum(one.images for one in changes if one.then != one.now)
        problem = next(filter(None, (problem_of(name) for name in self.names if name)), "")
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        words = translate("Annotations", "&Name channels")
        if several:
            words = plural("Annotations", "&Apply to %n images", "&Apply to %n image", changed)
        self.save.setText(words)
        self.save.setEnabled(bool(changed) and not problem)

    def _finish(self) -> None:
        self.chosen.emit(self.images, self.names)
        self.accept()

    def _lay_out(self) -> QWidget:
        held = QWidget()
        held.setLayout(self._form)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName(translate("Annotations", "Channels"))
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(held)
        scroll.setMaximumHeight(_FIELDS_HEIGHT)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.MEDIUM)
        for part, stretch in ((scroll, 0), (self._problem, 0), (self.preview, 1)):
            column.addWidget(part, stretch)
        column.addStretch()
        return content

    @override
    def accept(self) -> None:
        """Close it, unless nothing would change."""
        if self.save.isEnabled():
            super().accept()


def _words(names: Names) -> str:
    unnamed = translate("Annotations", "no name")
    return ", ".join(shortened(name) or unnamed for name in names)
