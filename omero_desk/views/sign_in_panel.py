"""The fields to sign in with."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QWidget

from omero_desk.models.known_server import KnownServer
from omero_desk.models.sign_in import Field, SignInForm
from omero_desk.views import icons

_EXAMPLE: Final = "omero.example.org, or wss://omero.example.org/omero-ws"
_VERIFY_TIP: Final = (
    "Most OMERO servers sign their own certificate: then leave this off. The certificate that a server showed first is"
    " remembered either way."
)


class SignInPanel(QWidget):
    """Server, user, password and group. `chosen(server, user)` tells that one from the list was taken."""

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._server = QComboBox(editable=True)
        self._server.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._server.activated.connect(self._choose)
        self._address = QLineEdit(placeholderText=_EXAMPLE)
        self._server.setLineEdit(self._address)
        self._user = QLineEdit(placeholderText="User name, or the ID of a session")
        self._password = QLineEdit()
        self._reveal = QAction(self, checkable=True)
        self._reveal.toggled.connect(self._dress)
        self._password.addAction(self._reveal, QLineEdit.ActionPosition.TrailingPosition)
        self._group = QLineEdit(placeholderText="Your default group")
        self._remember = QCheckBox("&Remember the password in the system's keyring")
        self._verify = QCheckBox("Chec&k the server's certificate with the system's authorities")
        self._verify.setToolTip(_VERIFY_TIP)
        self.allow_remembering("The system's keyring has not answered yet.")
        self._editors = self._named_editors()
        self._lay_out()
        self._dress()

    def typed(self) -> SignInForm:
        """What is in the fields."""
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
        self._remember.setToolTip(problem or "The system keeps the password; it is never in a file of OMERO Desk.")

    def focus(self, where: Field) -> None:
        """Put the cursor into a field, its text selected."""
        self._editors[where].setFocus(Qt.FocusReason.OtherFocusReason)
        self._editors[where].selectAll()

    def focus_first_empty(self) -> None:
        """Put the cursor where something is missing."""
        needed = (Field.SERVER, Field.USER, Field.PASSWORD)
        self.focus(next((field for field in needed if not self._editors[field].text()), Field.PASSWORD))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _named_editors(self) -> dict[Field, QLineEdit]:
        self._server.setAccessibleName(Field.SERVER.value)
        editors = {
            Field.SERVER: self._address,
            Field.USER: self._user,
            Field.PASSWORD: self._password,
            Field.GROUP: self._group,
        }
        for field, editor in editors.items():
            editor.setAccessibleName(field.value)
        return editors

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(9)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("S&erver:", self._server)
        form.addRow("&User:", self._user)
        form.addRow("&Password:", self._password)
        form.addRow("&Group:", self._group)
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
        self._reveal.setText("Hide the password" if shown else "Show the password")
        self._reveal.setToolTip(self._reveal.text())
        self._reveal.setIcon(icons.icon("hide" if shown else "show"))


def _label(server: KnownServer) -> str:
    user = f"{server.user} in {server.group}" if server.group else server.user
    return f"{server.address}  –  {user}"  # noqa: RUF001 - a dash between two words, as in print
