"""Edits on a line that breaks at the worst moment: done once, however it breaks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio

from omero_desk.gateway.edit import AddComment, AddTag, Author, Edit, Receipt, Rename
from omero_desk.gateway.edit_writes import EditWrite, write_of
from omero_desk.gateway.entities import Kind, Ref
from omero_desk.gateway.errors import GatewayError
from omero_desk.gateway.service import Lane, ServiceManager, State
from omero_desk.gateway.session import Session
from omero_desk.server.database.accounts import create_group, create_user
from omero_desk.server.database.store import Store
from tests.faults.proxy import Fault, FaultProxy, Moment
from tests.library_writer import LibraryWriter
from tests.server_process import running_server

from .conftest import Lab

EDITS = (AddComment, AddTag, Rename)
IMAGES = 40


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A library of ada's, with an image for each test."""
    folder = tmp_path_factory.mktemp("edit-faults")
    lab = Lab()
    store = Store(folder)
    with store.write() as connection:
        group = create_group(store.schema, connection, "lab", "rwra--")
        for name in ("ada", "ben"):
            lab.ids[name] = create_user(
                store.schema, connection, name, first_name=name, last_name="Lab", groups=[group], password=name
            )
        images = LibraryWriter(store, connection, lab["ada"], group).named("Image", *["Before"] * IMAGES)
        lab.ids |= {"first": images[0]}
    store.close()
    with running_server(folder) as lab.server:
        yield lab


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    return iter(range(IMAGES))


@pytest.fixture
def image(lab: Lab, numbers: Iterator[int]) -> Ref:
    """One that no other test has touched."""
    return Ref(Kind.IMAGE, lab["first"] + next(numbers))


@pytest.fixture(scope="module")
def proxy(lab: Lab) -> Iterator[FaultProxy]:
    assert lab.server is not None
    with FaultProxy(lab.server.host, lab.server.ssl_port) as proxy:
        yield proxy


@pytest_asyncio.fixture
async def service(lab: Lab, proxy: FaultProxy) -> AsyncIterator[ServiceManager]:
    """Signed in as ada, through the proxy."""
    proxy.heal()
    manager = ServiceManager()
    await manager.sign_in(lab.sign_in(port=proxy.port))
    yield manager
    proxy.heal()
    manager.close()


class Fragile:
    """A write that breaks the line at the moment at which it saves; `saves` counts how often it came so far."""

    def __init__(self, write: EditWrite, strike: Callable[[], object]) -> None:
        self.name = write.name
        self.prepare = write.prepare
        self.find = write.find
        self.saves = 0
        self._write = write
        self._strike = strike

    def send(self, session: Session) -> Receipt:
        update_service = session.gateway.getUpdateService

        def fragile() -> Any:
            update = update_service()
            update.ice_ping()  # makes the service and tells the router of it, so that what comes next is what saves
            self.saves += 1
            if self.saves == 1:
                self._strike()
            return update

        session.gateway.getUpdateService = fragile
        try:
            return self._write.send(session)
        finally:
            session.gateway.getUpdateService = update_service


def fragile(service: ServiceManager, edit: Edit, strike: Callable[[], object]) -> Fragile:
    author = Author.of(service.account)
    assert author is not None
    return Fragile(write_of(edit, author), strike)


async def traces(service: ServiceManager, image: Ref) -> list[str]:
    """What edits have left on an image: texts of annotations, and its name if that is another."""

    def read(session: Session) -> list[str]:
        annotated = "select an.textValue from ImageAnnotationLink l join l.child an where l.parent.id = :id"
        named = "select i.name from Image i where i.id = :id and i.name <> 'Before'"
        return [text for query in (annotated, named) for (text,) in session.projection(query, {"id": image.id})]

    return await service.call(Lane.BROWSING, read)


@pytest.mark.parametrize(
    ("make", "fault"),
    [*((make, Fault.RESET) for make in EDITS), (AddComment, Fault.HALF_CLOSE), (AddComment, Fault.GARBAGE)],
)
async def test_that_what_the_server_did_before_its_reply_was_lost_is_found_and_not_repeated(
    service: ServiceManager, proxy: FaultProxy, image: Ref, make: Callable[[Ref, str], Edit], fault: Fault
) -> None:
    write = fragile(service, make(image, "Once"), lambda: proxy.arm(fault, Moment.REPLY, after=1, once=True))
    receipt = await service.write(Lane.METADATA, write)
    assert await proxy.struck(0)
    assert receipt.ref == image
    assert write.saves == 1
    assert await traces(service, image) == ["Once"]


async def test_that_a_comment_whose_reply_a_dead_line_swallows_is_found_on_the_next(
    service: ServiceManager, proxy: FaultProxy, image: Ref, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Fragile.send, "patience", 0.5, raising=False)
    strike = lambda: proxy.arm(Fault.BLACK_HOLE, Moment.REPLY, after=1, once=True)  # noqa: E731
    write = fragile(service, AddComment(image, "Once"), strike)
    receipt = await service.write(Lane.METADATA, write)
    assert await proxy.struck(0)
    assert receipt.ref == image
    assert write.saves == 1
    assert await traces(service, image) == ["Once"]


@pytest.mark.parametrize("make", EDITS)
async def test_that_what_never_reached_the_server_is_sent_again(
    service: ServiceManager, proxy: FaultProxy, image: Ref, make: Callable[[Ref, str], Edit]
) -> None:
    write = fragile(service, make(image, "Once"), lambda: proxy.arm(Fault.RESET, Moment.REQUEST, once=True))
    receipt = await service.write(Lane.METADATA, write)
    assert await proxy.struck(0)
    assert receipt.ref == image
    assert write.saves == 2
    assert await traces(service, image) == ["Once"]


@pytest.mark.parametrize("make", EDITS)
@pytest.mark.parametrize("moment", [Moment.REQUEST, Moment.REPLY])
async def test_that_a_write_waits_until_a_server_that_refuses_takes_it_again(
    service: ServiceManager, proxy: FaultProxy, image: Ref, make: Callable[[Ref, str], Edit], moment: Moment
) -> None:
    write = fragile(service, make(image, "Once"), lambda: proxy.arm(Fault.REFUSE, moment, after=1))
    writing = asyncio.ensure_future(service.write(Lane.METADATA, write))
    assert await proxy.struck()
    while service.state is not State.RECONNECTING:
        await asyncio.sleep(0.01)
    assert not writing.done()
    proxy.heal()
    service.retry_now()
    assert (await writing).ref == image
    assert write.saves == (1 if moment is Moment.REPLY else 2)
    assert await traces(service, image) == ["Once"]


@pytest.mark.parametrize("make", EDITS)
async def test_that_a_write_that_came_back_refused_is_not_doubled_when_its_author_signs_in_again(
    service: ServiceManager, lab: Lab, proxy: FaultProxy, image: Ref, make: Callable[[Ref, str], Edit]
) -> None:
    write = fragile(service, make(image, "Once"), lambda: proxy.arm(Fault.REFUSE, Moment.REPLY, after=1))
    writing = asyncio.ensure_future(service.write(Lane.METADATA, write))
    assert await proxy.struck()
    while service.state is not State.RECONNECTING:
        await asyncio.sleep(0.01)
    await service.sign_out()
    with pytest.raises(GatewayError):
        await writing
    proxy.heal()
    await service.sign_in(lab.sign_in(port=proxy.port))
    await service.write(Lane.METADATA, write)
    assert write.saves == 1
    assert await traces(service, image) == ["Once"]


async def test_that_a_write_under_way_is_never_finished_by_somebody_elses_session(
    service: ServiceManager, lab: Lab, proxy: FaultProxy, image: Ref
) -> None:
    write = fragile(service, AddComment(image, "Ada's"), lambda: proxy.arm(Fault.REFUSE, Moment.REQUEST))
    writing = asyncio.ensure_future(service.write(Lane.METADATA, write))
    assert await proxy.struck()
    while service.state is not State.RECONNECTING:
        await asyncio.sleep(0.01)
    proxy.heal()
    await service.sign_in(lab.sign_in("ben", port=proxy.port))
    with pytest.raises(GatewayError):
        await writing
    assert write.saves == 1
    assert await traces(service, image) == []
