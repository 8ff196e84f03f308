"""The one style sheet of the application, filled in with a theme's colours and the sizes of its letters."""

from __future__ import annotations

from dataclasses import asdict
from string import Template
from typing import Final

from PySide6.QtGui import QFont, QFontInfo, QFontMetrics

from omero_desk.views.theme.resources import FOLDER
from omero_desk.views.theme.tokens import FontScale, Height, Tokens

_FOLDER: Final = FOLDER / "theme"
_ROOM: Final = 8
"""Pixels above and below a line of letters together."""
_EDGES: Final = 2
"""Pixels that the upper and the lower edge of a control take."""


def sheet(tokens: Tokens, font: QFont) -> str:
    """Return the style sheet for a theme and the system's font."""
    template = Template((_FOLDER / "sheet.qss").read_text("utf-8"))
    return template.substitute({**asdict(tokens), **_letters(font), **_heights(font), **_pictures(tokens)})


def tall(least: int, font: QFont) -> int:
    """Return the height of a row or control whose letters have this font: `least`, or more if they need it."""
    return max(least, QFontMetrics(font).height() + _ROOM)


def _letters(font: QFont) -> dict[str, str]:
    pixels = QFontInfo(font).pixelSize()
    scales = {"small": FontScale.SMALL, "caption": FontScale.CAPTION}
    scales |= {"title": FontScale.TITLE, "heading": FontScale.HEADING}
    return {name: f"{round(pixels * scale)}px" for name, scale in scales.items()}


def _heights(font: QFont) -> dict[str, str]:
    control = tall(Height.CONTROL, font)
    heights = {
        "inner": control - _EDGES,
        "inner_focused": control - 2 * _EDGES,
        "inner_small": tall(Height.SMALL_CONTROL, font) - _EDGES,
        "header": tall(Height.TABLE_HEADER, font) - 1,
        "tab": tall(Height.TAB_BAR, font) - _EDGES,
    }
    return {name: f"{pixels}px" for name, pixels in heights.items()}


def _pictures(tokens: Tokens) -> dict[str, str]:
    theme = "dark" if tokens.is_dark else "light"
    files = {"check": "check", "dash": "dash", "dot": "dot", "arrow": f"arrow-{theme}", "close": f"close-{theme}"}
    return {name: (_FOLDER / f"{file}.svg").as_posix() for name, file in files.items()}
