"""The main window where there is little room for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from omero_desk.entities.objects import Entity, Kind, Ref
from omero_desk.system.settings import Settings
from omero_desk.views.gallery.contents_bar import ContentsBar
from omero_desk.views.gallery.part import GalleryPart
from omero_desk.views.plates.part import PlatesPart
from omero_desk.views.window.frame import Region
from omero_desk.views.window.main_window import MainWindow
from omero_desk.views.window.viewer_part import ViewerPart
from tests.support.bare_desk import BareDesk
from tests.support.present import present
from tests.support.qt_loop import pytest_asyncio_loop_factories
from tests.support.running_desk import until

__all__ = ["pytest_asyncio_loop_factories"]

pytestmark = pytest.mark.asyncio

DATASET = Entity(Ref(Kind.DATASET, 7), "Mitosis", "mitosis", 3, 0)


@pytest_asyncio.fixture
async def open_desk(qapp: QApplication) -> AsyncIterator[Callable[..., BareDesk]]:
    desks: list[BareDesk] = []

    def open_desk(settings: Settings | None = None) -> BareDesk:
        desks.append(BareDesk(settings=settings))
        return desks[-1]

    yield open_desk
    for desk in desks:
        await desk.close()


def troubles(parent: QWidget) -> list[str]:
    """Name the visible children of a widget, at any depth, that lie over a sibling or stand out of their parent."""
    found = []
    for widget in (parent, *parent.findChildren(QWidget)):
        if isinstance(widget, QAbstractScrollArea) or not widget.isVisible():
            continue
        children = [
            child
            for child in widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
            if child.isVisible()
            and not child.isWindow()
            and child.layout() is None
            and child.width()
            and child.height()
        ]
        for number, child in enumerate(children):
            if not widget.rect().contains(child.geometry()):
                found.append(f"{type(child).__name__} stands out of {type(widget).__name__}")
            for other in children[number + 1 :]:
                if child.geometry().intersects(other.geometry()):
                    found.append(f"{type(child).__name__} lies over {type(other).__name__}")
    return found


async def test_that_no_control_of_the_gallery_lies_over_another_in_a_small_window(
    open_desk: Callable[..., BareDesk],
) -> None:
    desk = open_desk()
    desk.window.resize(800, 500)
    desk.window.show()
    desk.workbench._shared.selection.choose((DATASET,))
    desk.workbench.part(PlatesPart).panel.hide()
    desk.workbench.part(GalleryPart).panel.show()
    bar = present(desk.window.findChild(ContentsBar))
    bar.show()
    await until(bar.isVisible)
    desk.workbench.frame._across.setSizes([800, 1])  # as far as a hand can drag it
    await asyncio.sleep(0)
    assert desk.window.width() == 800
    assert bar.width() >= bar.minimumSizeHint().width()
    seen = QRect(bar.mapTo(desk.window, bar.rect().topLeft()), bar.size())
    assert desk.window.rect().contains(seen)
    assert troubles(bar) == []
    assert present(bar.parentWidget()).rect().contains(bar.geometry())


async def test_that_the_bottom_restored_leaves_most_of_the_window_to_its_content(
    open_desk: Callable[..., BareDesk],
) -> None:
    desk = open_desk()
    desk.window.resize(900, 1200)
    desk.window.show()
    desk.workbench.frame.show_region(Region.BOTTOM)
    desk.workbench.frame.restore_state({"bottom": [1000, True]})
    await until(lambda: desk.workbench.bottom.height() > 400)
    again = open_desk(Settings().with_state(desk.workbench.save_state()))
    again.window.resize(800, 600)
    again.window.show()
    await until(again.workbench.bottom.isVisible)
    await until(lambda: 100 < again.workbench.bottom.height() <= 0.45 * again.window.height() + 1)


async def test_that_regions_are_where_the_user_left_them(open_desk: Callable[..., BareDesk]) -> None:
    desk = open_desk()
    desk.window.resize(1400, 900)
    desk.window.show()
    frame = desk.workbench.frame
    frame.restore_state({"left": [310, True], "inspector": [400, True]})
    frame.show_region(Region.LEFT, False)
    settings = Settings.from_json(Settings().with_state(desk.workbench.save_state()).to_json())
    again = open_desk(settings)
    again.window.resize(1400, 900)
    again.window.show()
    await until(lambda: again.workbench.inspector.width() == 400)
    assert not again.workbench.frame.is_shown(Region.LEFT)
    assert not again.workbench.command("left").isChecked()
    again.workbench.command("left").trigger()
    await until(lambda: again.workbench.frame.is_shown(Region.LEFT))


@pytest.mark.parametrize("state", [None, 3, [], {"left": 3}, {"left": ["wide", True]}, {"bottom": [-5, True, 1]}])
async def test_that_a_state_that_cannot_be_restored_is_passed_over(
    open_desk: Callable[..., BareDesk], state: object
) -> None:
    desk = open_desk()
    before = desk.workbench.frame.save_state()
    desk.workbench.frame.restore_state(state)
    assert desk.workbench.frame.save_state() == before


async def test_that_a_window_that_was_narrow_for_a_while_has_its_regions_as_they_were(
    open_desk: Callable[..., BareDesk],
) -> None:
    desk = open_desk()
    desk.window.resize(1400, 900)
    desk.window.show()
    frame, inspector = desk.workbench.frame, desk.workbench.inspector
    frame.restore_state({"left": [310, True], "inspector": [400, True], "bottom": [200, True]})
    await until(lambda: inspector.width() == 400)
    before = frame.save_state()
    desk.window.resize(900, 900)
    await until(lambda: not inspector.isVisible())
    assert frame.save_state()["inspector"] == before["inspector"]
    desk.window.resize(1400, 900)
    await until(inspector.isVisible)
    await until(lambda: frame.save_state() == before)


async def test_that_in_a_narrow_window_the_inspector_lies_over_the_centre_when_asked_for(
    open_desk: Callable[..., BareDesk],
) -> None:
    desk = open_desk()
    desk.window.resize(1300, 700)
    desk.window.show()
    frame, inspector = desk.workbench.frame, desk.workbench.inspector
    await until(inspector.isVisible)
    desk.window.resize(900, 600)
    await until(lambda: not inspector.isVisible())
    centre = desk.workbench.part(ViewerPart).centre
    before = centre.width()
    desk.workbench.command("inspector").trigger()
    await until(inspector.isVisible)
    assert centre.width() == before >= 360
    assert inspector.geometry().right() == frame.rect().right()
    desk.window.resize(1300, 700)
    await until(lambda: centre.width() < desk.window.width() - inspector.width())


async def test_that_the_bottom_leaves_nothing_empty_whatever_its_height_was(
    open_desk: Callable[..., BareDesk],
) -> None:
    desk = open_desk()
    frame = desk.workbench.frame
    desk.window.resize(1300, 1200)
    desk.window.show()
    desk.workbench.command("services").trigger()
    frame.restore_state({**frame.save_state(), "bottom": [900, True]})
    for height in (1199, 700, 1300):
        desk.window.resize(1300, height)
        desk.window.grab()
        centre, bottom = (present(frame._middle.widget(n)) for n in (0, 1))
        assert bottom.height() <= 0.45 * frame.height()
        assert bottom.geometry().bottom() == frame._middle.rect().bottom()
        assert bottom.y() - centre.geometry().bottom() <= 2  # a handle is between them


async def test_that_the_window_opens_no_larger_than_the_screen(qapp: QApplication) -> None:
    room = qapp.primaryScreen().availableGeometry()
    large = MainWindow()
    large.resize(room.width() * 3, room.height() * 2)
    window = MainWindow(large.geometry_state)
    fresh = MainWindow()
    assert room.size().expandedTo(window.size()) == room.size()
    assert room.size().expandedTo(fresh.size()) == room.size()
    for one in (large, window, fresh):
        one.deleteLater()
