"""A viewer that nobody sees: the first of a program takes three times as long as any other.

Qt's bindings make the classes and enumerations of Python when each is first used, and Qt its fonts and styles.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt

from omero_desk.models.untying import end
from omero_desk.models.viewer.blank import blank_image
from omero_desk.views.viewer.image_viewer import ImageViewer

_SIZE: Final = (800, 600)


class Rehearsal:
    """Makes a viewer in steps, between which events are to be processed; `close` ends it, whichever were taken."""

    def __init__(self, report: Callable[[BaseException], object]) -> None:
        self._report = report
        self._viewer: ImageViewer | None = None
        self.steps: tuple[Callable[[], None], ...] = (self._make, self._show, self._paint, self.close)

    def _make(self) -> None:
        self._viewer = ImageViewer(blank_image(self._report))

    def _show(self) -> None:
        """Have everything laid out, as for a screen."""
        if self._viewer is not None:
            for attribute in (Qt.WidgetAttribute.WA_DontShowOnScreen, Qt.WidgetAttribute.WA_ShowWithoutActivating):
                self._viewer.setAttribute(attribute)
            self._viewer.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
            self._viewer.resize(*_SIZE)
            self._viewer.show()

    def _paint(self) -> None:
        if self._viewer is not None:
            self._viewer.grab()

    def close(self) -> None:
        """End the viewer and its image."""
        viewer, self._viewer = self._viewer, None
        if viewer is not None:
            viewer.close_image()
            viewer.close()
            end(viewer.model)
            end(viewer)
