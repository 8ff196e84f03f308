"""The question whether to trust another certificate than a server showed before."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from omero_desk.entities.errors import CertificateChangedError, CertificateForgottenError
from omero_desk.entities.sentences import mark
from omero_desk.models.translation import say, translate
from omero_desk.views.messages.question import Question
from omero_desk.views.widgets.words import Words

_TITLE: Final = mark("Connection", "The server shows another certificate. Trust it?")
_WHY: Final = mark(
    "Connection",
    "By its certificate OMERO Desk knows that it talks to {server} and not to somebody in between. Servers get a new"
    " one now and then, when it runs out or when they are set up anew. If nobody told you of that, ask who runs the"
    " server, and compare the new fingerprint. Nothing was sent: neither your name nor your password.",
)
_FORGOTTEN_TITLE: Final = mark(
    "Connection", "OMERO Desk has lost which certificate the server showed before. Trust this one?"
)
_FORGOTTEN_WHY: Final = mark(
    "Connection",
    "By its certificate OMERO Desk knows that it talks to {server} and not to somebody in between. The list of"
    " certificates was damaged, and is kept as {file}. If you have signed in to this server before, compare the"
    " fingerprint with one that you know, or ask who runs the server. Nothing was sent: neither your name nor your"
    " password. Once you delete that file, you are not asked about further servers.",
)


class CertificateDialog(Question):
    """Accepted when the user trusts the new certificate; Cancel is what Return and Esc do. Show it with `open()`."""

    def __init__(self, error: CertificateChangedError, parent: QWidget | None = None) -> None:
        heading, why = _words(error)
        super().__init__(heading, why, parent)
        self.add(_fingerprints(error))
        self._trust = self.add_verb(translate("Connection", "&Trust the new certificate"), danger=True)
        self._trust.clicked.connect(self.accept)
        self.add_cancel(default=True).setFocus()


def _words(error: CertificateChangedError) -> tuple[str, str]:
    """Return the question's title, and its explanation."""
    if isinstance(error, CertificateForgottenError):
        return say(_FORGOTTEN_TITLE), say(_FORGOTTEN_WHY).format(server=error.server, file=error.kept)
    return say(_TITLE), say(_WHY).format(server=error.server)


def _fingerprints(error: CertificateChangedError) -> QFormLayout:
    form = QFormLayout()
    form.setHorizontalSpacing(12)
    form.setVerticalSpacing(8)
    for name, fingerprint in (
        (translate("Connection", "Until now"), error.known or translate("Connection", "not known")),
        (translate("Connection", "Now"), error.presented),
    ):
        form.addRow(f"{name}:", _fingerprint(name, fingerprint))
    return form


def _fingerprint(name: str, fingerprint: str) -> QLabel:
    """Return a label with the bytes in two lines, which can be selected and copied."""
    parts = fingerprint.split(":")
    half = (len(parts) + 1) // 2
    lines = " ".join(parts[:half]), " ".join(parts[half:])
    label = Words("\n".join(filter(None, lines)))
    label.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    spoken = translate("Connection", "SHA-256 fingerprint, {when}: {fingerprint}")
    label.setAccessibleName(spoken.format(when=name.lower(), fingerprint=fingerprint))
    return label
