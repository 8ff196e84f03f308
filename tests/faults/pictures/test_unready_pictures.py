"""Images that the server still prepares: the reason in place, a thumbnail meanwhile, and pixels once they are there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.errors import NotReadyError
from omero_desk.gateway.images.thumbnails import pictures
from omero_desk.models.viewer import preparation
from omero_desk.models.viewer.preparation import Preparation
from tests.faults.pictures.conftest import READS
from tests.faults.pictures.looking import Desk, Tiles, until
from tests.faults.pictures.picture_laboratory import PictureLaboratory

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("in_no_hurry")]
PREPARING = "desk.faults.preparing"
LONGEST = 100.0
"""Seconds for anything: on a busy computer too there is an answer, as nothing here is in the way of one."""
SHOWN = "Its thumbnail is shown until then."


@pytest.fixture
def in_no_hurry(in_small_pieces: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no request given up."""
    for read in READS:
        monkeypatch.setattr(read, "patience", LONGEST, raising=False)


@pytest.fixture
def pixels_id(laboratory: PictureLaboratory) -> Iterator[int]:
    """Those of the slide, which are ready again after the test."""
    ((found,),) = laboratory.admin.rows(f"select p.id from Pixels p where p.image.id = {laboratory.slide.id}")
    yield found
    laboratory.admin.set(PREPARING, "")


async def wait_for(condition: Callable[[], object]) -> None:
    await asyncio.wait_for(until(condition), LONGEST)


def red(image: QImage) -> NDArray[np.int64]:
    """The red of a picture; from its upper part alone, where no words are."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[: image.height() // 4, : image.width() * 3 : 3].astype(int)


async def refused(tiles: Tiles) -> NotReadyError:
    """Why there are no pixels; the reason can be read and something done about it."""
    with pytest.raises(NotReadyError) as refused:
        await asyncio.wait_for(tiles.settled(), LONGEST)
    return refused.value


async def test_that_retry_asks_at_once_and_without_a_thumbnail_the_reason_stands_alone(
    laboratory: PictureLaboratory, desk: Desk, pixels_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparation, "SOONEST_S", 60.0)
    laboratory.admin.set(PREPARING, str(pixels_id))
    tiles = Tiles(desk)
    await refused(tiles)
    await desk.images.finished()
    assert tiles.model.stand_in == b""
    assert "still preparing" in tiles.viewer.canvas._words()
    tiles.retry()
    await refused(tiles)
    laboratory.admin.set(PREPARING, "")
    tiles.retry()
    await asyncio.wait_for(tiles.begin(), LONGEST)
    await asyncio.wait_for(tiles.finish(), LONGEST)
    tiles.close()


async def test_that_a_thumbnail_stands_in_until_the_pyramid_is_there_and_then_nobody_has_to_ask(
    laboratory: PictureLaboratory, desk: Desk, pixels_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparation, "SOONEST_S", 60.0)  # nothing is asked while it is looked at
    thumbnail = (await desk.service.call(Lane.JOBS, pictures, [pixels_id], 96))[pixels_id]
    laboratory.admin.set(PREPARING, f"{pixels_id}:20")
    tiles = Tiles(desk)
    assert (await refused(tiles)).back_off == 0.02
    canvas = tiles.viewer.canvas
    await wait_for(lambda: tiles.model.stand_in)
    assert tiles.model.stand_in == thumbnail
    await wait_for(lambda: canvas._words().endswith(SHOWN))
    shown, side = canvas.grab().toImage(), min(canvas.width(), canvas.height())
    left, top = (canvas.width() - side) // 2, (canvas.height() - side) // 2
    expected = QImage.fromData(thumbnail).scaled(
        QSize(side, side), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    assert np.abs(red(shown.copy(left, top, side, side)) - red(expected)).mean() < 10
    (waiting,) = [each._again for each in desk.images.findChildren(Preparation) if each._again.isActive()]
    assert waiting.interval() == 60_000
    waiting.start(0)  # the time is over, and it is not ready yet
    await wait_for(lambda: waiting.isActive() and waiting.interval() == 60_000)
    assert isinstance(tiles.model.problem, NotReadyError)
    assert tiles.model.stand_in == thumbnail
    laboratory.admin.set(PREPARING, "")
    waiting.start(0)
    await wait_for(lambda: tiles.model.problem is None and tiles.model.is_complete)
    assert tiles.model.stand_in == b""
    assert canvas._words() == ""
    await tiles.begin()
    await tiles.finish()
    tiles.close()
