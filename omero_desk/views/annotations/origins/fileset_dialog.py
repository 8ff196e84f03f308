"""What an image was imported from: the files, where they were and are."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from omero_desk.entities.annotations import FilesetInfo
from omero_desk.entities.sentences import mark
from omero_desk.models.annotations.description import Fact
from omero_desk.models.annotations.lookup import Lookup
from omero_desk.models.annotations.origins.lookups import fileset_rows
from omero_desk.models.quantities import number, size
from omero_desk.models.translation import plural, translate
from omero_desk.views.annotations.facts_list import Facts
from omero_desk.views.annotations.origins.lookup_body import LookupBody
from omero_desk.views.annotations.origins.search_table import SearchTable
from omero_desk.views.messages.question import Question
from omero_desk.views.theme.tokens import Space, Width

_PATH: Final = 320
_HEIGHT: Final = 420


class FilesetDialog(Question):
    """Shows a fileset, which is read when this is opened."""

    def __init__(self, lookup: Lookup[int, FilesetInfo], fileset_id: int, parent: QWidget | None = None) -> None:
        super().__init__(translate("Annotations", "Files of this image"), "", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.facts = Facts()
        headers = translate("Annotations", "On the server"), translate("Annotations", "Imported from")
        self.files = SearchTable(translate("Annotations", "Files"), headers, {0: _PATH}, is_tall=True)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(self.facts)
        column.addWidget(self.files, 1)
        self.body = LookupBody(lookup, content, self._fill, mark("Annotations", "Nothing is known of its files"))
        self.add(self.body)
        self.copy_button = self.add_alternative(translate("Annotations", "&Copy paths"))
        self.copy_button.clicked.connect(lambda _checked=False: self.files.copy())
        self.add_cancel(translate("Window", "&Close"), default=True)
        self.setMinimumSize(Width.DIALOG[1], _HEIGHT)
        self.finished.connect(lambda _result: self.body.forget())
        lookup.look_at(fileset_id)
        self.body.open()

    def _fill(self, found: FilesetInfo) -> bool:
        way = (
            translate("Annotations", "In place: the server reads them where they were")
            if found.is_in_place
            else translate("Annotations", "Uploaded to the server")
        )
        rows = [
            Fact(translate("Annotations", "Fileset"), str(found.id)),
            Fact(translate("Annotations", "Images"), number(found.images)),
            Fact(translate("Annotations", "Files"), self._number(found)),
            Fact(translate("Annotations", "Import"), way),
        ]
        self.facts.show_rows(rows)
        self.files.show_rows(fileset_rows(found))
        return True

    @staticmethod
    def _number(found: FilesetInfo) -> str:
        files = plural("Annotations", "%n files", "%n file", found.files)
        words = files if found.size is None else f"{files}, {size(found.size)}"
        shown = len(found.server_paths)
        if found.files > shown:
            first = translate("Annotations", "the first {number} are shown")
            words = f"{words}, {first.format(number=number(shown))}"
        return words
