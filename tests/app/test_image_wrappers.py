"""A package's wrapper that lists children of images, in the application: the gallery stays."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex

from omero_desk.models.connection.sign_in import SignInForm
from omero_desk.models.tree.row_data import Role
from omero_desk.server.database.store import Store
from omero_desk.system.settings import Settings
from tests.support.gallery import Gallery, people
from tests.support.library_writer import LibraryWriter
from tests.support.python_packages import install, packages_in
from tests.support.running_desk import Running, Start, until
from tests.support.server_process import ServerProcess, running_server

ONE = QItemSelectionModel.SelectionFlag.ClearAndSelect
SOURCE = """
import omero.gateway

class ImageWrapper(omero.gateway.ImageWrapper):
    def getName(self):
        return "My " + super().getName()

    def listChildren(self, **kwargs):
        return self.listAnnotations()
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Ada's dataset of two images, the first with a comment."""
    folder = tmp_path_factory.mktemp("image wrappers")
    store = Store(folder)
    ids = people(store)
    gallery = Gallery(store, ids["ada"], ids["shared"])
    images = [gallery.add(name, np.full((20, 30), 40, np.uint8), "YX") for name in ("first", "second")]
    with store.write() as connection:
        writer = LibraryWriter(store, connection, ids["ada"], ids["shared"])
        (dataset,) = writer.named("Dataset", "Dataset")
        writer.link("DatasetImageLink", [dataset] * 2, images)
        writer.link("ImageAnnotationLink", images[:1], writer.add("CommentAnnotation", {"textValue": "Look here"}))
    store.close()
    with running_server(folder) as server:
        yield server


@pytest.fixture
def package(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("packages")
    install(folder, "image_children", SOURCE, {"images": "image_children:ImageWrapper"})
    with packages_in(folder, monkeypatch):
        yield


async def opened(running: Running, name: str, below: QModelIndex) -> QModelIndex:
    tree = running.bench.tree
    rows = (tree.index(number, 0, below) for number in range(tree.rowCount(below)))
    index = next(index for index in rows if index.data(Role.NAME) == name)
    tree.fetchMore(index)
    await tree.finished()
    return index


async def chosen(running: Running, index: QModelIndex) -> list[str]:
    """Select a row of the tree; return the names of the images that the gallery shows."""
    running.bench.browser.view.selectionModel().setCurrentIndex(index, ONE)
    models = running.bench.models
    for model in (models.tree, models.gathering, models.thumbnails, models.sizes, models.counts):
        await model.finished()
    assert running.bench.gallery.isVisible()
    return [models.contents.index(number, 0).data() for number in range(models.contents.rowCount())]


async def test_that_images_with_children_keep_their_gallery_and_thumbnails(
    package: None, start: Start, server: ServerProcess, tmp_path: Path
) -> None:
    running = start(settings=Settings())
    running.window.resize(1000, 600)
    connection, tree = running.bench.connection, running.bench.tree
    connection.sign_in(SignInForm(f"{server.host}:{server.ssl_port}", "ada", "ada", group="shared lab"))
    await until(lambda: connection.account is not None and tree.rowCount() and not tree.progress)
    dataset = await opened(running, "Dataset", QModelIndex())
    image = await opened(running, "My first", dataset)
    assert tree.rowCount(image) == 1
    annotation = tree.index(0, 0, image)
    assert annotation.data(Role.KIND) == "CommentAnnotation"
    for index in (dataset, image, annotation):
        assert await chosen(running, index) == ["My first", "My second"]
    thumbnails, ids = running.bench.models.thumbnails, [tree.path(image)[-1].id]
    await until(lambda: all(thumbnails.get(one, 192) or thumbnails.get(one, 96) for one in ids))
