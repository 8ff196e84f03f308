"""Folders as the window takes them: chosen in a dialog or dragged here, and how far looking through one is."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QMenu, QProgressBar, QPushButton, QWidget

from omero_desk.models.connection import ConnectionModel
from omero_desk.models.folder_scan import FolderScanModel
from omero_desk.views import icons

_SCALE: Final = 1000
_BAR_WIDTH: Final = 120


class FolderDrop(QObject):
    """Takes one folder that is dragged onto a widget, and gives its path."""

    dropped = Signal(str)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt's."""
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
        super().__init__("Open a &folder…", parent)
        self._connection = connection
        self.setAutoDefault(False)
        self.setToolTip("Look at the images in a folder of this computer, where they lie")
        self.clicked.connect(self._open)

    def _open(self) -> None:
        if self._connection.folders:
            menu = recent_menu(self._connection, self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        else:
            ask_for_folder(self._connection, self)


def recent_menu(connection: ConnectionModel, parent: QWidget) -> QMenu:
    """A menu of the folders that were open before, and of the choice of another one."""
    menu = QMenu(parent)
    menu.addAction("&Choose a folder…").triggered.connect(lambda: ask_for_folder(connection, parent))
    menu.addSeparator()
    for folder in connection.folders:
        action = menu.addAction(icons.icon("folder"), folder.replace("&", "&&"))
        action.triggered.connect(lambda _=False, folder=folder: connection.open_folder(folder))
    return menu


def ask_for_folder(connection: ConnectionModel, parent: QWidget) -> QFileDialog:
    """Let the user choose a folder, and open it."""
    dialog = QFileDialog(parent, "Open a folder of images", connection.folders[0] if connection.folders else "")
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(connection.open_folder)
    dialog.open()
    return dialog


class FolderScanPart(QWidget):
    """What the status bar says of a folder: how far it is read, and what is in it."""

    def __init__(self, scan: FolderScanModel, connection: ConnectionModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scan = scan
        self._connection = connection
        self.label = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setRange(0, _SCALE)
        self.bar.setFixedWidth(_BAR_WIDTH)
        self.bar.setAccessibleName("How far the folder is read")
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.addWidget(self.label)
        row.addWidget(self.bar)
        scan.changed.connect(self._show)
        connection.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.setVisible(bool(self._scan.text and self._connection.folder))
        self.label.setText(self._scan.text)
        self.bar.setVisible(self._scan.busy)
        self.bar.setValue(round(self._scan.fraction * _SCALE))
