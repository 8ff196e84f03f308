"""Pictures run on Qt's own event loop, as in the application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from omero_desk.gateway.images import image, luts, pixels, thumbnails
from omero_desk.gateway.rois import rois
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.models.gallery import thumbnails as thumbnails_model
from omero_desk.models.rasters import tile_raster
from omero_desk.models.viewer import images as images_model
from omero_desk.readers import images as readers
from omero_desk.readers import rois as roi_reader
from tests.faults.operations import PATIENCE
from tests.faults.pictures.looking import Desk
from tests.faults.pictures.picture_laboratory import TILE, PictureLaboratory
from tests.faults.table import signed_in
from tests.support.qt_loop import pytest_asyncio_loop_factories

__all__ = ["pytest_asyncio_loop_factories"]

READS = (
    image.opened, pixels.pyramid, pixels.tiles, pixels.prepare, pixels.release, readers._planes, luts.tables,
    rois.counts, roi_reader._page, thumbnails.sources, thumbnails.pictures, thumbnails.picture,
)  # fmt: skip


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PictureLaboratory]:
    with PictureLaboratory(tmp_path_factory.mktemp("pictures")) as laboratory:
        yield laboratory


@pytest.fixture
def in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have little come in many requests, each of which is soon given up."""
    for read in READS:
        monkeypatch.setattr(read, "patience", 2 * PATIENCE, raising=False)
    monkeypatch.setattr(images_model, "LARGEST_PLANE", 128 * 128)
    monkeypatch.setattr(tile_raster, "LEAST", TILE)
    monkeypatch.setattr(tile_raster, "BATCH", 4)
    monkeypatch.setattr(thumbnails_model, "BATCH", 3)
    monkeypatch.setattr(rois, "PAGE", 5)


@pytest_asyncio.fixture
async def desk(
    laboratory: PictureLaboratory, service: ServiceManager, in_small_pieces: None, tmp_path: Path
) -> AsyncIterator[Desk]:
    """Signed in, nothing open yet."""
    await signed_in(laboratory, service)
    made = Desk(laboratory, service, tmp_path)
    yield made
    await made.close()
    assert made.reported.errors == []
