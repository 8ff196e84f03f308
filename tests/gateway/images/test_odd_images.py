"""Images whose numbers cannot be real, and images that cannot be shown: each is told in its own words."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Iterator
from typing import Any

import numpy as np
import omero.model
import pytest
import pytest_asyncio
from omero.model.enums import UnitsLength
from omero.rtypes import rdouble, rint, rstring

from omero_desk.entities.connection_states import Lane
from omero_desk.entities.errors import FailedError
from omero_desk.entities.images import Length, OpenedImage
from omero_desk.entities.objects import Kind, Ref
from omero_desk.gateway.images import image, thumbnails
from omero_desk.gateway.plates import plates
from omero_desk.gateway.rois import rois
from omero_desk.gateway.service.manager import ServiceManager
from tests.support.server_process import running_server
from tests.support.wire_lab import WireLab, named, new_image, pixels_of, saved, wire_lab

MODEL: Any = omero.model


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WireLab]:
    with (
        running_server(tmp_path_factory.mktemp("odd-images")) as server,
        wire_lab(server, permissions="rw----") as made,
    ):
        yield made


@pytest.fixture(scope="module")
def ada(lab: WireLab) -> Any:
    return lab.gateway()


@pytest_asyncio.fixture
async def service(lab: WireLab) -> AsyncIterator[ServiceManager]:
    manager = ServiceManager()
    await manager.sign_in(lab.sign_in())
    yield manager
    manager.close()


async def opened(service: ServiceManager, identity: int) -> OpenedImage:
    return await service.call(Lane.METADATA, image.opened, Ref(Kind.IMAGE, identity))


def changed(ada: Any, **fields: Any) -> int:
    identity = new_image(ada)
    pixels = pixels_of(ada, identity)
    for name, value in fields.items():
        setattr(pixels, name, value)
    saved(ada, pixels)
    return identity


@pytest.mark.parametrize("value", [math.inf, math.nan, -1.0, 0.0, 1e300, -math.inf])
async def test_that_a_pixel_size_that_cannot_be_is_not_known(service: ServiceManager, ada: Any, value: float) -> None:
    length = omero.model.LengthI(value, UnitsLength.MICROMETER)
    found = await opened(service, changed(ada, physicalSizeX=length, physicalSizeZ=length))
    assert found.info.physical_x is None
    assert found.info.physical_z is None


async def test_that_a_section_in_decimetres_is_known(service: ServiceManager, ada: Any) -> None:
    length = omero.model.LengthI(1e-5, UnitsLength.DECIMETER)
    found = await opened(service, changed(ada, physicalSizeZ=length))
    assert found.info.physical_z == Length(1e-5, "dm")


@pytest.mark.parametrize(("field", "words"), [("sizeX", "size"), ("sizeZ", "planes"), ("sizeC", "channels")])
@pytest.mark.parametrize("value", [0, -1, -(2**31)])
async def test_that_a_size_that_cannot_be_is_refused_in_words(
    service: ServiceManager, ada: Any, field: str, words: str, value: int
) -> None:
    identity = changed(ada, **{field: rint(value)})
    with pytest.raises(FailedError, match=f"{words}.*{value}|{value}.*{words}"):
        await opened(service, identity)
    assert await service.call(Lane.METADATA, thumbnails.sizes, [identity]) == {}


async def test_that_two_billion_channels_are_refused(service: ServiceManager, ada: Any) -> None:
    with pytest.raises(FailedError, match=r"2147483647 channels\. OMERO Desk shows images of 1 to 1024"):
        await opened(service, changed(ada, sizeC=rint(2**31 - 1)))


@pytest.mark.parametrize("value", [math.nan, math.inf])
async def test_that_extremes_that_are_not_numbers_count_as_unknown(
    service: ServiceManager, ada: Any, value: float
) -> None:
    plane = np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8)
    plane[0, 0] = value
    found = await opened(service, new_image(ada, "float", plane))
    assert [channel.extremes for channel in found.info.channels] == [None]


@pytest.mark.parametrize("kind", ["complex", "double-complex"])
async def test_that_pixels_of_a_type_that_cannot_be_shown_are_named(
    service: ServiceManager, ada: Any, kind: str
) -> None:
    found = ada.getQueryService().findByString("PixelsType", "value", kind)
    with pytest.raises(FailedError, match=f"of the type {kind}, which OMERO Desk cannot show"):
        await opened(service, changed(ada, pixelsType=found))


async def test_that_an_image_without_pixels_says_so(service: ServiceManager, ada: Any) -> None:
    with pytest.raises(FailedError, match="This image has no pixels"):
        await opened(service, saved(ada, named(omero.model.ImageI, "none")))


async def test_that_an_image_that_is_deleted_meanwhile_says_so(service: ServiceManager, ada: Any) -> None:
    identity = new_image(ada)
    ada.deleteObjects("Image", [identity], wait=True)
    with pytest.raises(FailedError, match=f"Image {identity} is not on the server any more"):
        await opened(service, identity)


async def test_that_somebody_elses_private_image_says_so(service: ServiceManager, lab: WireLab) -> None:
    identity = new_image(lab.gateway("ben"))
    with pytest.raises(FailedError, match=f"Image {identity} belongs to somebody else"):
        await opened(service, identity)


async def test_that_a_plate_says_how_many_rows_it_may_have(service: ServiceManager, ada: Any) -> None:
    plate = saved(ada, named(omero.model.PlateI, "vast", rows=rint(2**31 - 1), columns=rint(-5)))
    info = await service.call(Lane.METADATA, plates.opened, Ref(Kind.PLATE, plate))
    assert (info.rows, info.columns) == (0, 0)
    for row in (3, -7):
        well = omero.model.WellI()
        well.row, well.column, well.plate = rint(row), rint(1), omero.model.PlateI(plate, False)
        saved(ada, well)
    info = await service.call(Lane.METADATA, plates.opened, Ref(Kind.PLATE, plate))
    assert (info.rows, info.columns) == (4, 2)
    wells, _ = await service.call(Lane.METADATA, plates.wells, plate)
    assert [well.row for well in wells] == [3]
    well = omero.model.WellI()
    well.row, well.column, well.plate = rint(2**31 - 1), rint(1), omero.model.PlateI(plate, False)
    saved(ada, well)
    with pytest.raises(FailedError, match="row or column 2147483648; OMERO Desk shows 1024"):
        await service.call(Lane.METADATA, plates.opened, Ref(Kind.PLATE, plate))


async def test_that_a_shape_with_numbers_that_cannot_be_is_nowhere(service: ServiceManager, ada: Any) -> None:
    identity = new_image(ada)
    roi, shape = MODEL.RoiI(), MODEL.RectangleI()
    roi.setImage(omero.model.ImageI(identity, False))
    shape.x, shape.y, shape.width, shape.height = map(rdouble, (1.0, math.inf, 3.0, 4.0))
    shape.theZ, shape.theT, shape.textValue = rint(-1), rint(2), rstring("far")
    shape.strokeWidth = omero.model.LengthI(math.inf, UnitsLength.PIXEL)
    roi.addShape(shape)
    saved(ada, roi)
    (stored,), _ = await service.call(Lane.METADATA, rois.page, Ref(Kind.IMAGE, identity), "Rectangle", 0)
    assert all(map(math.isnan, stored.shape.numbers))
    assert (stored.shape.z, stored.shape.t, stored.shape.stroke_width) == (None, 2, None)
