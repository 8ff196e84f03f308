"""The values of a slide's pixels while the screen shows coarser ones."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from omero_desk.models.tools.profile import ProfileLine, ProfileModel
from tests.faults.pictures.looking import Desk, Tiles, until
from tests.faults.pictures.picture_laboratory import SLIDE, PictureLaboratory
from tests.faults.table import LONGEST

pytestmark = pytest.mark.asyncio
FAULTS = "desk.faults"

CHANNEL = "\N{FIRST STRONG ISOLATE}Channel 1\N{POP DIRECTIONAL ISOLATE}"


async def test_that_the_mouse_tells_the_coarse_value_at_once_and_the_exact_one_when_it_rests(desk: Desk) -> None:
    tiles = Tiles(desk)
    await tiles.settled()
    label = next(each for each in tiles.viewer.findChildren(QLabel) if "under the mouse" in each.accessibleName())
    tiles.viewer.canvas.pointed.emit(333.5, 401.2)
    assert label.text() == f"x 333 y 401   {CHANNEL} {SLIDE[1][0, 100, 83]}   (of 4 x 4 pixels)"
    exact = f"x 333 y 401   {CHANNEL} {SLIDE[0][0, 401, 333]}"
    await asyncio.wait_for(until(lambda: label.text() == exact), LONGEST)
    tiles.viewer.canvas.pointed.emit(-1.0, -1.0)
    assert label.text() == ""
    tiles.close()


async def test_that_a_value_that_cannot_be_read_leaves_the_coarse_one_and_the_picture(
    desk: Desk, laboratory: PictureLaboratory
) -> None:
    tiles = Tiles(desk)
    await tiles.settled()
    laboratory.admin.set(FAULTS, "getTile=ResourceError*1:0")
    tiles.viewer.canvas.pointed.emit(333.5, 401.2)
    await asyncio.wait_for(until(lambda: not laboratory.admin.get(FAULTS)), LONGEST)
    await tiles.rest()
    assert tiles.model.problem is None
    assert tiles.viewer.overlays.value.text().endswith("(of 4 x 4 pixels)")
    tiles.close()


async def test_that_a_profile_has_no_gaps_and_ends_up_with_the_images_own_pixels(desk: Desk) -> None:
    tiles = Tiles(desk)
    await tiles.settled()
    model = ProfileModel(tiles.model)
    model.set_line(ProfileLine(10.5, 500.5, 900.5, 500.5))
    coarse = model.profile()
    assert coarse is not None
    assert coarse.step == 4
    np.testing.assert_array_equal(coarse.curves[0].values, SLIDE[1][0, 125, np.arange(10, 901) // 4])

    def is_fine() -> bool:
        now = model.profile()
        return now is not None and now.step == 1

    await asyncio.wait_for(until(is_fine), LONGEST)
    fine = model.profile()
    assert fine is not None
    np.testing.assert_array_equal(fine.curves[0].values, SLIDE[0][0, 500, 10:901])
    tiles.close()
