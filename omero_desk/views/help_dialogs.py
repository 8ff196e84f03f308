"""What the help menu shows."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from omero_desk import __version__
from omero_desk.views import icons
from omero_desk.views.commands import shortcut_table

_LOGO: Final = 72
_TREE_KEYS: Final = (
    ("Open or close what is selected in the tree", "Right, Left"),
    ("Open everything below it", "*"),
    ("Context menu, with the annotation counts", "Menu or Shift+F10"),
    ("Next and previous part of the window", "Tab, Shift+Tab"),
)
_ABOUT: Final = (
    "<p>A desktop browser for OMERO servers, with an OMERO-compatible server of its own.</p>"
    "<p>Free software under the GNU General Public License, version 2 or later.</p>"
    "<p>OMERO is developed by the Open Microscopy Environment.</p>"
)


class AboutDialog(QDialog):
    """Name, version, licence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About OMERO Desk")
        logo = QLabel()
        logo.setPixmap(icons.pixmap("app", _LOGO, self.devicePixelRatioF()))
        text = QLabel(f"<h2>OMERO Desk {__version__}</h2>{_ABOUT}", wordWrap=True)
        row = QHBoxLayout()
        row.setSpacing(18)
        row.addWidget(logo, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(text, 1)
        _finish(self, row)


class ShortcutsDialog(QDialog):
    """The keys that do something."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        form = QFormLayout()
        form.setHorizontalSpacing(28)
        for text, keys in (*shortcut_table(), *_TREE_KEYS):
            form.addRow(QLabel(text), QLabel(f"<b>{keys}</b>"))
        _finish(self, form)


def _finish(dialog: QDialog, content: QFormLayout | QHBoxLayout) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(22, 20, 22, 16)
    column.setSpacing(18)
    column.addLayout(content)
    column.addWidget(buttons)
    dialog.setMinimumWidth(420)
