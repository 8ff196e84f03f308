"""The base of every ROI tool, and what a tool sees of the layer that it works on."""

from __future__ import annotations

from typing import Final, Protocol

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QTransform

from omero_desk.models.rois.rois import RoisModel

LETTERS: Final = 13
"""Size of letters in points, where a shape says nothing else."""
REACH: Final = 22.0
"""Screen pixels from a box to the handle that turns it."""
PRESS: Final = QEvent.Type.MouseButtonPress
MOVE: Final = QEvent.Type.MouseMove
RELEASE: Final = QEvent.Type.MouseButtonRelease
DOUBLE: Final = QEvent.Type.MouseButtonDblClick


class Surface(Protocol):
    """The part of the layer over an image that tools need."""

    @property
    def rois(self) -> RoisModel:
        """The regions that are changed."""

    @property
    def plane(self) -> tuple[int, int]:
        """The z and t in view, counted from 0."""

    @property
    def density(self) -> float:
        """The number of screen pixels that are one of the user's."""

    def repaint(self) -> None:
        """Draw the layer again soon."""

    def announce(self, kind: str) -> None:
        """Tell that a new shape of a kind was drawn and is selected."""

    def go_to(self, key: int) -> None:
        """Show a shape from near."""


class Tool:
    """Handles the mouse and the keys over a layer and draws what is under way; this one does nothing.

    `zoom` is the number of screen pixels for one of the image.
    """

    def __init__(self, surface: Surface) -> None:
        self.surface = surface
        self.rois = surface.rois

    def mouse(self, event: QMouseEvent, x: float, y: float, zoom: float) -> bool:
        """Handle a press, move, release or double click at a place of the image; False leaves it to the canvas."""
        return False

    def key(self, event: QKeyEvent) -> bool:
        """Handle a key; False leaves it to the window."""
        return False

    def paint(self, painter: QPainter, canvas: QTransform, size: float) -> None:
        """Draw what is under way; `canvas` leads from the image to the screen, `size` is the surface's density."""

    def leave(self) -> None:
        """Cancel what is under way, for another tool takes over."""
