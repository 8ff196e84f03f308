"""No question or change of one account is ever sent as another, whatever sort it is."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import pytest_asyncio

from omero_desk import readers
from omero_desk.entities.annotations import Section, StoredFile
from omero_desk.entities.connection_states import Lane, State
from omero_desk.entities.errors import OtherAccountError
from omero_desk.entities.images import RenderingSettings
from omero_desk.entities.objects import Kind, Ref, Scope, SignIn
from omero_desk.entities.pixels import Level, PlaneKey, Pyramid, Tile
from omero_desk.entities.rois import Shape, ShapeChange
from omero_desk.entities.shape_kinds import ShapeKind
from omero_desk.entities.tables import ColumnKind, Condition, TableHead
from omero_desk.entities.thumbnails import Kept
from omero_desk.exporting.tiff_export import read_raw
from omero_desk.gateway.lanes.worker import Worker
from omero_desk.gateway.service.account_calls import AccountCalls
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.imaging.projection import Projection, Projector
from omero_desk.models.exports.exports import ExportPlan, FileFormat
from omero_desk.models.rasters.line import Line
from omero_desk.models.rasters.orders import PlaneOrders
from omero_desk.readers.thumbnail_file import ThumbnailFile
from omero_desk.readers.thumbnails import ThumbnailReader
from tests.support.array_images import info_of
from tests.support.server_process import ROOT_PASSWORD, ServerProcess, running_server

pytestmark = pytest.mark.asyncio(loop_scope="module")

INFO = info_of(np.zeros((1, 1, 1, 8, 8), np.uint16))
PLANE = PlaneKey(0, 0, 0)
REF = Ref(Kind.IMAGE, 1)
HEAD = TableHead(0, "a", ColumnKind.LONG)
ANSWERS: dict[str, Any] = {
    "times": (1, 1),
    "well_ids": [1],
    "ref": REF,
    "refs": [REF],
    "scope": Scope(0),
    "cursor": None,
    "limit": 10,
    "info": INFO,
    "keys": [PLANE],
    "plane": PLANE,
    "pyramid": Pyramid((Level(8, 8),), 8, 8),
    "wanted": [Tile(PLANE, 0, 0, 0, 8, 8)],
    "pixels_id": 1,
    "pixels_ids": [1],
    "image_ids": [1],
    "longest_side": 96,
    "size": 96,
    "pictures": {},
    "so_far": Projector(Projection.MAXIMUM),
    "last": True,
    "settings": RenderingSettings(()),
    "plate_id": 1,
    "well_id": 1,
    "run": 0,
    "number": 0,
    "offset": 0,
    "table": None,
    "plate": (1, "plate"),
    "column": 0,
    "start": 0,
    "kind": "point",
    "ids": [1],
    "changes": [ShapeChange(0, Shape(ShapeKind.POINT, (1, 1)), None)],
    "shapes": [],
    "write": SimpleNamespace(lane=Lane.METADATA, name="a change"),
    "image_id": 1,
    "section": Section.TAGS,
    "file": StoredFile(1, "a.txt", 3),
    "most": 10,
    "content": b"a,b",
    "progress": print,
    "group_id": 0,
    "fileset_id": 1,
    "annotation_id": 1,
    "account": "root",
    "orders": PlaneOrders(128, Line(), lambda *_: None),
    "file_id": 1,
    "columns": [],
    "stop": 1,
    "heads": [HEAD],
    "head": HEAD,
    "title": "a",
    "roi_ids": [1],
    "condition": Condition("a > 1"),
    "total": 1,
    "rows": np.arange(1),
    "following": [1],
    "anew": False,
    "descending": False,
    "whole": True,
}
"""What the readers' methods are called with, by the names of their parameters."""
LOCAL = {
    "ThumbnailReader.find",
    "ThumbnailReader.keep",
    "RoiReader.export",
    "TableReader.read",
    "SheetReader.parsed",
    "SheetReader.export",
}
"""Those that ask no server but this computer's disk."""


def reader_classes() -> list[type]:
    """Every class of the readers whose constructor takes the calls of an account."""
    modules = [import_module(f"{readers.__name__}.{found.name}") for found in iter_modules(readers.__path__)]
    return [
        one
        for module in modules
        for _, one in inspect.getmembers(module, inspect.isclass)
        if one.__module__ == module.__name__ and "calls" in inspect.signature(one).parameters
    ]


def requests() -> list[tuple[type, str]]:
    return [
        (one, name)
        for one in reader_classes()
        for name, _ in inspect.getmembers(one, inspect.iscoroutinefunction)
        if not name.startswith("_")
    ]


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServerProcess, ServerProcess]]:
    """Two servers with libraries of their own, in which ids collide."""
    one, other = (tmp_path_factory.mktemp(name) for name in ("one", "other"))
    with running_server(one) as first, running_server(other) as second:
        yield first, second


@pytest_asyncio.fixture(loop_scope="module")
async def service() -> AsyncIterator[ServiceManager]:
    service = ServiceManager()
    yield service
    service.close()


@pytest.fixture
def disk() -> Iterator[Worker]:
    disk = Worker("disk")
    yield disk
    disk.close()


def root(server: ServerProcess) -> SignIn:
    return SignIn(server.host, server.ssl_port, "root", ROOT_PASSWORD)


def made(kind: type, calls: AccountCalls, disk: Worker, folder: Path) -> Any:
    others = {"file": ThumbnailFile(folder / "thumbnails.db"), "disk": disk, "write": None, "read": None, "tell": print}
    wanted = [name for name in inspect.signature(kind).parameters if name != "calls"]
    return kind(calls, *(others[name] for name in wanted))


def note(_session: object, reached: list[str]) -> None:
    reached.append("a server")


def arguments(method: Callable[..., Any], folder: Path) -> list[Any]:
    answers = {**ANSWERS, "path": folder / "a.txt"}
    return [answers[name] for name in inspect.signature(method).parameters]


@pytest.mark.parametrize("way", ["at once", "bound"])
async def test_that_no_reader_sends_anything_as_another_account(
    libraries: tuple[ServerProcess, ServerProcess], service: ServiceManager, disk: Worker, tmp_path: Path, way: str
) -> None:
    await service.sign_in(root(libraries[0]))
    window = AccountCalls(service)
    calls = AccountCalls(window) if way == "bound" else window
    await service.sign_in(root(libraries[1]))
    if way == "bound":
        window.enter(service.account)  # the window has gone on; what was open before has not
    before = len(service.journal.records)
    walked = set()
    for kind, name in requests():
        method = getattr(made(kind, calls, disk, tmp_path), name)
        walked.add(f"{kind.__name__}.{name}")
        if f"{kind.__name__}.{name}" not in LOCAL:
            with pytest.raises(OtherAccountError, match="root on"):
                await method(*arguments(method, tmp_path))
    plan = ExportPlan(INFO, RenderingSettings(()), tmp_path / "a.tif", FileFormat.TIFF, range(1), range(1))
    with pytest.raises(OtherAccountError):
        await read_raw(calls, plan, plan.keys)
    assert len(service.journal.records) == before
    assert len(walked) > 30
    assert walked >= LOCAL


async def test_that_a_call_that_waits_for_a_lost_server_is_not_sent_to_the_next_one(
    libraries: tuple[ServerProcess, ServerProcess], service: ServiceManager, tmp_path: Path
) -> None:
    reached: list[str] = []
    with running_server(tmp_path / "short-lived") as lost:
        await service.sign_in(root(lost))
        lost.kill()
        waiting = asyncio.ensure_future(service.call(Lane.METADATA, note, reached))
        while service.state is not State.RECONNECTING:
            await asyncio.sleep(0)
    await service.sign_in(root(libraries[1]))
    with pytest.raises(OtherAccountError):
        await waiting
    assert reached == []


async def test_that_the_same_user_of_the_same_library_is_the_same_account_at_each_sign_in(
    libraries: tuple[ServerProcess, ServerProcess], service: ServiceManager
) -> None:
    first = await service.sign_in(root(libraries[0]))
    calls = AccountCalls(service)
    other = await service.sign_in(root(libraries[1]))
    again = await service.sign_in(root(libraries[0]))
    assert first.identity == again.identity
    assert first.identity.user_id == other.identity.user_id
    assert first.identity.database != other.identity.database
    assert first.identity.place != other.identity.place  # each shows a certificate of its own
    assert ":" in first.identity.place
    assert await calls.call(Lane.METADATA, lambda session: 7) == 7


async def test_that_pictures_on_the_disk_are_found_by_the_account_that_kept_them_alone(
    libraries: tuple[ServerProcess, ServerProcess], service: ServiceManager, disk: Worker, tmp_path: Path
) -> None:
    calls = AccountCalls(service)
    reader = ThumbnailReader(calls, ThumbnailFile(tmp_path / "thumbnails.db"), disk)
    for server, found in ((libraries[0], {}), (libraries[1], {}), (libraries[0], {1: Kept("", b"picture")})):
        calls.enter(await service.sign_in(root(server)))
        assert await reader.find([1], 96) == found
        if server is libraries[0]:
            await reader.keep(96, {1: Kept("", b"picture")})
    await disk.run(partial(reader._file.close))
