"""The colours and sizes of the design, by what they are for. No other place names a colour of the program itself.

Lengths are logical pixels. Colours are `#rrggbb`. `CONTRASTS` lists which colours meet, and the least ratio between
them by WCAG 2.2 (1.4.3 for text, 1.4.11 for icons and edges); a test computes them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme."""

    window: str
    panel: str
    base: str
    alternate: str
    raised: str
    hover: str
    pressed: str
    line: str
    border: str
    text: str
    text_quiet: str
    text_faint: str
    disabled: str
    accent: str
    accent_hover: str
    on_accent: str
    link: str
    selection: str
    selection_idle: str
    selection_text: str
    focus: str
    success: str
    success_ground: str
    warning: str
    warning_ground: str
    danger: str
    danger_ground: str
    on_danger: str
    info: str
    info_ground: str
    canvas: str
    star: str
    changed_ground: str
    match_ground: str
    tooltip: str
    tooltip_text: str
    project: str
    dataset: str
    image: str
    screen: str
    plate: str
    run: str
    well: str
    tag: str
    person: str
    file: str
    key_value: str
    orphan: str
    table: str
    comment: str
    star_fill: str
    danger_fill: str
    link_on_tooltip: str
    is_dark: bool


LIGHT: Final = Tokens(
    window="#f2f4f6",
    panel="#f8f9fb",
    base="#ffffff",
    alternate="#f7f9fb",
    raised="#ffffff",
    hover="#e9edf2",
    pressed="#dde3ea",
    line="#dce1e7",
    border="#848d99",
    text="#1a1e23",
    text_quiet="#47505c",
    text_faint="#5f6975",
    disabled="#9ba3ae",
    accent="#1d65be",
    accent_hover="#17539e",
    on_accent="#ffffff",
    link="#1a5db0",
    selection="#d5e5f9",
    selection_idle="#e2e6eb",
    selection_text="#10141a",
    focus="#1d65be",
    success="#1a7438",
    success_ground="#e2f3e7",
    warning="#875000",
    warning_ground="#fff1d6",
    danger="#b92525",
    danger_ground="#fce7e6",
    on_danger="#ffffff",
    info="#1a5db0",
    info_ground="#e4effb",
    canvas="#1b1b1b",
    star="#9c6500",
    changed_ground="#fff7e0",
    match_ground="#ffe9a8",
    tooltip="#22272e",
    tooltip_text="#f2f4f6",
    project="#2a72c8",
    dataset="#0b7f74",
    image="#7b50c4",
    screen="#b25a0c",
    plate="#2f7f3b",
    run="#5e7a12",
    well="#23805e",
    tag="#996300",
    person="#54606e",
    file="#a24a1e",
    key_value="#0b7f74",
    orphan="#66707c",
    table="#34669e",
    comment="#2a72c8",
    star_fill="#e8a91c",
    danger_fill="#b92525",
    link_on_tooltip="#9cc8ff",
    is_dark=False,
)
DARK: Final = Tokens(
    window="#2a2d32",
    panel="#24272b",
    base="#1c1e21",
    alternate="#202327",
    raised="#2f3338",
    hover="#363a41",
    pressed="#41464e",
    line="#3b4047",
    border="#878f9b",
    text="#e7e9ec",
    text_quiet="#b9bfc8",
    text_faint="#a0a8b2",
    disabled="#6e757f",
    accent="#3476cb",
    accent_hover="#2a66b2",
    on_accent="#ffffff",
    link="#7fb5f3",
    selection="#26466b",
    selection_idle="#3a3f47",
    selection_text="#ffffff",
    focus="#6faef5",
    success="#6ccb8a",
    success_ground="#1f3a29",
    warning="#edb65a",
    warning_ground="#40331a",
    danger="#ff8f88",
    danger_ground="#472524",
    on_danger="#ffffff",
    info="#7fb5f3",
    info_ground="#213650",
    canvas="#141414",
    star="#edb23c",
    changed_ground="#383120",
    match_ground="#5a4b16",
    tooltip="#e7e9ec",
    tooltip_text="#1a1e23",
    project="#6ba9ef",
    dataset="#4cc2b4",
    image="#b397f0",
    screen="#ee9c52",
    plate="#74c480",
    run="#b3c95a",
    well="#66c9a0",
    tag="#e3b04b",
    person="#a9b4c1",
    file="#e79a72",
    key_value="#4cc2b4",
    orphan="#a0a8b2",
    table="#8ab4e4",
    comment="#6ba9ef",
    star_fill="#edb23c",
    danger_fill="#c23b36",
    link_on_tooltip="#1a5db0",
    is_dark=True,
)

TEXT: Final = 4.5
"""The least ratio for words."""
SHAPES: Final = 3.0
"""The least ratio for icons, edges and rings."""
KINDS: Final = (
    "project",
    "dataset",
    "image",
    "screen",
    "plate",
    "run",
    "well",
    "tag",
    "person",
    "file",
    "key_value",
    "orphan",
    "table",
    "comment",
)
_GROUNDS: Final = ("base", "panel", "window")
_TINTS: Final = ("success", "warning", "danger", "info")


def contrasts() -> Iterator[tuple[str, str, float]]:
    """Yield the names of each pair of colours that meet, the one in front first, and the least ratio between them."""
    for ground in [*_GROUNDS, "raised", "alternate", "hover", "selection", "selection_idle"]:
        yield from ((text, ground, TEXT) for text in ("text", "text_quiet"))
    yield from (("text_faint", ground, TEXT) for ground in [*_GROUNDS, "raised", "alternate"])
    for ground in ("pressed", "changed_ground", "match_ground", *(f"{tint}_ground" for tint in _TINTS)):
        yield "text", ground, TEXT
    for tint in _TINTS:
        yield from ((tint, ground, TEXT) for ground in [*_GROUNDS, f"{tint}_ground"])
    yield from (("link", ground, TEXT) for ground in _GROUNDS)
    yield from (("on_accent", ground, TEXT) for ground in ("accent", "accent_hover"))
    yield from (("selection_text", ground, TEXT) for ground in ("selection", "selection_idle"))
    yield from (("on_danger", "danger_fill", TEXT), ("tooltip_text", "tooltip", TEXT))
    yield "link_on_tooltip", "tooltip", TEXT
    yield from (("accent", ground, SHAPES) for ground in _GROUNDS)
    yield from (("border", ground, SHAPES) for ground in [*_GROUNDS, "raised"])
    yield from (("focus", ground, SHAPES) for ground in [*_GROUNDS, "selection"])
    yield from (("star", ground, SHAPES) for ground in ("base", "panel", "selection"))
    for kind in KINDS:
        yield from ((kind, ground, SHAPES) for ground in [*_GROUNDS, "selection", "selection_idle"])


def ratio(front: str, ground: str) -> float:
    """Return the contrast of two colours, from 1 to 21, by WCAG 2.2's definition of contrast ratio."""
    brighter, darker = sorted((_luminance(front), _luminance(ground)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance of a colour of sRGB, from 0 to 1, by WCAG 2.2."""
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


class Space:
    """Distances between things."""

    TINY: Final = 4
    SMALL: Final = 8
    MEDIUM: Final = 12
    LARGE: Final = 16
    HUGE: Final = 24


class Radius:
    """How round corners are."""

    SMALL: Final = 4
    CONTROL: Final = 5
    CARD: Final = 6
    OVERLAY: Final = 10
    PILL: Final = 11


class Height:
    """The heights of rows and bars at a font of 13 pixels; they grow with the font (`sizes.tall`)."""

    TREE_ROW: Final = 26
    TABLE_ROW: Final = 26
    SHEET_ROW: Final = 32
    LIST_ROW: Final = 28
    ACTIVITY_ROW: Final = 46
    SEARCH_ROW: Final = 44
    SECTION: Final = 30
    CONTROL: Final = 28
    SMALL_CONTROL: Final = 22
    CHIP: Final = 22
    TOP_BAR: Final = 42
    TAB_BAR: Final = 34
    TOOL_BAR: Final = 40
    FILTER_BAR: Final = 40
    PANEL_TABS: Final = 38
    STATUS_BAR: Final = 26
    TOAST: Final = 38
    TABLE_HEADER: Final = 32


class Width:
    """The widths of regions: the least, the usual and the most, where there are three."""

    LEFT: Final = (200, 272, 480)
    INSPECTOR: Final = (264, 324, 560)
    SEARCH: Final = 760
    DIALOG: Final = (480, 640, 820)
    LEAST_WINDOW: Final = (800, 500)
    LEAST_CENTRE: Final = 360


class FontScale:
    """Sizes of letters, of the system's."""

    SMALL: Final = 0.92
    CAPTION: Final = 0.85
    TITLE: Final = 1.15
    HEADING: Final = 1.38
    BOLD: Final = 600


class Icon:
    """Sizes of icons: in rows, menus and bars; of tools; where there is nothing else to see."""

    ROW: Final = 16
    TOOL: Final = 20
    EMPTY: Final = 24


class ChannelColour:
    """The colours that channels are offered; they belong to pictures, and are the same in all themes."""

    RED: Final = "#ff0000"
    GREEN: Final = "#00ff00"
    BLUE: Final = "#0000ff"
    WHITE: Final = "#ffffff"
    CYAN: Final = "#00ffff"
    MAGENTA: Final = "#ff00ff"
    YELLOW: Final = "#ffff00"
    ORANGE: Final = "#ff8000"
