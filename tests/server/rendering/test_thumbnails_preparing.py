"""ThumbnailStore and RawPixelsStore while pixels are still being prepared."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import omero
import pytest
from omero.gateway import BlitzGateway
from omero.rtypes import rint
from PIL import Image

from omero_desk.server.database.store import Store
from omero_desk.server.faults import PREPARING
from tests.support.gallery import Gallery, people
from tests.support.server_process import ROOT_PASSWORD, ServerProcess, running_server

PIXELS = np.add.outer(np.arange(100), np.arange(200)).astype(np.uint8)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("preparing")
    store = Store(folder)
    ids = people(store)
    gallery = Gallery(store, ids["ada"], ids["shared"])
    for name in ("kept", "unseen", "ready"):
        gallery.add(name, PIXELS, "YX")
    store.close()
    with running_server(folder, "--set", "desk.faults=") as running:
        yield running


@pytest.fixture
def gateway(server: ServerProcess) -> Iterator[BlitzGateway]:
    made = BlitzGateway("ada", "ada", host="localhost", port=server.ssl_port)
    assert made.connect()
    made.SERVICE_OPTS.setOmeroGroup(-1)
    yield made
    made.close()


def set_preparing(server: ServerProcess, text: str) -> None:
    root = BlitzGateway("root", ROOT_PASSWORD, host="localhost", port=server.ssl_port)
    assert root.connect()
    try:
        root.c.sf.getConfigService().setConfigValue(PREPARING, text)
    finally:
        root.close()


def pixels_ids(gateway: BlitzGateway) -> dict[str, int]:
    return {image.getName(): image.getPixelsId() for image in gateway.getObjects("Image")}


def looks_like_a_clock(jpeg: bytes) -> bool:
    image = Image.open(io.BytesIO(jpeg))
    return image.size[0] == image.size[1] and image.getpixel((1, 1)) == (255, 255, 255)


def test_that_what_was_kept_is_given_and_a_clock_for_the_rest(server: ServerProcess, gateway: BlitzGateway) -> None:
    ids = pixels_ids(gateway)
    store: Any = gateway.c.sf.createThumbnailStore()
    kept = store.getThumbnailByLongestSideSet(rint(96), [ids["kept"]], {"omero.group": "-1"})[ids["kept"]]
    set_preparing(server, f"{ids['kept']}:1500;{ids['unseen']}")

    def ask(name: str, side: int = 96) -> tuple[bytes, bool]:
        found = store.getThumbnailByLongestSideSet(rint(side), [ids[name]], {"omero.group": "-1"})[ids[name]]
        return found, store.isInProgress()

    assert ask("kept") == (kept, False)
    for name, side in (("kept", 64), ("unseen", 96)):
        picture, in_progress = ask(name, side)
        assert in_progress
        assert looks_like_a_clock(picture)
    assert not ask("ready")[1]
    assert gateway.getObject("Image", attributes={"name": "unseen"}).getThumbnail() is not None
    set_preparing(server, "")
    for name in ("kept", "unseen"):
        picture, in_progress = ask(name, 64)
        assert not in_progress
        assert Image.open(io.BytesIO(picture)).size == (64, 32)


def test_that_pixels_tell_when_to_come_again(server: ServerProcess, gateway: BlitzGateway) -> None:
    ids = pixels_ids(gateway)
    set_preparing(server, f"{ids['kept']}:1500")
    store = gateway.c.sf.createRawPixelsStore()
    with pytest.raises(omero.MissingPyramidException) as raised:
        store.setPixelsId(ids["kept"], False, {"omero.group": "-1"})
    assert (raised.value.backOff, raised.value.pixelsID) == (1500, ids["kept"])
    store.setPixelsId(ids["ready"], False, {"omero.group": "-1"})
    set_preparing(server, "")
    store.setPixelsId(ids["kept"], False, {"omero.group": "-1"})
    assert len(store.getPlane(0, 0, 0)) == PIXELS.size


def test_that_nonsense_is_refused(server: ServerProcess) -> None:
    with pytest.raises(omero.ApiUsageException):
        set_preparing(server, "soon")
