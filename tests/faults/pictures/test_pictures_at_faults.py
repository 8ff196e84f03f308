"""The fault table while pictures stream: tiles into a viewer, planes past it, thumbnails into a grid, and regions."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from omero_desk.entities.connection_states import State
from omero_desk.gateway.service.manager import ServiceManager
from tests.faults.pictures.looking import Looking
from tests.faults.pictures.picture_laboratory import PictureLaboratory
from tests.faults.table import LONGEST, end_of, nothing, signed_in
from tests.faults.troubles import TROUBLES, End, Trouble

pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("in_small_pieces")]


@pytest.mark.parametrize("trouble_class", TROUBLES, ids=lambda cls: cls.name)
async def test_that_all_pictures_are_right_in_the_end(
    laboratory: PictureLaboratory, service: ServiceManager, trouble_class: type[Trouble], tmp_path: Path
) -> None:
    await signed_in(laboratory, service)
    looking, trouble = Looking(laboratory, service, tmp_path), trouble_class(laboratory, service)
    try:
        end = await end_of(looking, trouble)
        assert end is trouble.end_of(looking)
        await trouble.make_good()
        if end is not End.DONE:
            await asyncio.wait_for(looking.run(nothing), LONGEST)
        await asyncio.wait_for(looking.rest(), LONGEST)
        assert service.state is State.ONLINE
        looking.check()
    finally:
        await looking.close()
