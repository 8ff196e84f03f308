"""Edits on a line that breaks at the worst moment: done once, however it breaks."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import omero
import pytest
import pytest_asyncio

from omero_desk.entities.connection_states import Lane, State
from omero_desk.entities.edits import AddComment, AddTag, AttachFile, Author, Edit, Receipt, Rename
from omero_desk.entities.errors import GatewayError, StoppedError
from omero_desk.entities.objects import Kind, Ref
from omero_desk.gateway.annotations import attaching
from omero_desk.gateway.annotations.writes import write_of
from omero_desk.gateway.connection.session import LaneSession
from omero_desk.gateway.service import manager as manager_module
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.gateway.service.write import Write
from omero_desk.server.access.accounts import create_group, create_user
from omero_desk.server.database.store import Store
from tests.faults.proxy import Fault, FaultProxy, Moment
from tests.gateway.annotations.scenes import CASES, Case, Outsider, inverse, new_write, write
from tests.gateway.conftest import Lab
from tests.support.library_writer import LibraryWriter
from tests.support.present import present
from tests.support.server_process import running_server

IMAGES = 40


def tag(ref: Ref, text: str) -> AddTag:
    return AddTag((ref,), text)


EDITS = (AddComment, tag, Rename)


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
        lab.ids |= {"first": images[0], "group": group}
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

    def __init__(self, write: Write[Receipt], strike: Callable[[], object]) -> None:
        self.name = write.name
        self.prepare = write.prepare
        self.find = write.find
        self.saves = 0
        self._write = write
        self._strike = strike

    def send(self, session: LaneSession) -> Receipt:
        update_service = session.gateway.getUpdateService

        def fragile() -> Any:
            update = update_service()
            update.ice_ping()  # makes the service and tells the router of it, so that what comes next is what saves
            self.saves += 1
            if self.saves == 1:
                self._strike()
            return update

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(session.gateway, "getUpdateService", fragile)
            return self._write.send(session)


def fragile(service: ServiceManager, edit: Edit, strike: Callable[[], object]) -> Fragile:
    author = Author.of(service.account)
    assert author is not None
    return Fragile(write_of(edit, author), strike)


async def traces(service: ServiceManager, image: Ref) -> list[str]:
    """What edits have left on an image: texts of annotations, and its name if that is another."""

    def read(session: LaneSession) -> list[str]:
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


@pytest.fixture(scope="module")
def outside(lab: Lab) -> Iterator[Outsider]:
    """Ada with plain omero-py, on a line of her own."""
    client = omero.client(host="localhost", port=present(lab.server).ssl_port)
    client.createSession("ada", "ada")
    yield Outsider(client)
    client.closeSession()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file to attach, in several blocks."""
    path = tmp_path / "attached"
    path.write_bytes(b"Attached\n" * 1000)
    return path


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the wait short for what the server may still be at work on, and blocks small."""
    monkeypatch.setattr(manager_module, "SETTLE", 0.05)
    monkeypatch.setattr(attaching, "BLOCK", 4000)


def struck(service: ServiceManager, edit: Edit, strike: Callable[[], object], step: str = "_save") -> Any:
    """Return a write that breaks the line when it comes to a step for the first time."""
    write = new_write(service, edit)
    take, waiting = getattr(write, step), [strike]

    def taking(*arguments: Any) -> Any:
        while waiting:
            waiting.pop()()
        return take(*arguments)

    setattr(write, step, taking)
    return write


def told(look: tuple[Any, ...]) -> str:
    """Return what an image has, without numbers, in which those of other scenes differ."""
    return re.sub(r"\d+", "#", repr(look))


@pytest.mark.parametrize("moment", [Moment.REQUEST, Moment.REPLY])
@pytest.mark.parametrize("case", CASES, ids=str)
async def test_that_every_edit_is_made_once_and_undone_though_the_line_is_cut_while_it_saves(
    service: ServiceManager,
    lab: Lab,
    proxy: FaultProxy,
    outside: Outsider,
    path: Path,
    quick: None,
    case: Case,
    moment: Moment,
) -> None:
    smooth, rough = outside.scene(lab["group"]), outside.scene(lab["group"])
    before = outside.look(rough.ref)
    await write(service, case.make(smooth, path))
    edit = struck(service, case.make(rough, path), lambda: proxy.arm(Fault.RESET, moment, after=1, once=True))
    receipt = await service.write(Lane.METADATA, edit)
    assert await proxy.struck(0)
    assert told(outside.look(rough.ref)) == told(outside.look(smooth.ref))
    await write(service, *inverse([receipt]))
    assert not case.is_undone or outside.look(rough.ref) == before


@pytest.mark.parametrize("moment", [Moment.REQUEST, Moment.REPLY])
@pytest.mark.parametrize("step", ["_made", "_blocks", "_check", "_annotate"])
async def test_that_a_file_is_attached_once_at_whatever_step_the_line_is_cut(
    service: ServiceManager,
    lab: Lab,
    proxy: FaultProxy,
    outside: Outsider,
    path: Path,
    quick: None,
    step: str,
    moment: Moment,
) -> None:
    ref = outside.scene(lab["group"]).ref
    name = f"cut at {step}, {moment.value}"
    strike = lambda: proxy.arm(Fault.RESET, moment, after=1, once=True)  # noqa: E731
    edit = struck(service, AttachFile((ref,), str(path), name), strike, step)
    receipt = await service.write(Lane.METADATA, edit)
    assert await proxy.struck(0)
    ((identity, size, _),) = outside.files(name)
    assert (size, outside.content(identity)) == (9000, path.read_bytes())
    assert outside.on("File", receipt.annotation_id) == [ref.id]
    assert len([each for each in outside.look(ref)[3] if each[0] == "FileAnnotationI"]) == 1


@pytest.mark.parametrize("step", ["_made", "_blocks", "_check"])
async def test_that_an_upload_that_is_given_up_while_the_line_is_cut_leaves_nothing(
    service: ServiceManager,
    lab: Lab,
    proxy: FaultProxy,
    outside: Outsider,
    path: Path,
    quick: None,
    step: str,
) -> None:
    ref, name = outside.scene(lab["group"]).ref, f"given up at {step}"

    def strike() -> None:
        proxy.arm(Fault.RESET, Moment.REPLY, after=1, once=True)
        edit.give_up()

    edit = struck(service, AttachFile((ref,), str(path), name), strike, step)
    with pytest.raises(StoppedError, match="You cancelled this"):
        await service.write(edit.lane, edit)
    assert await proxy.struck(0)
    assert outside.files(name) == []
    assert [each for each in outside.look(ref)[3] if each[0] == "FileAnnotationI"] == []
    assert not edit.has_begun


async def test_that_an_upload_that_is_given_up_too_late_is_attached(
    service: ServiceManager, lab: Lab, proxy: FaultProxy, outside: Outsider, path: Path, quick: None
) -> None:
    ref, name = outside.scene(lab["group"]).ref, "given up too late"

    def strike() -> None:
        proxy.arm(Fault.RESET, Moment.REPLY, after=1, once=True)
        edit.give_up()

    edit = struck(service, AttachFile((ref,), str(path), name), strike, "_annotate")
    receipt = await service.write(edit.lane, edit)
    assert await proxy.struck(0)
    assert outside.on("File", receipt.annotation_id) == [ref.id]


async def test_that_an_upload_is_deleted_though_its_object_is_gone(
    service: ServiceManager, lab: Lab, proxy: FaultProxy, outside: Outsider, path: Path, quick: None
) -> None:
    ref, name = Ref(Kind.IMAGE, outside.images(lab["group"], 1)[0]), "of an object that is gone"

    def strike() -> None:
        present(outside.client.submit(omero.cmd.Delete2(targetObjects={"Image": [ref.id]}))).close(True)
        proxy.arm(Fault.RESET, Moment.REPLY, after=1, once=True)
        edit.give_up()

    edit = struck(service, AttachFile((ref,), str(path), name), strike, "_check")
    with pytest.raises(StoppedError):
        await service.write(edit.lane, edit)
    assert outside.gone("Image", ref.id)
    assert outside.files(name) == []


async def test_that_of_a_file_of_200_megabytes_a_block_at_a_time_is_in_memory(
    service: ServiceManager, lab: Lab, outside: Outsider, tmp_path: Path
) -> None:
    path, size = tmp_path / "large.dat", 200_000_000
    with path.open("wb") as file:
        file.truncate(size)
    edit = new_write(service, AttachFile((outside.scene(lab["group"]).ref,), str(path), path.name))
    read, sizes, held, most = edit._blocks, [], 0, 0
    told = []

    class Block(bytes):
        """Bytes that tell when they are freed."""

        def __del__(self) -> None:
            nonlocal held
            held -= 1

    def blocks(file: Any) -> Iterator[bytes]:
        nonlocal held, most
        for block in read(file):
            held += 1
            most = max(most, held)
            sizes.append(len(block))
            told.append(edit.progress)
            yield Block(block)

    edit._blocks = blocks
    await service.write(edit.lane, edit)
    assert (sum(sizes), max(sizes)) == (size, attaching.BLOCK)
    assert most <= 2
    assert told[1:] == [(attaching.BLOCK * number, size) for number in range(1, len(sizes))]
    ((_identity, kept, _hash),) = outside.files(path.name)
    assert kept == size
