"""A window for a viewer by itself, with its pages beside it as the main window has them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSplitter

from omero_desk.views.theme.tokens import Width
from omero_desk.views.viewer.image_viewer import ImageViewer
from omero_desk.views.widgets.page import PageTabs


class ViewerHost(QSplitter):
    """Shows a viewer of a size, and its pages."""

    def __init__(self, viewer: ImageViewer, size: QSize) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.tabs = PageTabs()
        self.addWidget(viewer)
        self.addWidget(self.tabs)
        self.setSizes([size.width(), Width.INSPECTOR[1]])
        self.resize(size + QSize(Width.INSPECTOR[1] + self.handleWidth(), 0))
        self.tabs.show_pages(viewer.pages)
        self.tabs.choose("channels")
        self.show()
