"""The channels of an image: how they become a picture, their curves, and boxes for their levels."""

from __future__ import annotations

from collections.abc import AsyncIterator

import numpy as np
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSize
from PySide6.QtGui import QValidator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from omero_desk.entities.images import Family, Model
from omero_desk.views.channels.channel_menu import ChannelMenu
from omero_desk.views.channels.level_box import LevelBox
from omero_desk.views.channels.rendering_head import COLOUR, GREY, ONE
from omero_desk.views.viewer.image_viewer import ImageViewer
from tests.support.accessibility import nameless
from tests.support.array_images import ArrayReader
from tests.support.viewer_host import ViewerHost

STACK = np.random.default_rng(3).integers(100, 900, (1, 3, 1, 20, 30)).astype("uint16")


@pytest_asyncio.fixture
async def viewer() -> AsyncIterator[ImageViewer]:
    made = ImageViewer(await ArrayReader(STACK).opened())
    host = ViewerHost(made, QSize(500, 400))
    made.canvas.repaint()
    yield made
    made.close_image()
    host.close()
    host.deleteLater()


def active(viewer: ImageViewer) -> list[bool]:
    return [channel.active for channel in viewer.model.settings.channels]


def press(viewer: ImageViewer, mode: int) -> None:
    viewer.channels.head._modes.button(mode).click()


async def test_that_colour_grey_and_one_channel_are_one_switch_and_can_be_undone(viewer: ImageViewer) -> None:
    model = viewer.model
    press(viewer, COLOUR)
    model.show_channels(lambda number: number != 0)
    before = model.settings
    press(viewer, GREY)
    assert model.settings.model is Model.GREYSCALE
    press(viewer, ONE)
    assert (model.settings.model, active(viewer)) == (Model.RGB, [False, True, False])
    viewer.channels.rows[2].active.click()
    assert active(viewer) == [False, False, True]
    viewer.channels.rows[2].active.click()
    assert active(viewer) == [False, False, True]
    assert viewer.channels.rows[2].active.isChecked()
    press(viewer, COLOUR)
    assert model.settings == before
    press(viewer, ONE)
    model.undo()
    assert viewer.channels.head._modes.checkedId() == COLOUR
    viewer.channels.rows[0].active.click()
    assert active(viewer) == [True, True, True]


async def test_that_everything_about_channels_has_a_name_to_read_out(viewer: ImageViewer) -> None:
    viewer.overlay_section.open()
    assert nameless(viewer.channels) == []
    assert all(button.toolTip() for button in viewer.channels.findChildren(QToolButton) if button.isVisible())


async def test_that_details_are_shown_while_their_channel_is(viewer: ImageViewer) -> None:
    row = viewer.channels.rows[1]
    viewer.model.set_channel(1, active=True)
    assert row.details is not None
    assert row.details.isVisible()
    row.called.clicked.emit()
    assert not active(viewer)[1]
    assert not row.details.isVisible()


@pytest.mark.parametrize("family", [Family.EXPONENTIAL, Family.LOGARITHMIC, Family.POLYNOMIAL])
async def test_that_a_curve_is_chosen_in_the_menu_and_its_number_in_the_box(
    viewer: ImageViewer, family: Family
) -> None:
    row = viewer.channels.rows[0]
    menu = row.menu_button.menu()
    assert isinstance(menu, ChannelMenu)
    assert row.details is not None
    menu.curves[family].trigger()
    assert viewer.model.settings.channels[0].family is family
    assert row.details.gamma.isEnabled() == (family is not Family.LOGARITHMIC)
    if family is not Family.LOGARITHMIC:
        row.details.gamma.setValue(1.3)
        assert viewer.model.settings.channels[0].coefficient == 1.3
    menu.aboutToShow.emit()
    assert menu.curves[viewer.model.settings.channels[0].family].isChecked()
    menu.curves[Family.LINEAR].trigger()
    assert (viewer.model.settings.channels[0].family, row.details.gamma.value()) == (Family.LINEAR, 1.0)


async def test_that_contrast_from_the_least_to_the_greatest_value_leaves_none_out(viewer: ImageViewer) -> None:
    viewer.model.show_channels(lambda number: number < 2)
    viewer.canvas.repaint()
    viewer.model.show_all()
    for number in range(2):
        channel = viewer.model.settings.channels[number]
        assert (channel.start, channel.end) == (STACK[0, number].min(), STACK[0, number].max())
    before = viewer.model.settings.channels[0]
    viewer.channels.rows[0].auto.click()
    after = viewer.model.settings.channels[0]
    assert before.start < after.start < after.end < before.end


async def test_that_the_head_says_whose_rendering_it_is_and_that_it_was_changed(viewer: ImageViewer) -> None:
    head = viewer.channels.head
    assert "changed" not in head._state.text()
    assert head._title.text() == "Imported rendering"
    viewer.model.set_channel(0, start=5.0)
    assert "changed" in head._state.text()


@given(st.integers(-(2**32), 2**32))
def test_that_a_box_for_whole_values_shows_all_digits_in_groups_and_reads_them_back(number: int) -> None:
    box = LevelBox(True)
    text = box.textFromValue(float(number))
    assert text.replace("\N{NO-BREAK SPACE}", "") == str(number)
    assert box.valueFromText(text) == number
    assert box.validate(text, 0)[0] == QValidator.State.Acceptable


@pytest.mark.parametrize(("text", "value"), [("1e3", 1000), ("3 179", 3179), ("2.5e2", 250), ("12,6", 13)])
async def test_that_a_level_may_be_typed_with_an_exponent(viewer: ImageViewer, text: str, value: float) -> None:
    details = viewer.channels.rows[0].details
    assert details is not None
    details.end.selectAll()
    QTest.keyClicks(details.end, text)
    details.end.interpretText()
    assert viewer.model.settings.channels[0].end == value
