"""The server of a library that is asked for at the start is launched before anything listens to it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tifffile
from PySide6.QtCore import QObject

from omero_desk.entities.errors import FailedError
from omero_desk.local_servers.libraries import Libraries
from tests.support.left_over import ends_with_the_test
from tests.support.running_desk import until
from tests.support.server_process import children


@pytest.fixture
def libraries(tmp_path: Path) -> Libraries:
    return Libraries(tmp_path / "data", ends_with_the_test(QObject()))


def tell(_text: str, _fraction: float) -> None:
    """Take the progress, which other tests look at."""


async def test_that_a_server_launched_ahead_is_the_one_to_sign_in_to(libraries: Libraries, tmp_path: Path) -> None:
    folder = tmp_path / "images"
    folder.mkdir()
    tifffile.imwrite(folder / "a.tif", np.zeros((8, 9), np.uint8))
    others = children()
    libraries.launch(demo=False, folder=str(folder))
    await until(lambda: list(tmp_path.glob("data/folders/*/password")))
    launched = children() - others
    entrance = await libraries.open_folder(str(folder), tell)
    assert children() - others == launched
    assert len(launched) == 1
    assert (entrance.address.host, bool(entrance.password)) == ("127.0.0.1", True)
    libraries.stop()
    assert not children() - others


async def test_that_one_that_has_ended_before_anybody_listened_says_why(libraries: Libraries, tmp_path: Path) -> None:
    others = children()
    libraries.launch(demo=False, folder=str(tmp_path / "nowhere"))
    await until(lambda: not children() - others)
    with pytest.raises(FailedError, match="could not be started") as failed:
        await libraries.open_folder(str(tmp_path / "nowhere"), tell)
    assert "nowhere" in str(failed.value)


async def test_that_one_that_nobody_asked_for_ends_with_the_others(libraries: Libraries) -> None:
    others = children()
    libraries.launch(demo=True, folder="")
    assert len(children() - others) == 1
    libraries.stop()
    assert not children() - others
