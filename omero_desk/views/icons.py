"""The icons: small SVG drawings, whose lines take the colour of the text beside them."""

from __future__ import annotations

from functools import cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from omero_desk.gateway.entities import Kind
from omero_desk.views.resources import FOLDER

_FOLDER: Final = FOLDER / "icons"
_SIZES: Final = (16, 24, 32, 48)
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


def icon(name: str) -> QIcon:
    """The drawing `name` (its file's name without .svg) in the colours of the present palette."""
    return _icon(name, _colour(QPalette.ColorGroup.Active), _colour(QPalette.ColorGroup.Disabled))


def kind_icon(kind: str) -> QIcon:
    """The icon of an OMERO class; one that is not known gets the general one."""
    return icon(_OF_KIND.get(kind, "object"))


@cache
def app_icon() -> QIcon:
    """The application's own icon."""
    drawn = QIcon()
    for size in _APP_SIZES:
        drawn.addPixmap(_draw("app", "#000000", size))
    return drawn


def pixmap(name: str, size: int, ratio: float = 1.0) -> QPixmap:
    """The drawing `name`, `size` logical pixels square; `ratio` is the screen's pixels for each of them."""
    drawn = _draw(name, _colour(QPalette.ColorGroup.Active), round(size * ratio))
    drawn.setDevicePixelRatio(ratio)
    return drawn


def _colour(group: QPalette.ColorGroup) -> str:
    return QGuiApplication.palette().color(group, QPalette.ColorRole.WindowText).name()


@cache
def _icon(name: str, active: str, disabled: str) -> QIcon:
    drawn = QIcon()
    for size in _SIZES:
        normal = _draw(name, active, size)
        drawn.addPixmap(normal)
        drawn.addPixmap(normal, QIcon.Mode.Selected)
        drawn.addPixmap(_faded(_draw(name, disabled, size)), QIcon.Mode.Disabled)
    return drawn


def _draw(name: str, colour: str, size: int) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    drawn = QPixmap(QSize(size, size))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return drawn


def _faded(drawn: QPixmap) -> QPixmap:
    painter = QPainter(drawn)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    painter.fillRect(drawn.rect(), QColor(0, 0, 0, 120))
    painter.end()
    return drawn


@cache
def _source(name: str) -> str:
    return (_FOLDER / f"{name}.svg").read_text("utf-8")
