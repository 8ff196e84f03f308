"""Signing in from the main window."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from omero_desk.models.connection.connection import ConnectionModel
from omero_desk.models.connection.sign_in import SignInFailure
from omero_desk.models.messages import Action, Message, MessagesModel, Posted, Severity
from omero_desk.models.translation import translate
from omero_desk.views.connection.connect_dialog import ConnectDialog


class SignInController(QObject):
    """Opens the dialog, at most one, and says why a sign-in without it has failed."""

    def __init__(self, connection: ConnectionModel, messages: MessagesModel, place: QWidget) -> None:
        super().__init__(place)
        self._connection, self._messages, self._place = connection, messages, place
        self._dialog: ConnectDialog | None = None
        self._told: Posted | None = None
        connection.failed.connect(self._show_failure)
        connection.progressed.connect(self._retract)
        connection.signed_in.connect(self._retract)

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
        """Show a message, unless the dialog is open, which shows the failure itself."""
        if self._dialog is None:
            again = Action(translate("Connection", "&Connect…"), self.open)
            self._told = self._messages.post(Message(failure.message, failure.detail, Severity.ERROR, (again,)))

    def _retract(self) -> None:
        """Take back why it failed: another sign-in is under way, or has worked."""
        if self._told is not None:
            self._told.retract()
            self._told = None

    def _forget_dialog(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
