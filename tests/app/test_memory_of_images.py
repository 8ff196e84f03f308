"""Images that were opened and closed in the whole application leave no memory behind, though no garbage is collected.

The short form of `./run bench memory`: growth is measured, not time.
"""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from omero_desk.entities.objects import Kind, Ref
from omero_desk.models.connection.sign_in import SignInForm
from omero_desk.server.database.store import Store
from omero_desk.system import memory
from omero_desk.views.viewer.image_viewer import ImageViewer
from tests.support.gallery import Gallery, people, ramp
from tests.support.running_desk import Running, Start, until
from tests.support.server_process import ServerProcess, running_server

SIDE, SECTIONS = 1200, 3
STACK = SIDE * SIDE * SECTIONS * 2
"""Bytes of all planes of an image."""
TABS = 2
FIRST, IMAGES = 6, 16


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServerProcess, list[Ref]]]:
    folder = tmp_path_factory.mktemp("memory")
    store = Store(folder)
    ids = people(store)
    gallery = Gallery(store, ids["ada"], ids["private"])
    refs = [
        Ref(Kind.IMAGE, gallery.add(f"image {n}", ramp((SECTIONS, SIDE, SIDE), seed=n), "ZYX")) for n in range(TABS + 2)
    ]
    store.close()
    with running_server(folder) as server:
        yield server, refs


class Tabs:
    """Opens images in tabs, and closes the oldest tab when there are too many."""

    def __init__(self, running: Running) -> None:
        self._centre = running.bench.centre
        self._open: list[ImageViewer] = []
        self.closed: list[weakref.ref[object]] = []

    async def look_at(self, ref: Ref) -> None:
        viewer = self._centre.open_image(ref, f"image {ref.id}")
        self._open.append(viewer)
        for z in range(SECTIONS):
            await until(lambda: viewer.model.info is not None)
            viewer.model.set_plane(z=z)
            await until(lambda: viewer.model.is_complete and viewer.canvas.picture is not None)
        while len(self._open) > TABS:
            self.close(self._open.pop(0))

    def close_all(self) -> None:
        while self._open:
            self.close(self._open.pop())

    def close(self, viewer: ImageViewer) -> None:
        self.closed += [weakref.ref(one) for one in (viewer, viewer.model, viewer.canvas, viewer.model.raster)]
        self._centre.tabCloseRequested.emit(self._centre.indexOf(viewer))


async def test_that_closed_images_are_let_go_at_once(images: tuple[ServerProcess, list[Ref]], start: Start) -> None:
    server, refs = images
    running = start()
    running.bench.connection.sign_in(SignInForm(f"{server.host}:{server.ssl_port}", "ada", "ada"))
    await until(lambda: running.bench.connection.account is not None and not running.bench.connection.busy)
    assert not gc.isenabled()
    pool, tabs, held = running.bench.models.images.pool, Tabs(running), []
    for number in range(IMAGES):
        await tabs.look_at(refs[number % len(refs)])
        held.append(memory.resident())
    assert pool.used <= 2 * TABS * STACK
    assert held[-1] - held[FIRST - 1] < 2 * STACK, "of ten stacks in between"
    tabs.close_all()
    await running.bench.models.images.finished()
    await until(lambda: not any(one() is not None for one in tabs.closed))
    assert pool.used == 0
