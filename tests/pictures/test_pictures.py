"""What the screens look like, compared with the pictures in `stored/`; `comparison.py` says what is told apart and how.

The application is started once for each scale and theme, on a library of its own. Where a screen looks different, its
new picture and one of the difference are left among pytest's temporary files, and named. When it is meant to look so:

    OMERO_DESK_PICTURES=store .venv/bin/pytest tests/pictures

takes the stored pictures anew; look at them before they are committed. `OMERO_DESK_PICTURES_FONT="Nimbus Sans"` draws
all words in another font, which has to make no difference.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from omero_desk.views.theme.tokens import DARK, LIGHT
from tests.pictures import comparison, scenery
from tests.pictures.comparison import Photo
from tests.support.server_process import ServerProcess, running_server, server_environment

STORED: Final = Path(__file__).with_name("stored")
LOOKS: Final = ("1-light", "1-dark", "2-light", "2-dark")
"""A scale and a theme."""
SCREENS: Final = (
    *("grid", "table", "viewer", "rois", "pyramid", "plate", "heat-map"),
    *("several", "activities", "small", "components"),
    *("inspector", "spreadsheet", "omero-table"),
)
SECONDS: Final = 180
MOST_BYTES: Final = 7_500_000
TO_BE_STORED: Final = os.environ.get("OMERO_DESK_PICTURES") == "store"
FONT: Final = os.environ.get("OMERO_DESK_PICTURES_FONT", "")


@dataclass
class Studio:
    """A server with the library, and what there is to look at."""

    server: ServerProcess
    things: scenery.Scenery

    def take(self, look: str, folder: Path) -> None:
        """Take all pictures in an application of its own."""
        scale, theme = look.split("-")
        home = folder / "home"
        home.mkdir()
        address = f"{self.server.host}:{self.server.ssl_port}"
        arguments = address, theme, json.dumps(astuple(self.things)), str(folder), str(home)
        options = ("--spoil", *(("--font", FONT) if FONT else ()))
        subprocess.run(
            [sys.executable, "-m", "tests.pictures.screens", *arguments, *options],
            env={**server_environment(), **_ALWAYS, "QT_SCALE_FACTOR": scale},
            timeout=SECONDS,
            check=True,
        )


_ALWAYS: Final = {
    "QT_QPA_PLATFORM": "offscreen",
    "QT_FONT_DPI": "96",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
}


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("scenery")
    things = scenery.make(folder)
    with running_server(folder) as server:
        yield Studio(server, things)


@pytest.fixture(scope="module", params=LOOKS)
def look(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def album(look: str, studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with an application's pictures."""
    folder = tmp_path_factory.mktemp(f"pictures-{look}")
    studio.take(look, folder)
    return folder


def stored(look: str, screen: str) -> Path:
    return STORED / f"{look}-{screen}.png"


@pytest.mark.parametrize("screen", SCREENS)
def test_that_a_screen_looks_as_it_did(album: Path, look: str, screen: str) -> None:
    path = album / f"{screen}.png"
    if TO_BE_STORED:
        comparison.store(path, stored(look, screen))
    old, new = comparison.load(stored(look, screen)), comparison.load(path)
    found = comparison.differences(old, new)
    if found:
        difference = path.with_name(f"{screen}-difference.png")
        comparison.difference_picture(old, new, difference)
        pytest.fail("\n".join([f"{screen} at {look}: see {path} and {difference}", *found]), pytrace=False)


MOCK_UP: Final = {
    "top bar": (0, 28, 1440, 42),
    "left": (0, 71, 272, 802),
    "tabs": (273, 71, 842, 34),
    "head and filter": (273, 105, 842, 81),
    "content": (273, 187, 842, 686),
    "inspector": (1116, 71, 324, 802),
    "status bar": (0, 874, 1440, 26),
}
"""Left, top, width and height of the regions in the design's picture of the main window, 1440 x 900."""
NEAR: Final = 4
GROUNDS: Final = {
    "top bar": "window",
    "left": "panel",
    "head and filter": "base",
    "content": "base",
    "inspector": "panel",
    "status bar": "window",
}


def test_that_regions_are_where_the_design_has_them_and_have_its_colours(album: Path, look: str) -> None:
    found, tokens = json.loads((album / "regions.json").read_text()), DARK if "dark" in look else LIGHT
    off = {name: box for name, (*box, _) in found.items() if np.abs(np.subtract(box, MOCK_UP[name])).max() > NEAR}
    assert off == {}
    assert {name: found[name][-1] for name in GROUNDS} == {name: getattr(tokens, one) for name, one in GROUNDS.items()}


@pytest.mark.parametrize(
    ("spoiled", "places"),
    [
        ("spoiled-colour", {"image"}),
        ("spoiled-scale-bar", {"bar"}),
        ("spoiled-words", {"QToolButton Auto all (1)", "CutWords DAPI (1)", "Words to (1)"}),
    ],
)
def test_that_a_spoiled_screen_is_told_apart(album: Path, look: str, spoiled: str, places: set[str]) -> None:
    found = comparison.differences(comparison.load(stored(look, "viewer")), comparison.load(album / f"{spoiled}.png"))
    assert places <= {one.rpartition(": ")[0] for one in found}


def test_that_the_stored_pictures_stay_small() -> None:
    assert {path.stem for path in STORED.iterdir()} == {f"{look}-{screen}" for look in LOOKS for screen in SCREENS}
    assert sum(path.stat().st_size for path in STORED.iterdir()) < MOST_BYTES


@pytest.fixture(scope="module")
def viewer() -> Photo:
    return comparison.load(stored("1-light", "viewer"))


def _moved(photo: Photo, pixels: int) -> Photo:
    """All of a screen, places too, further to the right."""
    places = {
        name: (kind, (x + pixels, y, width, height)) for name, (kind, (x, y, width, height)) in photo.places.items()
    }
    return Photo(np.roll(photo.pixels, pixels, axis=1), places)


def test_that_a_few_pixels_to_the_side_make_no_difference(viewer: Photo) -> None:
    assert comparison.differences(viewer, viewer) == []
    assert comparison.differences(viewer, _moved(viewer, 6)) == []


def test_that_a_picture_with_a_little_less_light_is_told_apart(viewer: Photo) -> None:
    assert comparison.differences(viewer, viewer.painted("image", viewer.crop("image") * np.float32(0.98))) == []
    assert comparison.differences(viewer, viewer.painted("image", viewer.crop("image") * np.float32(0.85)))


def test_that_a_picture_of_another_place_is_told_apart(viewer: Photo) -> None:
    other = np.roll(viewer.crop("image"), 12, axis=1)
    assert comparison.differences(viewer, viewer.painted("image", other))


def test_that_what_is_missing_or_new_is_named(viewer: Photo) -> None:
    fewer = Photo(viewer.pixels, {name: place for name, place in viewer.places.items() if name != "image"})
    assert comparison.differences(viewer, fewer) == ["image: it is not there"]
    assert comparison.differences(fewer, viewer) == ["image: it was not there before"]


@pytest.mark.parametrize("color", [(255, 255, 255), (245, 246, 248), (40, 44, 52)])
def test_that_words_that_went_or_stand_on_another_ground_are_told_apart(viewer: Photo, color: tuple[int, ...]) -> None:
    (found,) = {
        one.partition(":")[0]
        for one in comparison.differences(viewer, viewer.painted("CutWords DAPI (1)", np.array(color)))
    }
    assert found == "CutWords DAPI (1)"


def test_that_a_panel_that_went_is_told_apart(viewer: Photo) -> None:
    """Even where nobody named a place in it."""
    pixels = viewer.pixels.copy()
    pixels[:, pixels.shape[1] * 2 // 3 :] = viewer.crop("image")[0, 0]
    found = comparison.differences(Photo(viewer.pixels, {}), Photo(pixels, {}))
    assert [one.partition(":")[0] for one in found] == ["the whole"]
