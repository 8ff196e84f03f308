"""The files that are on the server already, one of which is to be attached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from omero_desk.entities.annotations import Annotation
from omero_desk.entities.objects import Account
from omero_desk.entities.sentences import mark
from omero_desk.models.annotations.lookup import Lookup
from omero_desk.models.annotations.values import value_in_words
from omero_desk.models.annotations.who import byline
from omero_desk.models.quantities import when
from omero_desk.models.translation import translate
from omero_desk.views.annotations.origins.lookup_body import LookupBody
from omero_desk.views.annotations.origins.search_table import SearchTable
from omero_desk.views.messages.question import Question
from omero_desk.views.theme.tokens import Width

_NAME: Final = 250
_SIZE: Final = 70
_OWNER: Final = 120
_HEIGHT: Final = 480


class FileChoiceDialog(Question):
    """Asks for one of the files of a group, which are read when this is opened; `chosen` carries its annotation."""

    chosen = Signal(object)

    def __init__(
        self,
        lookup: Lookup[int, Sequence[Annotation]],
        group_id: int,
        about: str,
        account: Callable[[], Account | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(translate("Annotations", "Attach a file that is there"), about, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._account = account
        self._found: Sequence[Annotation] = ()
        headers = (
            translate("Annotations", "File"),
            translate("Annotations", "Size"),
            translate("Annotations", "Added by"),
            translate("Annotations", "When"),
        )
        self.files = SearchTable(
            translate("Annotations", "Files"), headers, {0: _NAME, 1: _SIZE, 2: _OWNER}, is_tall=True
        )
        self.files.opened.connect(lambda _number: self._finish())
        self.files.view.selectionModel().selectionChanged.connect(lambda *_: self._check())
        self.files.table.modelReset.connect(self._check)
        empty = mark("Annotations", "No files are attached in this group")
        self.body = LookupBody(lookup, self.files, self._fill, empty)
        self.add(self.body)
        self.add_cancel()
        self.attach = self.add_verb(translate("Annotations", "&Attach"))
        self.box.accepted.connect(self._finish)
        self.setMinimumSize(Width.DIALOG[1], _HEIGHT)
        self.finished.connect(lambda _result: self.body.forget())
        lookup.look_at(group_id)
        self._check()
        self.body.open()

    def _fill(self, found: Sequence[Annotation]) -> bool:
        if found is not self._found:
            self._found, account = found, self._account()
            self.files.show_rows(
                [
                    (
                        *value_in_words(one),
                        byline(one, account),
                        when(one.created) if one.created is not None else "",
                        one.description,
                    )
                    for one in found
                ]
            )
            self.files.filter.setFocus()
        return bool(found)

    def _check(self) -> None:
        self.attach.setEnabled(self.files.chosen is not None)

    def _finish(self) -> None:
        number = self.files.chosen
        if number is not None:
            self.chosen.emit(self._found[number])
            self.accept()
