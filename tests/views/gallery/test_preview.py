"""A large look at images, with the keys, over a real grid."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from omero_desk.models.gallery.contents import ENTITY
from omero_desk.models.gallery.thumbnails import SIZES
from omero_desk.views.gallery.preview import Preview
from tests.support.running_desk import until
from tests.views.gallery.test_thumbnail_grid import MISSING, Stage

pytestmark = pytest.mark.asyncio
Key = Qt.Key


class Theatre:
    """A grid in a panel, with a preview over it."""

    def __init__(self) -> None:
        self.stage = Stage(30)
        self.panel = QWidget()
        QVBoxLayout(self.panel).addWidget(self.stage.grid)
        self.preview = Preview(self.stage.thumbnails, self.panel)
        grid = self.stage.grid
        self.preview.watch(grid, lambda index: index.data(ENTITY), lambda: grid.is_typing)
        self.preview.shown.connect(grid.rest)
        self.panel.resize(700, 500)
        self.panel.show()

    @property
    def looked_at(self) -> int:
        return self.preview.entity.ref.id if self.preview.entity is not None else 0

    def colour(self) -> str:
        return self.preview.grab().toImage().pixelColor(self.preview.rect().center()).name()


@pytest.fixture
async def theatre(qtbot: QtBot) -> AsyncIterator[Theatre]:
    made = Theatre()
    qtbot.addWidget(made.panel)
    await made.stage.thumbnails.finished()
    yield made
    made.stage.thumbnails.cancel_all()
    await made.stage.thumbnails.finished()


async def test_that_space_looks_the_arrows_go_on_and_space_or_esc_ends_it(theatre: Theatre) -> None:
    theatre.stage.click(0)
    theatre.stage.press(Key.Key_Space)
    assert theatre.preview.isVisible()
    assert theatre.preview.geometry() == theatre.panel.rect()
    assert theatre.looked_at == 1
    assert "Image1.tif" in theatre.preview.accessibleName()
    QTest.keyClick(theatre.preview, Key.Key_Right)
    assert theatre.looked_at == 2
    assert theatre.stage.selected == [1], "the selection follows"
    QTest.keyClick(theatre.preview, Key.Key_Down)
    assert theatre.looked_at == 2 + theatre.stage.columns
    QTest.keyClick(theatre.preview, Key.Key_Space)
    assert not theatre.preview.isVisible()
    theatre.stage.press(Key.Key_Space)
    QTest.keyClick(theatre.preview, Key.Key_Escape)
    assert not theatre.preview.isVisible()


async def test_that_it_shows_a_large_picture_and_the_grid_fetches_its_own_again_after_it(theatre: Theatre) -> None:
    thumbnails = theatre.stage.thumbnails
    theatre.stage.click(1)
    theatre.stage.press(Key.Key_Space)
    assert theatre.colour() != "#1b1b1b", "the small picture shows until the large one comes"
    await until(lambda: thumbnails.get(2, SIZES[-1]) is not None)
    assert thumbnails.get(7, SIZES[-1]) is None, "nothing else is fetched large"
    QTest.keyClick(theatre.preview, Key.Key_Escape)
    thumbnails.forget([5])
    await thumbnails.finished()
    assert theatre.stage.painter.asked.count(5) == 2


async def test_that_an_image_without_a_picture_says_why_and_enter_opens(theatre: Theatre) -> None:
    theatre.stage.click(MISSING - 1)
    theatre.stage.press(Key.Key_Space)
    await theatre.stage.thumbnails.finished()
    assert "disk" in theatre.preview._reason
    theatre.preview.grab()
    QTest.keyClick(theatre.preview, Key.Key_Return)
    assert [one.ref.id for one in theatre.stage.opened] == [MISSING]
    assert not theatre.preview.isVisible()


async def test_that_a_space_in_a_name_that_is_being_typed_is_a_letter(theatre: Theatre) -> None:
    theatre.stage.click(0)
    QTest.keyClicks(theatre.stage.grid, "Image2 ")
    assert not theatre.preview.isVisible()


async def test_that_nothing_is_looked_at_where_there_is_no_image(theatre: Theatre) -> None:
    theatre.stage.contents.show_entities((), [])
    theatre.stage.press(Key.Key_Space)
    assert not theatre.preview.isVisible()
