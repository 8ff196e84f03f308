"""The icons: small SVG drawings on one grid of 16, outlines with round ends.

Objects, tags and states have a colour of their own; all others have that of the words beside them. An icon's engine
draws when Qt asks for pixels, in the theme of that moment: whoever shows an icon sets it once, and a change of the
theme needs nothing but the repaint that Qt does by itself. What was drawn is kept by its name, colour and size; an
engine holds nothing but a name.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from shiboken6 import isValid
from typing_extensions import override

from omero_desk.entities.objects import Kind
from omero_desk.models.guard import guarded
from omero_desk.views.theme.resources import FOLDER
from omero_desk.views.theme.theme import current

_FOLDER: Final = FOLDER / "icons"
_APP_SIZES: Final = (16, 32, 48, 64, 128, 256)
_OF_KIND: Final = {
    Kind.PROJECT: "project",
    Kind.DATASET: "dataset",
    Kind.IMAGE: "image",
    Kind.ORPHANED_IMAGES: "orphaned-images",
    Kind.SCREEN: "screen",
    Kind.PLATE: "plate",
    Kind.RUN: "run",
    Kind.WELL: "well",
    Kind.FIELD: "field",
}
_COLOURS: Final = {
    "project": "project",
    "dataset": "dataset",
    "image": "image",
    "field": "image",
    "orphaned-images": "orphan",
    "screen": "screen",
    "plate": "plate",
    "run": "run",
    "well": "well",
    "tag": "tag",
    "tag-set": "tag",
    "star-filled": "star",
    "key-value": "key_value",
    "table": "table",
    "annotations": "comment",
    "comment": "comment",
    "group-private": "danger",
    "group-read-only": "warning",
    "group-read-annotate": "info",
    "group-read-write": "success",
    "state-online": "success",
    "state-busy": "warning",
    "state-attention": "danger",
    "state-offline": "text_faint",
    "outcome-done": "success",
    "outcome-failed": "danger",
    "outcome-running": "info",
    "outcome-lost": "warning",
    "information": "info",
    "warning": "warning",
    "error": "danger",
}
"""The theme's colour for each drawing that has one of its own."""
_WORDS: Final = "text_quiet"
_clones: list[QIconEngine] = []


class SvgIconEngine(QIconEngine):
    """Draws one SVG file in its colour of the theme, or in that of what is disabled or chosen."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    @override
    def clone(self) -> QIconEngine:
        # PySide leaves a clone to Python, which would end it before Qt has it: it is held here until Qt has ended it.
        _clones[:] = [clone for clone in _clones if isValid(clone)]
        _clones.append(SvgIconEngine(self._name))
        return _clones[-1]

    @override
    def iconName(self) -> str:
        return self._name

    @override
    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        colour = _colour(self._name, mode is QIcon.Mode.Disabled, state is QIcon.State.On)
        return _drawn(self._name, colour, min(size.width(), size.height()))

    @guarded(None)
    @override
    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        side = min(rect.width(), rect.height())
        pixels = round(side * ratio)
        drawn = QPixmap(self.pixmap(QSize(pixels, pixels), mode, state))
        drawn.setDevicePixelRatio(ratio)
        place = QRect(QPoint(), QSize(side, side))
        place.moveCenter(rect.center())
        painter.drawPixmap(place, drawn)


@cache
def icon(name: str) -> QIcon:
    """Return the drawing `name` (its file's name without .svg), in the colours of the palette of when it is painted."""
    return QIcon(SvgIconEngine(name))


def kind_icon(kind: str) -> QIcon:
    """Return the icon of an OMERO class; one that is not known gets the general one."""
    return icon(_OF_KIND.get(kind, "object"))


@cache
def app_icon() -> QIcon:
    """Return the application's own icon."""
    drawn = QIcon()
    for size in _APP_SIZES:
        drawn.addPixmap(_drawn("app", "", size))
    return drawn


def pixmap(name: str, size: int, ratio: float = 1.0, role: str = "") -> QPixmap:
    """Return the drawing `name`, `size` logical pixels square, in the theme's colours as they are now.

    `ratio` is the screen's pixels for each logical one; `role` names a colour of the theme to use instead.
    """
    colour = getattr(current(), role) if role else _colour(name)
    drawn = QPixmap(_drawn(name, colour, round(size * ratio)))
    drawn.setDevicePixelRatio(ratio)
    return drawn


def _colour(name: str, disabled: bool = False, chosen: bool = False) -> str:
    tokens = current()
    if disabled:
        return tokens.disabled
    return str(getattr(tokens, _COLOURS.get(name, "selection_text" if chosen else _WORDS)))


@cache
def _drawn(name: str, colour: str, size: int) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    drawn = QPixmap(QSize(size, size))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return drawn


@cache
def _source(name: str) -> str:
    return (_FOLDER / f"{name}.svg").read_text("utf-8")
