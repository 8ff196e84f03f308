"""The fields to sign in with."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QWidget

from omero_desk.entities.known_server import KnownServer
from omero_desk.entities.sentences import mark
from omero_desk.models.connection.sign_in import SignInField, SignInForm
from omero_desk.models.translation import say, translate
from omero_desk.views.widgets import icons

_EXAMPLE: Final = mark("Connection", "omero.example.org, or wss://omero.example.org/omero-ws")
_VERIFY_TIP: Final = mark(
    "Connection",
    "Most OMERO servers sign their own certificate: then leave this off. The certificate that a server showed first is"
    " remembered either way.",
)
_NAMES: Final = {
    SignInField.SERVER: mark("Connection", "Server"),
    SignInField.USER: mark("Connection", "User"),
    SignInField.PASSWORD: mark("Connection", "Password"),
    SignInField.GROUP: mark("Connection", "Group"),
}


class SignInPanel(QWidget):
    """Server, user, password and group. `chosen(server, user)` tells which known server was chosen."""

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._server = QComboBox(editable=True)
        self._server.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._server.activated.connect(self._choose)
        self._address = QLineEdit(placeholderText=say(_EXAMPLE))
        self._server.setLineEdit(self._address)
        self._user = QLineEdit(placeholderText=translate("Connection", "User name, or the ID of a session"))
        self._password = QLineEdit()
        self._reveal = QAction(self, checkable=True)
        self._reveal.toggled.connect(self._dress)
        self._password.addAction(self._reveal, QLineEdit.ActionPosition.TrailingPosition)
        self._group = QLineEdit(placeholderText=translate("Connection", "Your default group"))
        self._remember = QCheckBox(translate("Connection", "&Remember the password in the system's keyring"))
        self._verify = QCheckBox(
            translate("Connection", "Chec&k the server's certificate with the system's authorities")
        )
        self._verify.setToolTip(say(_VERIFY_TIP))
        self.allow_remembering(translate("Connection", "The system's keyring has not answered yet."))
        self._editors = self._named_editors()
        self._lay_out()
        self._dress()

    def typed(self) -> SignInForm:
        """Return the contents of the fields."""
        remember = self._remember.isEnabled() and self._remember.isChecked()
        server, user, password, group = (editor.text() for editor in self._editors.values())
        return SignInForm(server, user, password, group, remember, self._verify.isChecked())

    def list_servers(self, servers: tuple[KnownServer, ...]) -> None:
        """Offer `servers`, and take the first if nothing was typed yet."""
        typed = self._address.text()
        self._server.clear()
        for server in servers:
            self._server.addItem(icons.icon("connect"), _label(server), server)
        if typed or not servers:
            self._server.setCurrentIndex(-1)
            self._address.setText(typed)
        else:
            self._choose(0)

    def prefill(self, server: str, user: str, verify: bool = False) -> None:
        """Put in a server and a user, where they are not empty, in place of what was remembered; `verify` only adds."""
        if server and server != self._address.text():
            self._address.setText(server)
            self._user.clear()
            self._group.clear()
        if user:
            self._user.setText(user)
        if verify:
            self._verify.setChecked(True)

    def fill_password(self, server: str, user: str, password: str) -> None:
        """Put in a remembered password, unless the fields have moved on."""
        if (self._address.text(), self._user.text()) == (server, user) and not self._password.text():
            self._password.setText(password)
            self._remember.setChecked(True)

    def allow_remembering(self, problem: str) -> None:
        """Enable the box for the keyring, or say why that cannot be."""
        self._remember.setEnabled(not problem)
        kept = translate("Connection", "The system keeps the password; it is never in a file of OMERO Desk.")
        self._remember.setToolTip(problem or kept)

    def focus(self, where: SignInField) -> None:
        """Put the cursor into a field, its text selected."""
        self._editors[where].setFocus(Qt.FocusReason.OtherFocusReason)
        self._editors[where].selectAll()

    def focus_first_empty(self) -> None:
        """Put the cursor where something is missing."""
        needed = (SignInField.SERVER, SignInField.USER, SignInField.PASSWORD)
        self.focus(next((field for field in needed if not self._editors[field].text()), SignInField.PASSWORD))

    def _named_editors(self) -> dict[SignInField, QLineEdit]:
        self._server.setAccessibleName(say(_NAMES[SignInField.SERVER]))
        editors = {
            SignInField.SERVER: self._address,
            SignInField.USER: self._user,
            SignInField.PASSWORD: self._password,
            SignInField.GROUP: self._group,
        }
        for field, editor in editors.items():
            editor.setAccessibleName(say(_NAMES[field]))
        return editors

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(9)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(translate("Connection", "S&erver:"), self._server)
        form.addRow(translate("Connection", "&User:"), self._user)
        form.addRow(translate("Connection", "&Password:"), self._password)
        form.addRow(translate("Connection", "&Group:"), self._group)
        form.addRow("", self._remember)
        form.addRow("", self._verify)

    def _choose(self, row: int) -> None:
        server = self._server.itemData(row)
        self._address.setText(server.address)
        self._user.setText(server.user)
        self._group.setText(server.group)
        self._password.clear()
        self._verify.setChecked(server.verify)
        self.chosen.emit(server.address, server.user)
        self.focus_first_empty()

    def _dress(self) -> None:
        shown = self._reveal.isChecked()
        self._password.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        hide, show = translate("Connection", "Hide the password"), translate("Connection", "Show the password")
        self._reveal.setText(hide if shown else show)
        self._reveal.setToolTip(self._reveal.text())
        self._reveal.setIcon(icons.icon("hide" if shown else "show"))


def _label(server: KnownServer) -> str:
    in_group = translate("Connection", "{user} in {group}")
    user = in_group.format(user=server.user, group=server.group) if server.group else server.user
    return f"{server.address}  –  {user}"  # noqa: RUF001 - a dash between two words, as in print
