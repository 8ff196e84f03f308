"""Widgets for folders: choosing one in a dialog, dropping one, and the progress of reading it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QProgressBar, QPushButton, QWidget
from typing_extensions import override

from omero_desk.models.connection.connection import ConnectionModel
from omero_desk.models.connection.file_notes import FileNotesModel
from omero_desk.models.connection.folder_scan import FolderScanModel
from omero_desk.models.translation import translate
from omero_desk.views.connection.card_button import CardButton
from omero_desk.views.widgets import icons
from omero_desk.views.widgets.names import add_named
from omero_desk.views.widgets.words import Words

_SCALE: Final = 1000
_BAR_WIDTH: Final = 120


class FolderDrop(QObject):
    """Lets a folder be dropped onto a widget; `dropped` carries its path."""

    dropped = Signal(str)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.DragEnter, QEvent.Type.Drop) and isinstance(event, QDropEvent):
            folder = folder_in(event.mimeData())
            if folder:
                event.acceptProposedAction()
                if event.type() == QEvent.Type.Drop:
                    self.dropped.emit(folder)
                return True
        return super().eventFilter(watched, event)


def folder_in(data: QMimeData) -> str:
    """Return the one folder that is dragged, "" for anything else."""
    paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    return paths[0] if len(data.urls()) == len(paths) == 1 and Path(paths[0]).is_dir() else ""


class FolderButton(QPushButton):
    """Asks for a folder; those that were open before are offered in a menu."""

    def __init__(self, connection: ConnectionModel, parent: QWidget | None = None) -> None:
        super().__init__(translate("Connection", "Open a &folder…"), parent)
        self._connection = connection
        self.setAutoDefault(False)
        self.setToolTip(
            translate("Connection", "Look at the images in a folder of this computer, without copying them")
        )
        self.clicked.connect(self._open)

    def _open(self) -> None:
        offer_folders(self._connection, self)


class FolderCard(CardButton):
    """The same as a card."""

    def __init__(self, connection: ConnectionModel, parent: QWidget | None = None) -> None:
        words = translate("Connection", "Images on this computer, read where they are")
        super().__init__("folder", translate("Connection", "Open a &folder…"), words, parent=parent)
        self.clicked.connect(lambda: offer_folders(connection, self))


def offer_folders(connection: ConnectionModel, button: QWidget) -> None:
    """Ask for a folder below a button, with a menu of those that were open before if there are any."""
    if connection.folders:
        menu = recent_menu(connection, button)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
    else:
        ask_for_folder(connection, button)


def recent_menu(connection: ConnectionModel, parent: QWidget) -> QMenu:
    """Return a menu of the folders that were open before, and of the choice of another one."""
    menu = QMenu(parent)
    menu.addAction(translate("Connection", "&Choose a folder…")).triggered.connect(
        lambda: ask_for_folder(connection, parent)
    )
    menu.addSeparator()
    for folder in connection.folders:
        action = add_named(menu, folder, icons.icon("folder"))
        action.triggered.connect(lambda _=False, folder=folder: connection.open_folder(folder))
    return menu


def ask_for_folder(connection: ConnectionModel, parent: QWidget) -> QFileDialog:
    """Let the user choose a folder, and open it."""
    dialog = QFileDialog(
        parent, translate("Connection", "Open a folder of images"), connection.folders[0] if connection.folders else ""
    )
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(connection.open_folder)
    dialog.open()
    return dialog


class FolderScanStatus(QWidget):
    """Shows in the status bar the progress of reading a folder, its contents, and a button for what cannot be read.

    `wanted`: the user wants the list of files that cannot be read.
    """

    wanted = Signal()

    def __init__(
        self,
        scan: FolderScanModel,
        notes: FileNotesModel,
        connection: ConnectionModel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._scan = scan
        self._notes = notes
        self._connection = connection
        self.label = Words()
        self.bar = QProgressBar(textVisible=False)
        self.bar.setRange(0, _SCALE)
        self.bar.setFixedWidth(_BAR_WIDTH)
        self.bar.setAccessibleName(translate("Connection", "Progress of reading the folder"))
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        self.button = QPushButton(translate("Connection", "Why?"), flat=True)
        self.button.setToolTip(translate("Connection", "List the files that cannot be read, with the reasons"))
        self.button.setAccessibleName(self.button.toolTip())
        self.button.clicked.connect(self.wanted)
        row.addWidget(self.label)
        row.addWidget(self.button)
        row.addWidget(self.bar)
        notes.changed.connect(self._show)
        scan.changed.connect(self._show)
        connection.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.setVisible(bool(self._scan.text and self._connection.folder))
        self.label.setText(self._scan.text)
        self.button.setVisible(self._notes.rowCount() > 0)
        self.bar.setVisible(self._scan.busy)
        self.bar.setValue(round(self._scan.fraction * _SCALE))
