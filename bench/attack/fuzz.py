"""Whatever comes to mind, at random: bytes on the wire, ids, queries, conditions, contexts, files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from random import Random
from typing import Any, Final

import Ice
import omero
import omero.grid
from omero.clients import BaseClient
from omero.rtypes import unwrap

from bench.attack import members, wire
from bench.attack.mangler import changed, mangler
from bench.attack.talker import talk
from bench.attack.target import SECRET, BrokenError, Target

_TALK_S: Final = 2.0
Step = Callable[[Target, BaseClient, Random], None]

_NUMBERS: Final = (0, 1, 2, -1, 2**31 - 1, -(2**31), 2**63 - 1, -(2**63), 7, 100)
_KINDS: Final = ("Image", "Project", "Session", "Event", "TagAnnotation", "Experimenter", "OriginalFile", "Roi", "x")
_WORDS: Final = (
    *("select", "from", "where", "join fetch", "left outer join", "and", "or", "not", "in", "exists", "order by"),
    *("group by", "count(", "max(", "(", ")", ",", "=", "<>", ".", ":id", "'", '"', "%", "--", "/*", "x", "x.id", "1"),
    *("x.details.owner.omeName", "Image x", "Session s", "s.uuid", "new map(", "elements(", "\0", "\ud7ff", "union"),
)
_SIGNS: Final = (
    *("a", "b", "1", "9**9", "(", ")", "&", "|", "~", "==", "<", "+", "*", "/", "%", "**", "'", '"', "sin(", "where("),
    *("__class__", ".", "lambda:", "[", "]", "import", "\0", ",", "0x1", "1e999", "nan", "not"),
)


def wire_of_strangers(target: Target, client: BaseClient, random: Random) -> None:
    """Messages of a stranger's with bytes changed."""
    body = wire.request(
        random.choice((b"createSession", b"addProxies", b"ice_isA", b"destroySession", b"getServerProxy")),
        wire.text(b"a") + wire.text(b"b") + random.randbytes(random.randrange(30)),
        random.choice((b"\x00", b"\x01" + wire.text(b"omero.client.uuid") + wire.text(b"x"))),
    )
    wire.send(target.server, [changed(wire.plain(body), random, 3)], patience_s=0.3)


def wire_of_members(target: Target, client: BaseClient, random: Random) -> None:
    """Messages to services of a session with bytes changed, but for the identity."""
    with suppress(OSError, ValueError), wire.member_line(target.server, "eve") as (opened, factory):
        for _ in range(10):
            operation = random.choice(
                (b"getByName", b"submit", b"keepAllAlive", b"setSecurityContext", b"createByName")
            )
            parameters = changed(wire.nested_unknown(60) + random.randbytes(20), random, 6)
            opened.sendall(wire.plain(wire.request(operation, parameters, target=factory)))
        opened.settimeout(0.5)
        opened.recv(100)


def ids(target: Target, client: BaseClient, random: Random) -> None:
    """Objects of any kind with any number, read, saved and deleted."""
    number, kind = random.choice(_NUMBERS), random.choice(_KINDS)
    query, context = client.sf.getQueryService(), {"omero.group": str(random.choice(_NUMBERS))}
    calls: tuple[Callable[[], object], ...] = (
        lambda: query.find(kind, number, context),
        lambda: query.get(kind, number),
        lambda: client.sf.getContainerService().getImages(kind, [number], None, context),
        lambda: client.sf.getUpdateService().saveObject(
            getattr(omero.model, f"{kind}I")(number, random.random() < 0.5)
        ),
        lambda: client.sf.submit(omero.cmd.Delete2(targetObjects={kind: [number]}, dryRun=True)),
    )
    _told(random.choice(calls))


def queries(target: Target, client: BaseClient, random: Random) -> None:
    """Words of HQL in any order."""
    text = " ".join(random.choices(_WORDS, k=random.randrange(1, 40)))
    begin = random.choice(("", "select x from Image x where ", "select x.id from Session x where "))
    _told(lambda: unwrap(client.sf.getQueryService().projection(begin + text, None, {"omero.group": "-1"})))


def conditions(target: Target, client: BaseClient, random: Random) -> None:
    """Signs of conditions in any order, on a table."""
    table = members._table(client)
    for _ in range(10):
        text = " ".join(random.choices(_SIGNS, k=random.randrange(1, 20)))
        first, last, step = random.choices(_NUMBERS, k=3)
        _told(partial(table.getWhereList, text, {}, first, last, step))
    _told(table.close)


def contexts(target: Target, client: BaseClient, random: Random) -> None:
    """Contexts of a call that nobody would send."""
    keys = ("omero.group", "omero.user", "omero.share", "omero.client.uuid", "omero.event", "x" * 1000, "\0", "")
    values = (*map(str, _NUMBERS), "root", "system", "", "\0", "-0", "1e3", "٣", " 1", "x" * 10_000)
    context = {key: random.choice(values) for key in random.sample(keys, random.randrange(1, len(keys)))}
    calls = (client.sf.getAdminService().getEventContext, client.sf.getSessionService().getMyOpenSessions)
    _told(lambda: random.choice(calls)(context))


def uploads(target: Target, client: BaseClient, random: Random) -> None:
    """Reads and writes of a file at any place."""
    store = client.sf.createRawFileStore()
    _told(lambda: store.setFileId(random.choice(_NUMBERS)))
    _told(lambda: store.setFileId(members._new_file(client, "fuzz").id.val))
    for _ in range(5):
        at, length = random.choice((*_NUMBERS, 50, 4096)), random.choice(_NUMBERS)
        calls: tuple[Callable[[], object], ...] = (
            partial(store.read, at, _as_int(length)),
            partial(store.write, random.randbytes(50), at, _as_int(length)),
            store.size,
            partial(store.truncate, at % 10_000),
            store.save,
        )
        _told(random.choice(calls))
    _told(store.close)


def tables(target: Target, client: BaseClient, random: Random) -> None:
    """HDF5 files with bytes changed."""
    made = members._table(client).getOriginalFile()
    content = members._read(client, made.id.val)
    members._open_table(client, changed(content, random, random.choice((1, 10, 200))))


def requests_on_their_way(target: Target, client: BaseClient, random: Random) -> None:
    """What a client says to the server, with bytes changed."""
    with mangler(target.server, random, answers=False) as between:
        talk(between.port, random, _TALK_S)


def answers_on_their_way(target: Target, client: BaseClient, random: Random) -> None:
    """What the server says to a client, with bytes changed: the client is a process, which has to survive."""
    with mangler(target.server, random, answers=True) as between:
        command = [sys.executable, "-m", "bench.attack.talker", str(between.port), str(random.random()), str(_TALK_S)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    if ended.returncode < 0:
        raise BrokenError(f"a client has ended with {ended.returncode}")


STEPS: Final[tuple[Step, ...]] = (
    *(wire_of_strangers, wire_of_members, ids, queries, conditions, contexts, uploads, tables),
    *(requests_on_their_way, answers_on_their_way),
)


def _told(call: Callable[[], Any]) -> None:
    """Make a call; errors are answers, the secret is none."""
    try:
        found = call()
    except (Ice.Exception, omero.ClientError, AttributeError, TypeError, ValueError, AssertionError):
        return
    if SECRET in str(found):
        raise BrokenError("the secret was told")


def _as_int(number: int) -> int:
    return max(-(2**31), min(number, 2**31 - 1))
