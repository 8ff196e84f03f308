"""What somebody could do who has an account: run code, read, become somebody else, keep others from being served."""

from __future__ import annotations

import io
import pickle
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

import Ice
import numpy as np
import omero
import omero.cmd
import omero.grid
import tables
from omero.clients import BaseClient
from omero.model import ExperimenterGroupI, ExperimenterI, OriginalFileI
from omero.rtypes import rbool, rstring, unwrap

from bench.attack import wire
from bench.attack.target import SECRET, BrokenError, Target, refused

_ALL: Final = {"omero.group": "-1"}
_MIB: Final = 1 << 20
_MODEL: Any = omero.model


class _Evil:
    """Makes a file where it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return open, (str(self._mark), "w")


def conditions(target: Target, random: Random) -> str:
    """Conditions on a table that are Python."""
    with tempfile.TemporaryDirectory() as folder:
        mark = Path(folder, "ran")
        run = f"__import__('os').mknod('{mark}')"
        table = _table(target.client())
        texts = (
            f'(a == 1) & (("\'" == (lambda: {run})()) == ("\'" == ""))',
            f"(a == 1) | (a == (lambda: {run})())",
            f"a == [x for x in [{run}]][0]",
            f"(a == 1) & ({run})",
            "a.__class__",
            "a == 9**9**9**9",
        )
        answers = [refused(table.getWhereList, condition, {}, 0, 0, 0) for condition in texts]
        if mark.exists():
            raise BrokenError("code of a condition ran")
        return _all_refused(answers)


def pickles(target: Target, random: Random) -> str:
    """A table with a pickle in its attributes, sent as a file and opened."""
    with tempfile.TemporaryDirectory() as folder:
        mark = Path(folder, "ran")
        client = target.client()
        made = _table(client).getOriginalFile()
        path = Path(folder, "evil.h5")
        path.write_bytes(_read(client, made.id.val))
        payload = np.bytes_(pickle.dumps(_Evil(mark), 0))
        with tables.open_file(str(path), "a") as file:
            file.root._f_setattr("evil", payload)
            file.root.OME.Measurements.attrs["evil"] = payload
        mark.unlink(missing_ok=True)
        answer = _open_table(client, path.read_bytes())
        if mark.exists():
            raise BrokenError("a pickle was opened")
        return f"{answer or 'opened, and nothing ran'}"


def stolen_sessions(target: Target, random: Random) -> str:
    """Queries for the uuids of others' sessions, by every path."""
    query = target.client().sf.getQueryService()
    wanted = target.victim.getSessionId()
    texts = (
        "select distinct e.session.uuid from Event e where e.experimenter.omeName = 'root'",
        "select distinct s.uuid from Event e join e.session s",
        "select distinct i.details.updateEvent.session.uuid from Experimenter i where i.id = 0",
        "select distinct l.event.session.uuid from EventLog l",
        "select s.uuid from Session s",
        f"select s.id from Session s where s.uuid like '{wanted[:8]}%'",
        f"select e.id from Event e where e.session.uuid = '{wanted}'",
        "select (select max(s.uuid) from Session s) from Experimenter e",
        "select e.id from Event e order by e.session.uuid",
    )
    rows = 0
    for text in texts:
        with suppress(Ice.Exception):
            found = unwrap(query.projection(text, None, _ALL))
            rows += len(found)
            if wanted in str(found):
                raise BrokenError(f"a session was told by {text!r}")
    return f"{len(texts)} queries, {rows} rows without it"


def secrets(target: Target, random: Random) -> str:
    """Another's text in a private group, by loading, queries, joins, subselects and search."""
    client = target.client()
    query, number = client.sf.getQueryService(), target.ids["tag"]
    search = client.sf.createSearchService()
    search.onlyType("TagAnnotation")
    ways: tuple[Callable[[], object], ...] = (
        lambda: query.find("TagAnnotation", number, _ALL),
        lambda: query.projection(f"select t.textValue from TagAnnotation t where t.id = {number}", None, _ALL),
        lambda: query.projection(
            "select (select max(t.textValue) from TagAnnotation t) from Experimenter e", None, _ALL
        ),
        lambda: query.projection(f"select count(*) from TagAnnotation t where t.textValue = '{SECRET}'", None, _ALL),
        lambda: query.findAllByQuery("select t from TagAnnotation t left outer join fetch t.details.owner", None, _ALL),
        lambda: _searched(search),
    )
    for way in ways:
        with suppress(Ice.Exception):
            found = str(way())
            if SECRET in found or "_val = 1" in found:
                raise BrokenError("the secret was told")
    return f"{len(ways)} ways"


def promotions(target: Target, random: Random) -> str:
    """A member, and the owner of a group, who want to be administrators or somebody else."""
    return _all_refused([*_promoted(target, "eve"), *_promoted(target, "leo")])


def _promoted(target: Target, name: str) -> list[str | None]:
    client = target.client(name)
    me, admin, update = (
        ExperimenterI(target.ids[name], False),
        client.sf.getAdminService(),
        client.sf.getUpdateService(),
    )
    system, root = ExperimenterGroupI(0, False), ExperimenterI(0, False)
    link = _MODEL.GroupExperimenterMapI()
    link.parent, link.child, link.owner = system, me, rbool(True)
    own = admin.getExperimenter(target.ids[name])
    own.omeName = rstring("root")
    sessions, as_root = client.sf.getSessionService(), omero.sys.Principal("root", "system", "User", None)
    answers = [
        refused(admin.addGroups, me, [system]),
        refused(admin.setGroupOwner, system, me),
        refused(admin.changeUserPassword, "root", rstring("x")),
        refused(admin.changeUserPassword, "ada", rstring("x")),
        refused(update.saveObject, link),
        refused(update.saveObject, own),
        refused(client.sf.getConfigService().setConfigValue, "omero.x", "y"),
        refused(sessions.createSessionWithTimeout, as_root, 10_000),
    ]
    with suppress(Ice.Exception):
        admin.addGroups(root, [ExperimenterGroupI(target.ids["led"], False)])
    _not_by_sudo(target, client, "root")
    _not_by_sudo(target, client, "ada")
    return answers


def others_services(target: Target, random: Random) -> str:
    """The services of another session by their identities."""
    ada, eve = target.client("ada"), target.client("eve")
    theirs = ada.sf.getQueryService()
    hers = eve.sf.ice_getIdentity()
    identities = (
        theirs.ice_getIdentity(),
        ada.sf.ice_getIdentity(),
        Ice.Identity(name=ada.getSessionId(), category=hers.category),
        Ice.Identity(name=theirs.ice_getIdentity().name, category=hers.category),
        Ice.Identity(name="IceE", category="x"),
    )
    answers = [refused(eve.sf.ice_identity(identity).ice_ping) for identity in identities]
    return _all_refused(answers)


def paths(target: Target, random: Random) -> str:
    """Names of files that lead out of the repository."""
    client = target.client()
    repositories = client.sf.sharedResources().repositories().proxies
    names = ("../../x", "/etc/passwd", "..\\..\\x", "a\0b", "." * 300, "eve_3/../../omero.db", "~root/x")
    answers = []
    for repository in filter(None, repositories):
        for name in names:
            answers.append(refused(repository.file, name, "rw"))
            answers.append(refused(repository.makeDir, name, True))
    return _all_refused(answers)


def expressions(target: Target, random: Random) -> str:
    """Regular expressions that would run for years, deep and long queries and phrases."""
    client = target.client()
    config, query = client.sf.getConfigService(), client.sf.getQueryService()
    search = client.sf.createSearchService()
    search.onlyType("Image")
    texts = (
        "select p from Project p where " + "(" * 5000 + "p.id = 1" + ")" * 5000,
        "select p from Project p where " + " or ".join(["p.id = 1"] * 20_000),
        "select p from Project p where " + "not " * 5000 + "p.id = 1",
        "select " + "a." * 1_000_000,
        "select i from Image i where i.name like '" + "%a" * 20_000 + "'",
    )
    ways: list[Callable[[], object]] = [lambda: config.getConfigValues(r"^([a-z.]+)+!")]
    ways += [partial(query.findAllByQuery, text, None) for text in texts]
    phrases = ('"' + "a " * 2000 + '"', "(" * 5000 + "a" + ")" * 5000, "a~ " * 300, "?" * 3000, "NOT " * 3000 + "a")
    ways += [partial(search.byFullText, text) for text in phrases]
    answers = [refused(way) for way in ways]
    return f"{len(answers)} sent, {sum(answer is not None for answer in answers)} refused"


def slow_queries(target: Target, random: Random) -> str:
    """Twenty queries that never end, each of its own session; others are served meanwhile."""
    text = "select count(a.id) from EventLog a, EventLog b, EventLog c, EventLog d, EventLog e, EventLog f"
    clients = [target.client() for _ in range(20)]
    for client in clients:
        client.sf.getQueryService().begin_projection(text, None)
    told = target.check()
    for client in clients:
        client.getCommunicator().destroy()
    return told


def large_messages(target: Target, random: Random) -> str:
    """Messages of a member's that become lists and objects without end, or are nested without end."""
    bodies = (
        (b"submit", wire.nested_unknown(2 * _MIB)[1:]),
        (b"setSecurityContext", b"\x0f"),
        (b"getByName", wire.text(b"x") + b"\x0e\xfb\xff\xff\xff"),
        (b"keepAllAlive", wire.size(60 * _MIB) + b"\x00\x00" * (60 * _MIB)),
        (b"keepAllAlive", b"\xff\xf0\xff\xff\x7f"),
        (b"getByName", wire.text("\N{PILE OF POO}".encode() + b"a" * (200 * _MIB))),
    )
    before = target.memory_mib()[0]
    for operation, parameters in bodies:
        with suppress(OSError), wire.member_line(target.server, "eve") as (opened, factory):
            opened.sendall(wire.plain(wire.request(operation, parameters, target=factory)))
            opened.recv(100)
    return f"grew from {before} to at most {target.memory_mib()[1]} MiB"


def deep_arguments(target: Target, random: Random) -> str:
    """A command within a command within a command."""
    depth = 8000
    kept: list[str | None] = []

    def submit() -> None:
        client = target.client()
        request = None
        for _ in range(depth):
            around = omero.cmd.DoAll()
            around.requests = [request] if request else []
            request = around
        kept.append(refused(client.sf.submit, request))

    threading.stack_size(512 * _MIB)
    try:
        thread = threading.Thread(target=submit, daemon=True)
        thread.start()
        thread.join(120)
    finally:
        threading.stack_size(0)
    return f"{depth} deep: {kept[0] if kept else 'no answer'}"


def hoards(target: Target, random: Random) -> str:
    """Sessions, services and values of sessions without end."""
    client = target.client()
    sessions = client.sf.getSessionService()
    answers = []
    for _ in range(300):
        answers.append(refused(sessions.createUserSession, 0, 600_000, "private"))
        answers.append(refused(client.sf.createRawFileStore))
    for number in range(3):
        if refused(sessions.setInput, client.getSessionId(), str(number), rstring("x" * 50 * _MIB)) is None:
            raise BrokenError("fifty million characters were kept in a session")
    return f"{sum(answer is None for answer in answers)} of {len(answers)} answered, {target.memory_mib()[0]} MiB"


def far_writes(target: Target, random: Random) -> str:
    """A byte at the end of terabytes, and reads without end."""
    client = target.client()
    store = client.sf.createRawFileStore()
    store.setFileId(_new_file(client, "far").id.val)
    ways: tuple[Callable[[], object], ...] = (
        lambda: store.write(b"x", 10**13, 1),
        lambda: store.write(b"x", -1, 1),
        lambda: store.read(0, 2**31 - 1),
        lambda: store.read(-5, 10),
        lambda: store.truncate(10**14),
    )
    answers = [refused(way) for way in ways]
    with suppress(Ice.Exception):
        store.close()
    return f"{len(answers)} sent, {sum(answer is not None for answer in answers)} refused"


def _table(client: BaseClient) -> Any:
    table = client.sf.sharedResources().newTable(1, "attacked")
    table.initialize([omero.grid.LongColumn("a", "", [])])
    table.addData([omero.grid.LongColumn("a", "", [1, 2, 3])])
    return table


def _open_table(client: BaseClient, content: bytes) -> str | None:
    """Send bytes as a table and read it; return the refusal."""
    file = _new_file(client, "sent.h5")
    store = client.sf.createRawFileStore()
    store.setFileId(file.id.val)
    store.write(content, 0, len(content))
    store.close()

    def read() -> None:
        table = client.sf.sharedResources().openTable(file)
        table.getAllMetadata()
        table.read([0], 0, min(table.getNumberOfRows(), 3))
        table.close()

    return refused(read)


def _read(client: BaseClient, number: int) -> bytes:
    store = client.sf.createRawFileStore()
    store.setFileId(number)
    content = io.BytesIO(store.read(0, store.size()))
    store.close()
    return content.getvalue()


def _new_file(client: BaseClient, name: str) -> OriginalFileI:
    file = OriginalFileI()
    file.name, file.path, file.mimetype = rstring(name), rstring("/"), rstring("OMERO.tables")
    return client.sf.getUpdateService().saveAndReturnObject(file)


def _searched(search: Any) -> object:
    search.byFullText("sentence")
    return search.results() if search.hasNext() else ""


def _not_by_sudo(target: Target, client: BaseClient, user: str) -> None:
    """Raise BrokenError where a session for another user makes its owner an administrator or tells a secret."""
    principal = omero.sys.Principal(user, "led", "User", None)
    with suppress(Ice.Exception):
        uuid = client.sf.getSessionService().createSessionWithTimeout(principal, 60_000).uuid.val
        as_other = target.client(uuid, uuid)
        if as_other.sf.getAdminService().getEventContext().isAdmin:
            raise BrokenError(f"{client.sf} is an administrator")
        opened = as_other.sf.getSessionService().getMyOpenSessions()
        if target.victim.getSessionId() in {session.uuid.val for session in opened}:
            raise BrokenError("an administrator's session was told")
        with suppress(Ice.Exception):
            if as_other.sf.getQueryService().find("TagAnnotation", target.ids["tag"], _ALL):
                raise BrokenError("a member's private text was told")


def _all_refused(answers: list[str | None]) -> str:
    answered = [number for number, answer in enumerate(answers) if answer is None]
    if answered:
        raise BrokenError(f"answered: numbers {answered} of {len(answers)}")
    return f"{len(answers)} refused"


ATTACKS: Final = (
    *(conditions, pickles, stolen_sessions, secrets, promotions, others_services, paths, expressions),
    *(large_messages, deep_arguments, hoards, far_writes, slow_queries),
)
