"""A theme that is switched while the window is open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAction, QIcon, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from omero_desk.views.theme.theme import Theme, ThemeChoice
from tests.support.bare_desk import BareDesk
from tests.support.dressed import as_before
from tests.support.qt_loop import pytest_asyncio_loop_factories

__all__ = ["pytest_asyncio_loop_factories"]

pytestmark = pytest.mark.asyncio

SIZE = 24
OPAQUE = 128


@pytest.fixture(autouse=True)
def palette_as_before(qapp: QApplication) -> Iterator[None]:
    with as_before(qapp):
        yield


def lightness(drawn: QImage) -> list[int]:
    """Return the lightness of each pixel that can be seen, from 0 to 255."""
    pixels = (drawn.pixelColor(x, y) for x in range(drawn.width()) for y in range(drawn.height()))
    return [pixel.lightness() for pixel in pixels if pixel.alpha() >= OPAQUE]


def icons_of(window: QWidget) -> dict[str, QIcon]:
    """Return the icons of all buttons and commands, those of Qt's own buttons among them, by names for people."""
    owners: list[QAbstractButton | QAction] = [*window.findChildren(QAbstractButton), *window.findChildren(QAction)]
    named = {f"{type(owner).__name__} {owner.objectName() or owner.text()}": owner.icon() for owner in owners}
    return {name: icon for name, icon in named.items() if not icon.isNull()}


async def test_that_no_icon_of_the_window_stays_in_the_colour_of_the_other_theme(qapp: QApplication) -> None:
    desk = BareDesk()
    desk.window.show()
    theme = desk.window.findChild(Theme)
    assert theme is not None
    try:
        icons = icons_of(desk.window)
        assert len(icons) > 30
        wrong = []
        for choice in (ThemeChoice.DARK, ThemeChoice.LIGHT, ThemeChoice.DARK):
            theme.choose(choice)
            for name, icon in icons.items():
                seen = lightness(icon.pixmap(SIZE).toImage())
                is_lost = max(seen, default=255) < 110 if choice is ThemeChoice.DARK else min(seen, default=0) > 200
                wrong += [f"{name} in {choice.value}"] * is_lost
        assert wrong == []
    finally:
        await desk.close()
