"""The connection as a part of the window: signing in and out, folders, and the banner of a connection in trouble."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from typing_extensions import override

from omero_desk.entities.objects import Account
from omero_desk.entities.sentences import mark
from omero_desk.models.annotations.edits import EditsModel
from omero_desk.models.connection.file_notes import FileNotesModel, ReadNotes
from omero_desk.models.connection.folder_scan import FolderScanModel
from omero_desk.models.translation import translate
from omero_desk.views.connection.connection_bar import ConnectionBar
from omero_desk.views.connection.file_notes_dialog import FileNotesDialog
from omero_desk.views.connection.folder_widgets import FolderDrop, FolderScanStatus, ask_for_folder
from omero_desk.views.connection.sign_in_controller import SignInController
from omero_desk.views.parts.command import Command, Menu, MenuPlace
from omero_desk.views.parts.commands import Binding
from omero_desk.views.parts.part import Part, Shared

CONNECT: Final = Command(
    "connect",
    mark("Connection", "&Connect…"),
    "connect",
    ("Ctrl+Shift+O",),
    mark("Connection", "Sign in to an OMERO server"),
    (MenuPlace(Menu.FILE),),
)
DEMO: Final = Command(
    "demo",
    mark("Connection", "Open the &demo library"),
    "library",
    tip=mark("Connection", "Start the server that comes along, with its images"),
    places=(MenuPlace(Menu.FILE),),
)
FOLDER: Final = Command(
    "folder",
    mark("Connection", "Open a &folder…"),
    "folder",
    ("Ctrl+O",),
    mark("Connection", "Look at the images in a folder of this computer"),
    (MenuPlace(Menu.FILE),),
)
UNREADABLE: Final = Command(
    "unreadable",
    mark("Connection", "Files that cannot be &read…"),
    "warning",
    tip=mark("Connection", "List the files of the folder that cannot be read, with the reasons"),
    places=(MenuPlace(Menu.FILE),),
)
DISCONNECT: Final = Command(
    "disconnect",
    mark("Connection", "D&isconnect"),
    "disconnect",
    tip=mark("Connection", "Disconnect from the server; the window stays open"),
    places=(MenuPlace(Menu.FILE, 9),),
)


class ConnectionPart(Part):
    """Follows the connection that the parts of the window share; `scan` tells of the folder that is open.

    `notes` are those on its files that cannot be read.
    """

    def __init__(self, shared: Shared, read_notes: ReadNotes, edits: EditsModel) -> None:
        self._shared, self._connection = shared, shared.connection
        self.scan = FolderScanModel(shared.window)
        self.notes = FileNotesModel(read_notes, shared.messages.report, shared.window)
        self.scan.refresh_due.connect(self._read_notes)
        self.sign_in = SignInController(shared.connection, shared.messages, shared.window)
        line = ConnectionBar(shared.connection, edits)
        line.sign_in_wanted.connect(self.sign_in.open_again)
        FolderDrop(shared.window).dropped.connect(shared.connection.open_folder)
        self.banners = (line,)
        status = FolderScanStatus(self.scan, self.notes, shared.connection)
        status.wanted.connect(self.list_notes)
        self.status = (status,)
        self.models = (shared.connection, self.notes)

    @override
    def commands(self) -> Iterable[Binding]:
        return (
            Binding(CONNECT, lambda _checked: self.sign_in.open()),
            Binding(DEMO, self._connection.open_demo),
            Binding(FOLDER, lambda _checked: ask_for_folder(self._connection, self._shared.window)),
            Binding(UNREADABLE, lambda _checked: self.list_notes(), self._why_no_folder),
            Binding(DISCONNECT, self._connection.sign_out, self._why_not_signed_in),
        )

    @override
    def entered(self, account: Account) -> None:
        self._read_notes()

    @override
    def left(self) -> None:
        self.notes.clear()

    @override
    def refresh(self) -> None:
        self._read_notes()

    def list_notes(self) -> FileNotesDialog:
        """Show the list of the files that cannot be read."""
        self._read_notes()
        dialog = FileNotesDialog(self.notes, self._shared.window)
        dialog.show()
        return dialog

    def _read_notes(self) -> None:
        """Read the notes once the folder's server has read all files."""
        if self._connection.folder and self._connection.account is not None and not self.scan.busy:
            self.notes.refresh()

    def _why_no_folder(self) -> str:
        return "" if self._connection.folder else translate("Connection", "No folder of this computer is open")

    def _why_not_signed_in(self) -> str:
        return "" if self._connection.account is not None else translate("Connection", "You are not signed in")
