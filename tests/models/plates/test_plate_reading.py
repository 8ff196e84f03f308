"""Plates as the model reads them, a page at a time, from a real server."""

from __future__ import annotations

import asyncio

import omero.model
import pytest
from omero.gateway import BlitzGateway
from omero.rtypes import rint, rstring

from omero_desk.entities.objects import Kind, Ref
from omero_desk.gateway.plates.plates import PAGE
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.models.plates.plate import PlateModel
from omero_desk.models.tree.node import LoadState
from omero_desk.readers.plates import PlateReader
from tests.support.left_over import ends_with_the_test
from tests.support.plate_library import PlateLab
from tests.support.present import present

pytestmark = pytest.mark.asyncio


def plate_of(lab: PlateLab, wells: int) -> Ref:
    """A plate with a well at B2, after so many that say nothing of their places."""
    plate = omero.model.PlateI()
    plate.name = rstring("loose wells")
    for _ in range(wells):
        plate.addWell(omero.model.WellI())
    placed = omero.model.WellI()
    placed.row, placed.column = rint(1), rint(1)
    plate.addWell(placed)
    request = lab.sign_in()
    gateway = BlitzGateway(request.user, request.password, host=request.host, port=request.port, secure=True)
    assert gateway.connect()
    try:
        return Ref(Kind.PLATE, gateway.getUpdateService().saveAndReturnObject(plate).id.val)
    finally:
        gateway.close()


async def test_that_a_plate_with_many_wells_without_a_place_comes_to_an_end(table_lab: PlateLab) -> None:
    service = ServiceManager()
    await service.sign_in(table_lab.sign_in())
    errors: list[BaseException] = []
    model = ends_with_the_test(PlateModel(PlateReader(service), errors.append))
    model.open(plate_of(table_lab, PAGE + 100))
    try:
        await asyncio.wait_for(model.finished(), 30)
    finally:
        model.cancel_all()
        await model.finished()
        service.close(patience=5)
    assert errors == []
    assert model.state is LoadState.LOADED
    assert set(present(model.content).wells) == {(0, 0), (1, 1)}
