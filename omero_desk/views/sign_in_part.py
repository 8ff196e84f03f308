"""Signing in from the main window."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from omero_desk.models.connection import ConnectionModel
from omero_desk.models.messages import Action, Message, MessagesModel, Severity
from omero_desk.models.sign_in import SignInFailure
from omero_desk.views.connect_dialog import ConnectDialog


class SignInPart(QObject):
    """Opens the dialog, at most one, and says why a sign-in without it has failed."""

    def __init__(self, connection: ConnectionModel, messages: MessagesModel, place: QWidget) -> None:
        super().__init__(place)
        self._connection, self._messages, self._place = connection, messages, place
        self._dialog: ConnectDialog | None = None
        connection.failed.connect(self._show_failure)

    def open(self, server: str = "", user: str = "", verify: bool = False) -> ConnectDialog:
        """Show the dialog, with what is known filled in."""
        if self._dialog is None:
            self._dialog = ConnectDialog(self._connection, self._place.window())
            self._dialog.finished.connect(self._forget_dialog)
        self._dialog.fields.prefill(server, user, verify)
        self._dialog.open()
        return self._dialog

    def open_again(self) -> None:
        """Ask for the password of who was signed in, where they were."""
        account, server = self._connection.account, self._connection.server
        known = account is not None and any(one.address == server for one in self._connection.known)
        self.open(*((server, account.user.user) if account and known else ()))

    def _show_failure(self, failure: SignInFailure) -> None:
        """The dialog says it itself."""
        if self._dialog is None:
            again = Action("&Connect…", self.open)
            self._messages.post(Message(failure.message, failure.detail, Severity.ERROR, (again,)))

    def _forget_dialog(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
