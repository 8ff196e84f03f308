"""Regions of interest of the demo: the nuclei of its label picture, outlined, measured and pointed at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import skimage.measure
import tifffile
from numpy.typing import NDArray

from omero_desk.server.demo.shelf import Shelf

Row = dict[str, object]
_COLOURS: Final = (0x4FC3F7FF, 0xFFB74DFF, 0xAED581FF, 0xF06292FF, 0xBA68C8FF)
"""Red, green, blue and alpha."""
_COARSE: Final = 0.4
"""Pixels that an outline may be away from what it outlines."""


@dataclass(frozen=True)
class _Nucleus:
    """A label, its pixels within their box, and where that is."""

    number: int
    inside: NDArray[np.bool_]
    y: int
    x: int
    centre: tuple[float, float]
    axes: tuple[float, float]


def add_rois(shelf: Shelf, labels: Path, images: Sequence[int], time: int) -> None:
    """Give images that show these labels a region for each nucleus, of another sort on each image in turn."""
    nuclei = _nuclei(tifffile.imread(labels))
    for n, image in enumerate(images):
        class_name, row = _SORTS[n % len(_SORTS)]
        _add(shelf, image, {class_name: [row(nucleus) for nucleus in nuclei]}, time)
    if images:
        _add(shelf, images[0], _remarks(nuclei), time)


def _add(shelf: Shelf, image: int, rows: Mapping[str, Sequence[Row]], time: int) -> None:
    for class_name, shapes in rows.items():
        rois = shelf.add("Roi", [{"image_id": image}] * len(shapes), time)
        shelf.add(
            class_name, [{**row, "roi_id": roi, "roi_index": 0} for row, roi in zip(shapes, rois, strict=True)], time
        )


def _nuclei(picture: NDArray[np.generic]) -> list[_Nucleus]:
    return [
        _Nucleus(
            int(region.label),
            region.image,
            region.bbox[0],
            region.bbox[1],
            (region.centroid[1] + 0.5, region.centroid[0] + 0.5),
            ((region.bbox[3] - region.bbox[1]) / 2, (region.bbox[2] - region.bbox[0]) / 2),
        )
        for region in skimage.measure.regionprops(picture)
    ]


def _look(nucleus: _Nucleus, filled: bool = False) -> Row:
    colour = _COLOURS[nucleus.number % len(_COLOURS)]
    inside = colour & 0xFFFFFF00 | 0x60 if filled else None
    return {
        "textValue": f"nucleus {nucleus.number}",
        "strokeColor": _signed(colour),
        "fillColor": None if inside is None else _signed(inside),
        "strokeWidth": 1.0,
        "strokeWidth_unit": "PIXEL",
        "theZ": 0,
        "theT": 0,
    }


def _polygon(nucleus: _Nucleus) -> Row:
    padded = np.pad(nucleus.inside, 1)
    outline = max(skimage.measure.find_contours(padded, 0.5), key=len)
    vertices = skimage.measure.approximate_polygon(outline, _COARSE)[:-1]
    points = " ".join(f"{x - 0.5 + nucleus.x:.2f},{y - 0.5 + nucleus.y:.2f}" for y, x in vertices)
    return {**_look(nucleus), "points": points}


def _ellipse(nucleus: _Nucleus) -> Row:
    place = {"x": nucleus.x + nucleus.axes[0], "y": nucleus.y + nucleus.axes[1]}
    return {**_look(nucleus), **place, "radiusX": nucleus.axes[0], "radiusY": nucleus.axes[1]}


def _rectangle(nucleus: _Nucleus) -> Row:
    return {**_look(nucleus), **_box(nucleus)}


def _mask(nucleus: _Nucleus) -> Row:
    return {**_look(nucleus, filled=True), **_box(nucleus), "bytes": np.packbits(nucleus.inside).tobytes()}


def _point(nucleus: _Nucleus) -> Row:
    return {**_look(nucleus), "x": nucleus.centre[0], "y": nucleus.centre[1]}


def _box(nucleus: _Nucleus) -> Row:
    height, width = nucleus.inside.shape
    return {"x": float(nucleus.x), "y": float(nucleus.y), "width": float(width), "height": float(height)}


_SORTS: Final[Sequence[tuple[str, Callable[[_Nucleus], Row]]]] = (
    ("Polygon", _polygon),
    ("Mask", _mask),
    ("Ellipse", _ellipse),
    ("Rectangle", _rectangle),
    ("Point", _point),
)


def _remarks(nuclei: Sequence[_Nucleus]) -> Mapping[str, Sequence[Row]]:
    """A label and an arrow for the largest, and the way through the first few."""
    largest = max(nuclei, key=lambda nucleus: int(nucleus.inside.sum()))
    x, y = largest.centre
    look = {"strokeColor": _signed(0xFFEB3BFF), "strokeWidth": 2.0, "strokeWidth_unit": "PIXEL"}
    letters = {"fontSize": 14.0, "fontSize_unit": "POINT"}
    way = " ".join(f"{nucleus.centre[0]:.1f},{nucleus.centre[1]:.1f}" for nucleus in nuclei[:6])
    return {
        "Label": [{**look, **letters, "x": x + 30, "y": y - 34, "textValue": "largest"}],
        "Line": [{**look, "x1": x + 28, "y1": y - 30, "x2": x + 6, "y2": y - 6, "markerEnd": "Arrow"}],
        "Polyline": [{**look, "points": way, "textValue": "in the order of their labels"}],
    }


def _signed(colour: int) -> int:
    return colour - (1 << 32) if colour >= 1 << 31 else colour
