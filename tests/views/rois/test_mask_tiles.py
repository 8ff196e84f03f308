"""Masks are drawn as they are, at the screen's resolution, however many and however large they are."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import numpy as np
import pytest
import pytest_asyncio
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from omero_desk.entities.rois import Shape, as_number
from omero_desk.entities.shape_kinds import ShapeKind
from omero_desk.imaging.mask_pixels import mask_bits, mask_sample
from omero_desk.views.rois import mask_tiles
from omero_desk.views.rois.mask_tiles import SIDE
from tests.support.roi_room import RED, Library, Room, library_of, untouched

ODD = (1.0, 0.0, 0.0, 1.0, 60.0, 60.0)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with library_of(tmp_path_factory.mktemp("mask-tiles"), 10) as found:
        yield found


@pytest_asyncio.fixture
async def room(library: Library) -> AsyncIterator[Room]:
    async with untouched(library) as entered:
        yield entered


def mask(pixels: NDArray[np.bool_], **fields: object) -> Shape:
    height, width = pixels.shape
    numbers = (10.0, 10.0, float(width), float(height))
    bits = np.packbits(pixels.ravel()).tobytes()
    return Shape(ShapeKind.MASK, numbers, fill=RED, bits=bits, **fields)  # type: ignore[arg-type]


def drawn(room: Room) -> QImage:
    canvas = room.viewer.canvas
    image = QImage(canvas.size(), QImage.Format.Format_RGB32)
    image.fill(0)
    with QPainter(image) as painter:
        room.side.layer.paint(painter, canvas.viewport)
    return image


def color(room: Room, image: QImage, x: float, y: float) -> QColor:
    return image.pixelColor(*map(int, room.viewer.canvas.viewport.to_canvas(x, y)))


@pytest.mark.parametrize("number", [10, 400])
async def test_that_masks_are_their_pixels_at_any_number(room: Room, number: int) -> None:
    room.side.rois.draw(*[mask(np.eye(8, dtype=bool))] * number)
    room.side.rois.select(())
    image = drawn(room)
    assert color(room, image, 14.5, 14.5).red() > 60
    assert color(room, image, 15.5, 12.5).red() == 0


@pytest.mark.parametrize("number", [10, 400])
async def test_that_points_are_where_their_transform_puts_them(room: Room, number: int) -> None:
    point = Shape(ShapeKind.POINT, (5.0, 5.0), stroke=RED, transform=ODD)
    room.side.rois.draw(*[point] * number)
    room.side.rois.select(())
    image = drawn(room)
    left, top = (int(place) for place in room.viewer.canvas.viewport.to_canvas(65, 65))
    around = [image.pixelColor(left + x, top + y).red() for x in range(-6, 7) for y in range(-6, 7)]
    assert max(around) > 128
    assert color(room, image, 5, 5).red() == 0


async def test_that_large_masks_cost_what_the_screen_has_pixels(room: Room) -> None:
    pixels = np.zeros((8000, 8000), bool)
    pixels[:, 40:80] = True
    room.side.rois.draw(*[mask(pixels)] * 4)
    room.side.rois.select(())
    image = drawn(room)
    canvas = room.viewer.canvas
    assert color(room, image, 70, 50).red() > 60
    assert color(room, image, 100, 50).red() == 0
    assert room.side.layer._masks.used <= 4 * 4 * (canvas.width() + SIDE) * (canvas.height() + SIDE)


@pytest.mark.parametrize("step", [1, 2, 8])
def test_that_a_sample_of_a_part_of_a_mask_is_unpacked_as_the_whole_is(step: int) -> None:
    rng = np.random.default_rng(step)
    pixels = rng.random((37, 53)) < 0.5
    bits = np.packbits(pixels.ravel()).tobytes()
    whole = mask_bits(bits, 53, 37)
    x, y, width, height = 11, 5, 40, 31
    part = mask_sample(bits, 53, 37, (255, 0, 0, 9), (x, y, width, height), step)[..., 3] == 9
    columns = np.minimum(np.arange(x, x + width, step) + step // 2, x + width - 1)
    rows = np.minimum(np.arange(y, y + height, step) + step // 2, y + height - 1)
    assert (part == whole[np.ix_(rows, columns)]).all()


@pytest.mark.parametrize("number", [10, 400])
async def test_that_shapes_keep_fills_arrows_and_labels_at_any_number(room: Room, number: int) -> None:
    looks = {"stroke": RED, "fill": as_number((0, 0, 255, 255))}
    filled = Shape(ShapeKind.RECTANGLE, (20.0, 20.0, 40.0, 30.0), **looks)  # type: ignore[arg-type]
    arrow = Shape(ShapeKind.LINE, (100.0, 20.0, 150.0, 20.0), stroke=RED, end="Arrow")
    label = Shape(ShapeKind.LABEL, (100.0, 100.0), "IIIIIIII", stroke=RED)
    room.side.rois.draw(*[filled, arrow, label] * number)
    room.side.rois.select(())
    image = drawn(room)
    assert color(room, image, 40, 35).blue() > 128
    tip = room.viewer.canvas.viewport.to_canvas(150, 20)
    assert image.pixelColor(int(tip[0]) - 8, int(tip[1]) + 2).red() > 60  # beside the line, within the head
    left, top = (int(place) for place in room.viewer.canvas.viewport.to_canvas(100, 100))
    letters = [image.pixelColor(left + x, top - y).red() > 60 for x in range(12, 30) for y in range(2, 8)]
    assert any(letters)
    assert not all(letters)


async def test_that_what_is_too_much_for_a_frame_is_sampled_and_finished_in_the_next_ones(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mask_tiles, "BUDGET", 1)
    pixels = np.zeros((3000, 3000), bool)
    pixels[::40] = True
    room.side.rois.draw(*[mask(pixels)] * 3)
    room.side.rois.select(())
    tiles = room.side.layer._masks
    tiles.begin(True)
    frames = 0
    while tiles.is_unfinished or not frames:
        tiles.begin(True)
        image = QImage(600, 600, QImage.Format.Format_RGB32)
        with QPainter(image) as painter:
            for key, shape in room.side.rois.shapes.of((0, 1, 2)).items():
                tiles.draw(painter, QTransform.fromScale(0.1, 0.1), key, shape)
        frames += 1
    assert frames == len(tiles._kept) > 1  # one tile in each
