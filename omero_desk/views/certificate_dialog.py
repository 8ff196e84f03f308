"""What a user is asked when a server shows another certificate than before."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from omero_desk.gateway.errors import CertificateChangedError
from omero_desk.views import icons

_ICON: Final = 40
_MARGIN: Final = 20
_WIDTH: Final = 480
_TITLE: Final = "The server shows another certificate than before"
_WHY: Final = (
    "By its certificate OMERO Desk knows that it talks to {server} and not to somebody in between. Servers get a new"
    " one now and then, when it runs out or when they are set up anew. If nobody told you of that, ask who runs the"
    " server, and compare the new fingerprint. Nothing was sent: neither your name nor your password."
)


class CertificateDialog(QDialog):
    """Accepted when the user trusts the new certificate; Cancel is what Return and Esc do. Show it with `open()`."""

    def __init__(self, error: CertificateChangedError, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Certificate changed")
        self._icon = QLabel()
        self._cancel = QPushButton("&Cancel", default=True)
        self._cancel.clicked.connect(self.reject)
        self._trust = QPushButton("&Trust the new certificate", autoDefault=False)
        self._trust.clicked.connect(self.accept)
        self._lay_out(error)
        self._cancel.setFocus()
        self._draw_icon()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icon()

    def _draw_icon(self) -> None:
        self._icon.setPixmap(icons.pixmap("warning", _ICON, self.devicePixelRatioF()))

    def _lay_out(self, error: CertificateChangedError) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(12)
        texts.addWidget(_title())
        texts.addWidget(_text(_WHY.format(server=error.server)))
        texts.addLayout(_fingerprints(error))
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(texts, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self._trust)
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(18)
        column.addLayout(top)
        column.addLayout(buttons)


def _fingerprints(error: CertificateChangedError) -> QFormLayout:
    form = QFormLayout()
    form.setHorizontalSpacing(12)
    form.setVerticalSpacing(8)
    for name, fingerprint in (("Until now", error.known), ("Now", error.presented)):
        form.addRow(f"{name}:", _fingerprint(name, fingerprint))
    return form


def _fingerprint(name: str, fingerprint: str) -> QLabel:
    """The bytes in two lines, which can be selected and copied."""
    parts = fingerprint.split(":")
    half = (len(parts) + 1) // 2
    label = QLabel("\n".join(filter(None, (" ".join(parts[:half]), " ".join(parts[half:])))))
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    label.setAccessibleName(f"SHA-256 fingerprint, {name.lower()}: {fingerprint}")
    return label


def _title() -> QLabel:
    title = QLabel(_TITLE)
    font = title.font()
    font.setPointSizeF(font.pointSizeF() * 1.25)
    font.setBold(True)
    title.setFont(font)
    return title


def _text(text: str) -> QLabel:
    label = QLabel(text, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
    label.setMinimumSize(_WIDTH, label.heightForWidth(_WIDTH))
    return label
