"""The dialog to sign in to a server, or to open the demo library or a folder."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from omero_desk.entities.errors import CertificateChangedError
from omero_desk.entities.sentences import mark
from omero_desk.models.connection.connection import ConnectionModel
from omero_desk.models.connection.sign_in import SignInFailure
from omero_desk.models.messages import Message, Severity
from omero_desk.models.translation import say, translate
from omero_desk.views.connection.certificate_dialog import CertificateDialog
from omero_desk.views.connection.folder_widgets import FolderButton, FolderDrop
from omero_desk.views.connection.sign_in_panel import SignInPanel
from omero_desk.views.messages.message_bar import MessagePanel
from omero_desk.views.messages.question import make_default
from omero_desk.views.theme.tokens import Space
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.words import Words

_WIDTH: Final = 540
_LOGO: Final = 48
_SCALE: Final = 1000
_PURPOSE: Final = mark(
    "Connection",
    "Sign in to your institution's server, look around in the demo library, or open a folder of your own.",
)
_DEMO_TIP: Final = mark("Connection", "Start the server that comes with OMERO Desk, with real microscope images")


class ConnectDialog(QDialog):
    """Shows what a `ConnectionModel` does; show it with `open()`.

    It stays open, with all that was typed, until a sign-in works or the user closes it.
    """

    def __init__(self, connection: ConnectionModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(translate("Connection", "Connect to OMERO"))
        self.setMinimumWidth(_WIDTH)
        self._connection = connection
        self.fields = SignInPanel()
        self._failure = MessagePanel()
        self._failure.hide()
        self._make_progress()
        self._make_buttons()
        self._lay_out()
        self._follow_model()
        self._set_busy(connection.busy)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """Put the cursor into the first empty field."""
        super().showEvent(event)
        self.fields.focus_first_empty()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc cancels the sign-in under way; without one it closes the dialog."""
        if event.key() == Qt.Key.Key_Escape and self._connection.busy:
            self._connection.cancel()
        else:
            super().keyPressEvent(event)

    @override
    def reject(self) -> None:
        """Close, and cancel the sign-in under way."""
        self._connection.cancel()
        super().reject()

    def _make_progress(self) -> None:
        self._step = Words()
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName(translate("Connection", "Progress of the sign-in"))
        self._working = QWidget()
        column = QVBoxLayout(self._working)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._step)
        column.addWidget(self._bar)
        policy = self._working.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._working.setSizePolicy(policy)

    def _make_buttons(self) -> None:
        self._sign_in = QPushButton(translate("Connection", "&Sign in"))
        make_default(self._sign_in)
        self._sign_in.clicked.connect(self._submit)
        self._cancel = QPushButton(translate("Connection", "&Cancel"), autoDefault=False)
        self._cancel.clicked.connect(self._cancel_or_close)
        self._demo = QPushButton(translate("Connection", "&Open the demo library"), autoDefault=False)
        self._demo.setToolTip(say(_DEMO_TIP))
        self._demo.clicked.connect(self._open_demo)
        self._folder = FolderButton(self._connection)
        FolderDrop(self).dropped.connect(self._open_folder)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.HUGE, Space.HUGE, Space.HUGE, Space.LARGE)
        column.setSpacing(14)
        column.addLayout(self._header())
        column.addWidget(self._failure)
        column.addWidget(self.fields)
        column.addWidget(self._working)
        column.addStretch(1)
        column.addWidget(_rule())
        column.addLayout(self._button_row())
        QWidget.setTabOrder(self.fields, self._sign_in)
        QWidget.setTabOrder(self._sign_in, self._cancel)
        QWidget.setTabOrder(self._cancel, self._demo)
        QWidget.setTabOrder(self._demo, self._folder)
        self._dress()

    def _header(self) -> QHBoxLayout:
        self._logo = Words()
        title = Words(translate("Connection", "Sign in to which server?"))
        title.setProperty("role", "heading")
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(title)
        purpose = Words(say(_PURPOSE), wordWrap=True)
        purpose.setProperty("role", "quiet")
        texts.addWidget(purpose)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self._logo)
        row.addLayout(texts, 1)
        return row

    def _button_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._demo)
        row.addWidget(self._folder)
        row.addStretch(1)
        row.addWidget(self._cancel)
        row.addWidget(self._sign_in)
        return row

    def _dress(self) -> None:
        self._logo.setPixmap(icons.pixmap("app", _LOGO, self.devicePixelRatioF()))
        self._demo.setIcon(icons.icon("library"))
        self._folder.setIcon(icons.icon("folder"))

    def _follow_model(self) -> None:
        connection = self._connection
        connection.progressed.connect(self._show_progress)
        connection.failed.connect(self._show_failure)
        connection.certificate_changed.connect(self._ask_about_certificate)
        connection.cancelled.connect(self._show_cancelled)
        connection.signed_in.connect(self.accept)
        connection.password_found.connect(self.fields.fill_password)
        self.fields.chosen.connect(connection.look_up_password)
        self.fields.list_servers(connection.known)
        connection.keyring_answered.connect(self.fields.allow_remembering)
        connection.ask_for_keyring()

    def _submit(self) -> None:
        self._failure.hide()
        self._connection.sign_in(self.fields.typed())

    def _open_demo(self) -> None:
        self._failure.hide()
        self._connection.open_demo()

    def _open_folder(self, folder: str) -> None:
        self._failure.hide()
        self._connection.open_folder(folder)

    def _cancel_or_close(self) -> None:
        if self._connection.busy:
            self._connection.cancel()
        else:
            self.reject()

    def _show_progress(self, text: str, fraction: float) -> None:
        self._set_busy(True)
        self._step.setText(text)
        self._bar.setRange(0, 0 if fraction < 0 else _SCALE)
        if fraction >= 0:
            self._bar.setValue(round(fraction * _SCALE))

    def _show_failure(self, failure: SignInFailure) -> None:
        self._set_busy(False)
        self._failure.show_message(Message(failure.message, failure.detail, Severity.ERROR))
        self._failure.show()
        if failure.where is None:
            self._sign_in.setFocus()
        else:
            self.fields.focus(failure.where)

    def _ask_about_certificate(self, error: CertificateChangedError) -> None:
        """Go on only if the user says so; what was typed stays in any case."""
        self._show_cancelled()
        dialog = CertificateDialog(error, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._trust(error))
        dialog.open()

    def _trust(self, error: CertificateChangedError) -> None:
        self._connection.trust(error)
        self._submit()

    def _show_cancelled(self) -> None:
        self._set_busy(False)
        self._sign_in.setFocus()

    def _set_busy(self, busy: bool) -> None:
        if busy and self.fields.isEnabled():
            self._cancel.setFocus()
        for widget in (self.fields, self._sign_in, self._demo, self._folder):
            widget.setEnabled(not busy)
        self._working.setVisible(busy)


def _rule() -> QFrame:
    rule = QFrame()
    rule.setProperty("ground", "line")
    rule.setFixedHeight(1)
    return rule
