"""Whether two pictures of a screen look the same to a person, though fonts are drawn differently on every computer.

What is compared are places that both pictures name, of these kinds:

- `image`: nothing but an image's pixels. Shrunk to a grid of 96 x 72 and compared as it is: another canvas by a few
  pixels moves nothing in it, so a mean difference of 5 grey levels and a similarity (SSIM) of 0.95 are all it may have.
- `cell`: a small picture whose edges the words around it may move by a pixel or two. Shrunk to 16 x 16; 10 levels.
- `bar`: where the scale bar belongs: white on dark there.
- `words`: letters or an icon. No letter is compared. The ground has to be the same (12 levels a channel); what stands
  on it has to stand out as much (0.6 to 1.7 times the contrast), in about the same colour; and it has to be there.

Beyond that each cell of the whole picture, shrunk to 16 x 10, has to lie among what it and its eight neighbours were,
but for 4 levels on average: other fonts move what is beside them by less than a cell, a panel that is gone is off by
more.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngImageFile, PngInfo
from scipy.ndimage import maximum_filter, minimum_filter
from skimage.metrics import structural_similarity

PLACES: Final = "places"
Box = tuple[int, int, int, int]
"""Left, top, width, height in the picture's own pixels."""
Pixels = NDArray[np.float32]

IMAGE_GRID, IMAGE_MEAN, IMAGE_SSIM = (96, 72), 5.0, 0.95
CELL_GRID, CELL_MEAN = (16, 16), 10.0
WHOLE_GRID, WHOLE_MEAN, _AROUND = (16, 10), 4.0, 3
GROUND: Final = 12.0
CONTRAST: Final = 0.6, 1.7
LEGIBLE: Final = 40.0
"""Of words and icons with less contrast than this only the ground is compared."""
COLOUR: Final = 0.35
"""By how much a channel may be stronger or weaker, of the contrast."""
_STEP: Final = 8


@dataclass(frozen=True)
class Photo:
    """A picture of a screen, (height, width, 3) in grey levels, and its places, each with its kind."""

    pixels: Pixels
    places: Mapping[str, tuple[str, Box]]

    def crop(self, name: str) -> Pixels:
        """The pixels of a place."""
        left, top, width, height = self.places[name][1]
        return self.pixels[max(top, 0) : top + height, max(left, 0) : left + width]

    def painted(self, name: str, color: Any) -> Photo:
        """The same with a place painted over by a colour, or by pixels of its own."""
        pixels = self.pixels.copy()
        left, top, width, height = self.places[name][1]
        pixels[max(top, 0) : top + height, max(left, 0) : left + width] = color
        return replace(self, pixels=pixels)


def load(path: Path) -> Photo:
    """Read a picture with its places."""
    with Image.open(path) as image:
        assert isinstance(image, PngImageFile)
        places = json.loads(image.text[PLACES])
        pixels = np.asarray(image.convert("RGB"), np.float32)
    return Photo(pixels, {name: (kind, tuple(box)) for name, (kind, *box) in places.items()})


def store(source: Path, target: Path) -> None:
    """Keep a picture in as few bytes as go: in steps of eight grey levels, which nobody sees."""
    photo = load(source)
    levels = np.minimum(np.round(photo.pixels / _STEP) * _STEP, 255).astype(np.uint8)
    info = PngInfo()
    info.add_itxt(PLACES, json.dumps({name: [kind, *box] for name, (kind, box) in photo.places.items()}), zip=True)
    Image.fromarray(levels).save(target, optimize=True, pnginfo=info)


def difference_picture(stored: Photo, new: Photo, path: Path) -> None:
    """Save how much the pixels differ, the stored picture stretched to the new one's size."""
    height, width = new.pixels.shape[:2]
    old = Image.fromarray(stored.pixels.astype(np.uint8)).resize((width, height))
    Image.fromarray(np.abs(new.pixels - np.asarray(old, np.float32)).astype(np.uint8)).save(path)


def differences(stored: Photo, new: Photo) -> list[str]:
    """What a person would see, in words; nothing where the two look the same."""
    return [*_of_places(stored, new), *_of_whole(stored, new)]


def _of_places(stored: Photo, new: Photo) -> Iterator[str]:
    yield from (f"{name}: it is not there" for name in stored.places.keys() - new.places.keys())
    yield from (f"{name}: it was not there before" for name in new.places.keys() - stored.places.keys())
    for name, (kind, _) in stored.places.items():
        if name in new.places:
            pair = stored.crop(name), new.crop(name)
            yield from (f"{name}: {words}" for words in _COMPARISONS[kind](*pair))


def _of_whole(stored: Photo, new: Photo) -> Iterator[str]:
    """How far the cells of a coarse grid are outside of what the cell and its neighbours were."""
    old, now = _shrunk(stored.pixels, WHOLE_GRID), _shrunk(new.pixels, WHOLE_GRID)
    around = _AROUND, _AROUND, 1
    outside = np.maximum(now - maximum_filter(old, around), minimum_filter(old, around) - now)
    mean = float(np.maximum(outside, 0).mean())
    if mean > WHOLE_MEAN:
        yield f"the whole: on average it is off by {mean:.1f} grey levels"


def _compare_images(old: Pixels, new: Pixels) -> Iterator[str]:
    one, other = _shrunk(old, IMAGE_GRID), _shrunk(new, IMAGE_GRID)
    mean = _mean_difference(one, other)
    alike = structural_similarity(one, other, channel_axis=2, data_range=255)
    if mean > IMAGE_MEAN:
        yield f"on average it differs by {mean:.1f} grey levels"
    if alike < IMAGE_SSIM:
        yield f"its similarity is {alike:.3f}"


def _compare_cells(old: Pixels, new: Pixels) -> Iterator[str]:
    mean = _mean_difference(_shrunk(old, CELL_GRID), _shrunk(new, CELL_GRID))
    if mean > CELL_MEAN:
        yield f"on average it differs by {mean:.1f} grey levels"


def _compare_words(old: Pixels, new: Pixels) -> Iterator[str]:
    grounds = _ground(old), _ground(new)
    if np.abs(grounds[0] - grounds[1]).max() > GROUND:
        yield f"its ground is {grounds[1].astype(int)}, not {grounds[0].astype(int)}"
    ink, new_ink = _ink(old), _ink(new)
    contrast, new_contrast = (float(np.abs(one).max()) for one in (ink, new_ink))
    if contrast < LEGIBLE:
        return
    if not CONTRAST[0] < new_contrast / contrast < CONTRAST[1]:
        yield f"its contrast is {new_contrast:.0f}, not {contrast:.0f}"
    elif np.abs(ink / contrast - new_ink / new_contrast).max() > COLOUR:
        yield f"it is off its ground by {new_ink.astype(int)}, not by {ink.astype(int)}"


_COMPARISONS: Final = {
    "image": _compare_images,
    "cell": _compare_cells,
    "bar": _compare_words,
    "words": _compare_words,
}


def _ground(pixels: Pixels) -> NDArray[np.float32]:
    """The colour that most of a place has."""
    return np.asarray(np.median(pixels.reshape(-1, 3), axis=0), np.float32)


def _ink(pixels: Pixels) -> NDArray[np.float32]:
    """By how much the few pixels that stand out most differ from the ground, channel by channel."""
    off = pixels.reshape(-1, 3) - _ground(pixels)
    strength = np.abs(off).max(axis=1)
    few = max(len(off) // 2000, 8)  # an "i" has few pixels
    return np.asarray(off[np.argsort(strength)[-few:]].mean(axis=0), np.float32)


def _shrunk(pixels: Pixels, grid: tuple[int, int]) -> Pixels:
    """The means over a grid of (width, height) cells."""
    planes = [Image.fromarray(plane).resize(grid, Image.Resampling.BOX) for plane in np.moveaxis(pixels, 2, 0)]
    return np.stack([np.asarray(plane, np.float32) for plane in planes], axis=2)


def _mean_difference(one: Pixels, other: Pixels) -> float:
    return float(np.abs(one - other).mean())
