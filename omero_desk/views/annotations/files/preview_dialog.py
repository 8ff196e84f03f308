"""The beginning of an attached file, as plain text."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from omero_desk.entities.annotations import StoredFile
from omero_desk.entities.sentences import mark
from omero_desk.models.annotations.files.previews import MOST, as_text
from omero_desk.models.annotations.lookup import Lookup
from omero_desk.models.labels import shortened
from omero_desk.models.quantities import size
from omero_desk.models.translation import translate
from omero_desk.views.annotations.origins.lookup_body import LookupBody
from omero_desk.views.messages.question import Question
from omero_desk.views.theme.tokens import Width

_HEIGHT: Final = 480


class PreviewDialog(Question):
    """Shows a text file's beginning, which is read when this is opened; `download` is a button for all of it."""

    def __init__(self, lookup: Lookup[StoredFile, bytes], file: StoredFile, parent: QWidget | None = None) -> None:
        super().__init__(shortened(file.name), "", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._file = file
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(translate("Annotations", "Content of the file"))
        self.body = LookupBody(lookup, self.text, self._fill, mark("Annotations", "This file is no text, or empty"))
        self.add(self.body)
        self.download = self.add_alternative(translate("Annotations", "&Download…"))
        self.add_cancel(translate("Window", "&Close"), default=True)
        self.setMinimumSize(Width.DIALOG[1], _HEIGHT)
        self.finished.connect(lambda _result: self.body.forget())
        lookup.look_at(file)
        self.body.open()

    def _fill(self, beginning: bytes) -> bool:
        text = as_text(beginning)
        self.text.setPlainText(text or "")
        if len(beginning) >= MOST:
            words = translate("Annotations", "The first {size} of the file").format(size=size(MOST))
            self.words.setText(words)
            self.words.show()
        return bool(text)
