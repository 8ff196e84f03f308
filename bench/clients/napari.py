"""napari-omero: its gateway, tree, thumbnails and loaders, without napari's window."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from bench.clients.tasks import Place, Tasks

TASKS = Tasks("napari-omero", "napari-omero", "napari", "omero-marshal", "omero-rois")
_WAIT_S = 60


@cache
def gateway(place: Place) -> Any:
    """Sign in, as the sign-in form does; the session's file stays in the task's folder."""
    os.environ.update(OMERO_USERDIR=str(place.folder / "omero"), QT_QPA_PLATFORM="offscreen")
    from napari_omero.widgets import QGateWay  # noqa: PLC0415  # it reads the environment when it is imported
    from qtpy.QtWidgets import QApplication  # noqa: PLC0415  # likewise

    gateway.application = QApplication([])  # type: ignore[attr-defined]  # Qt's must not be collected
    made = QGateWay()
    failures: list[Any] = []
    made.error.connect(failures.append)
    made._create_session(place.host, str(place.port), place.user, place.password)
    assert made.isConnected(), failures
    return made


def wait(place: Place, is_so: Callable[[], Any]) -> None:
    """Let Qt work until something is true."""
    gateway(place)
    ends = time.monotonic() + _WAIT_S
    while not is_so():
        assert time.monotonic() < ends, "it does not end"
        gateway.application.processEvents()  # type: ignore[attr-defined]  # see there
        time.sleep(0.01)


def dataset_item(place: Place) -> Any:
    """Return the tree's item of the first dataset that has images, its images fetched."""
    from napari_omero.widgets.tree_model import OMEROTreeModel  # noqa: PLC0415  # see `gateway`

    model = OMEROTreeModel(gateway(place))
    model.submit_get_projects(owner=gateway(place).conn.getUserId())
    wait(place, lambda: model.rowCount() and hasattr(model.item(0), "wrapper"))
    for row in range(model.rowCount()):
        index = model.index(row, 0)
        if model.canFetchMore(index):
            model.fetchMore(index)
        for number in range(model.item(row).rowCount()):
            inner = model.index(number, 0, index)
            if model.itemFromIndex(inner).isDataset() and model.canFetchMore(inner):
                model.fetchMore(inner)
                dataset_item.model = model  # type: ignore[attr-defined]  # an item does not keep its model
                return model.itemFromIndex(inner)
    raise AssertionError("There is no dataset with images.")


@TASKS("sign in, and again with the stored session")
def _sign_in(place: Place) -> str:
    made = gateway(place)
    assert made.conn.getUser().getName() == place.user
    host, user, _, _ = made.get_current()
    return f"{user}@{host}"


@TASKS("the tree: projects, datasets, images")
def _tree(place: Place) -> str:
    item = dataset_item(place)
    assert item.rowCount() == item.n_children
    return f"{item.text()}: {item.child(0).text()}"


@TASKS("the grid of thumbnails")
def _thumbnails(place: Place) -> str:
    from napari_omero.widgets.thumb_grid import ThumbGrid  # noqa: PLC0415  # see `gateway`

    item = dataset_item(place)
    grid = ThumbGrid(gateway(place))
    grid.set_dataset(item)
    wait(place, lambda: grid.count() == item.n_children)
    assert not any(grid.item(row).icon().isNull() for row in range(grid.count()))
    return f"{grid.count()} thumbnails"


@TASKS("an image as a layer: its planes, colours and limits")
def _layer(place: Place) -> str:
    from napari_omero.plugins.loaders import load_image_wrapper  # noqa: PLC0415  # see `gateway`

    image = gateway(place).conn.getObject("Image", dataset_item(place).child(0).wrapper.id)
    data, settings, kind = load_image_wrapper(image)[0]
    assert kind == "image"
    plane = np.asarray(data[0, 0, 0])
    assert np.array_equal(plane, image.getPrimaryPixels().getPlane(0, 0, 0))
    assert len(settings["contrast_limits"]) == image.getSizeC()
    assert settings["metadata"]["omero"]["@id"] == image.id
    return f"{data.shape}, {settings['name']}"


@TASKS("a pyramid, tile by tile")
def _pyramid(place: Place) -> str:
    from napari_omero.plugins.loaders import get_pyramid_lazy  # noqa: PLC0415  # see `gateway`

    conn = gateway(place).conn
    dataset = next(conn.getObjects("Dataset", attributes={"name": "Whole sections"}))
    image = conn.getObject("Image", next(iter(dataset.listChildren())).id)
    levels = get_pyramid_lazy(image)
    smallest = np.asarray(levels[-1][0, 0, 0])
    assert smallest.shape == levels[-1].shape[-2:]
    assert smallest.max() > smallest.min()
    assert np.asarray(levels[0][0, 0, 0, 4000:4100, 4000:4100]).shape == (100, 100)
    return f"{len(levels)} levels, {levels[0].shape[-2:]} to {smallest.shape}"


@TASKS("labels saved as masks, and loaded")
def _labels(place: Place) -> str:
    from napari_omero.plugins.loaders import load_rois  # noqa: PLC0415  # see `gateway`
    from omero_rois import masks_from_label_image, shape_to_binary_image  # noqa: PLC0415  # comes with it

    conn = gateway(place).conn
    image = conn.getObject("Image", dataset_item(place).child(0).wrapper.id)
    labels = np.zeros((image.getSizeY(), image.getSizeX()), int)
    labels[2:9, 3:11] = 1
    made = _saved(conn, image, masks_from_label_image(labels))
    found = next(r for r in conn.getRoiService().findByImage(image.id, None).rois if r.id.val == made.id.val)
    mask, _ = shape_to_binary_image(found.copyShapes()[0])
    assert mask.sum() == (labels == 1).sum()
    load_rois(conn, image, load_points=True)
    conn.deleteObjects("Roi", [made.id.val], wait=True)
    return f"{mask.shape}"


def _saved(conn: Any, image: Any, shapes: list[Any]) -> Any:
    import omero  # noqa: PLC0415  # after napari-omero has set the folder

    roi = omero.model.RoiI()
    roi.setImage(image._obj)
    for shape in shapes:
        roi.addShape(shape)
    return conn.getUpdateService().saveAndReturnObject(roi)
