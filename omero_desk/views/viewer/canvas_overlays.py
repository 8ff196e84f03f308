"""What lies on an image's canvas: the values under the mouse, the zoom, and a button where the pixels did not come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QVBoxLayout
from typing_extensions import override

from omero_desk.models.messages import describe
from omero_desk.models.translation import translate
from omero_desk.views.theme.tokens import Space
from omero_desk.views.viewer.caption import Caption
from omero_desk.views.viewer.glass import Glass, GlassButton, GlassWords
from omero_desk.views.viewer.image_canvas import ImageCanvas
from omero_desk.views.widgets.state_card import StateCard, failure_state

_MOVES: Final = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show)
_CAPTION: Final = 26
"""Logical pixels that a caption takes at the top."""
_CARD: Final = 400
"""Logical pixels of the width of what is said about a problem, if there is room for it."""


class CanvasOverlays(QObject):
    """Lays widgets over a canvas, beside which they are children of its parent: pictures of the canvas are without.

    They change neither its size nor what is in view. They stand where they do in every language, as the image does.
    """

    def __init__(self, canvas: ImageCanvas, zooming: Sequence[QAction]) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        stage = canvas.parentWidget()
        self.value = GlassWords(True, stage)
        self.value.setAccessibleName(translate("Viewer", "Pixel values under the mouse"))
        self.value.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.value.hide()
        self.zoom = GlassWords(False)
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.zoom.setContentsMargins(0, 0, 0, 0)
        self.zoom.setAccessibleName(translate("Viewer", "Zoom"))
        self.zoom_group = self._zoom_group(zooming)
        self.zoom_group.setParent(stage)
        self.card = QFrame(stage)
        self.card.setProperty("ground", "overlay")
        self.problem = StateCard()
        column = QVBoxLayout(self.card)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.problem)
        self.card.hide()
        self.retry = self.problem.button
        canvas.has_card = True
        canvas.installEventFilter(self)
        canvas.viewport_changed.connect(self.show_zoom)
        self.show_zoom()

    def say(self, words: str) -> None:
        """Show the values under the mouse; "" hides the line."""
        self.value.setText(words)
        self.value.setVisible(bool(words))
        if words:
            self._place_value()

    def show_problem(self, problem: BaseException | None, again: Callable[[], object]) -> None:
        """Say why there are no pixels, in their place; None takes that away."""
        self.card.setVisible(problem is not None)
        if problem is not None:
            told = describe(problem)
            meanwhile = translate("Viewer", "Its thumbnail is shown until then.") if self._canvas.model.stand_in else ""
            what = translate("Viewer", "The pixels could not be read")
            self.problem.show_state(failure_state(what, f"{told.text} {meanwhile}".strip(), again, told.detail))
            self.place()

    def show_zoom(self) -> None:
        """Tell how large the image is seen, in per cent of its pixels."""
        self.zoom.setText(f"{self._canvas.viewport.zoom * 100:.3g} %")

    def place(self) -> None:
        """Put all at their places on the canvas."""
        canvas = self._canvas.geometry()
        group, card = self.zoom_group, self.card
        group.adjustSize()
        group.setVisible(group.width() + 2 * Space.MEDIUM <= canvas.width())
        group.move(canvas.left() + Space.MEDIUM, canvas.bottom() + 1 - Space.MEDIUM - group.height())
        room = canvas.size() - QSize(2 * Space.MEDIUM, 2 * Space.MEDIUM)
        width = min(_CARD, room.width())
        card.resize(QSize(width, max(card.heightForWidth(width), card.sizeHint().height())).boundedTo(room))
        card.move(canvas.center() - QPoint(card.width() // 2, card.height() // 2))
        self._place_value()
        for widget in (self.value, group, card):
            widget.raise_()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the canvas."""
        if event.type() in _MOVES:
            self.place()
        return False

    def _place_value(self) -> None:
        canvas, value = self._canvas.geometry(), self.value
        room = QSize(canvas.width() - 2 * Space.MEDIUM, canvas.height())
        wanted = value.fontMetrics().horizontalAdvance(value.text()) + 2 * Space.SMALL + 2
        value.resize(QSize(wanted, value.fontMetrics().height() + 2 * Space.TINY).boundedTo(room))
        below = _CAPTION if any(isinstance(layer, Caption) for layer in self._canvas.layers) else 0
        value.move(canvas.topLeft() + QPoint(Space.MEDIUM, Space.MEDIUM + below))

    def _zoom_group(self, zooming: Sequence[QAction]) -> Glass:
        group = Glass()
        group.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        out, *others = zooming
        self._add(group, out)
        self.zoom.setFixedWidth(self.zoom.fontMetrics().horizontalAdvance("0000.0 %"))
        group.row.addWidget(self.zoom)
        for action in others:
            self._add(group, action)
        return group

    def _add(self, group: Glass, action: QAction) -> None:
        button = GlassButton(group)
        button.setDefaultAction(action)
        button.setAccessibleName(action.text())
        group.row.addWidget(button)
