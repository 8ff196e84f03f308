"""Images whose sizes a hostile server makes up: a viewer opens them, or says in words why it does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from omero_desk.entities.errors import FailedError
from omero_desk.entities.images import Length
from omero_desk.gateway.numbers import LARGEST
from omero_desk.views.viewer.image_viewer import ImageViewer
from tests.support.array_images import ArrayReader

SIZES = [
    {"size_z": LARGEST, "size_t": LARGEST},
    {"size_t": LARGEST},
    {"size_x": LARGEST, "size_y": LARGEST},
    {"size_x": 1, "size_y": LARGEST},
    {"size_x": LARGEST, "size_y": 1, "size_z": LARGEST},
    {"physical_x": Length(5e-324, "µm"), "physical_y": Length(1e308, "ym"), "physical_z": Length(-1.0, "")},
]


@pytest.mark.parametrize("sizes", SIZES, ids=str)
async def test_that_a_viewer_shows_or_refuses_an_image_of_any_size(sizes: dict[str, object]) -> None:
    reader = ArrayReader(np.zeros((1, 2, 1, 16, 16), "uint16"))
    reader.info = replace(reader.info, **sizes)  # type: ignore[arg-type]
    try:
        viewer = ImageViewer(await reader.opened())
    except FailedError as error:
        assert str(error).endswith(".")
        return
    viewer.resize(900, 700)
    viewer.show()
    viewer._show_value(3.0, 3.0)
    viewer.model.set_plane(reader.info.size_z - 1, reader.info.size_t - 1)
    assert (viewer.model.z, viewer.model.t) == (reader.info.size_z - 1, reader.info.size_t - 1)
    viewer.canvas.fit()
    assert not viewer.grab().isNull()
    assert all(widget.minimumSizeHint().width() < 1200 for widget in viewer.findChildren(QWidget))
    viewer.close_image()
    viewer.deleteLater()
