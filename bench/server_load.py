"""Many clients of the embedded server at once: how long their calls take, and that none fails."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import omero
import omero.model
from omero.rtypes import rstring

from tests.support.server_process import ROOT_PASSWORD, ServerProcess

CLIENTS = 32
ROUNDS = 10
_PATIENCE_MS = 60_000


@dataclass
class Load:
    """What was measured; times are seconds, by the name of the call."""

    times: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def timed(self, name: str, call: Callable[[], Any]) -> Any:
        """Make a call and note its time, or what it raised."""
        start = time.perf_counter()
        try:
            return call()
        except Exception as error:  # whatever it is, it is what is looked for
            with self.lock:
                self.errors.append(f"{name}: {type(error).__name__}: {error}")
            raise
        finally:
            with self.lock:
                self.times.setdefault(name, []).append(time.perf_counter() - start)

    def summary(self) -> dict[str, Any]:
        """Return the number of calls and errors, and median and 95th percentile in ms by the name of the call."""
        return {
            "calls": sum(map(len, self.times.values())),
            "errors": self.errors,
            "ms": {name: _percentiles(found) for name, found in sorted(self.times.items())},
        }


def run(server: ServerProcess, clients: int = CLIENTS, rounds: int = ROUNDS) -> dict[str, Any]:
    """Sign `clients` in at the same moment, let each browse and annotate for some rounds; return what it took."""
    load, start = Load(), threading.Barrier(clients)
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        for done in [pool.submit(_use, server, load, start, rounds) for _ in range(clients)]:
            done.exception()  # noted by the load already
    seconds = time.perf_counter() - began
    return {"clients": clients, "seconds": seconds, **load.summary()}


def _use(server: ServerProcess, load: Load, start: threading.Barrier, rounds: int) -> None:
    client = omero.client(host=server.host, port=server.ssl_port)
    try:
        start.wait()
        session = load.timed("sign in", lambda: client.createSession("root", ROOT_PASSWORD))
        for _ in range(rounds):
            _round(load, session)
    finally:
        client.closeSession()


def _round(load: Load, session: Any) -> None:
    """Do what a person does: look at containers, open some, tag one."""
    query, containers = (
        _patient(session.getQueryService()),
        _patient(session.getContainerService()),
    )
    update, admin = _patient(session.getUpdateService()), _patient(session.getAdminService())
    load.timed("getEventContext", admin.getEventContext)
    page = omero.sys.ParametersI().page(0, 200)
    hql = "select new map(d.id as id, d.name as name, d as d_details_permissions) from Dataset d order by lower(d.name)"
    rows = load.timed("projection", lambda: query.projection(hql, page, {"omero.group": "-1"}))
    ids = [row[0].val["id"].val for row in rows[:5]]
    if ids:
        options = omero.sys.ParametersI().page(0, 50)
        load.timed("getImages", lambda: containers.getImages("Dataset", ids, options, {"omero.group": "-1"}))
    tag = omero.model.TagAnnotationI()
    tag.textValue = rstring("load")
    saved = load.timed("save", lambda: update.saveAndReturnObject(tag))
    load.timed("delete", lambda: update.deleteObject(saved))


def _patient(proxy: Any) -> Any:
    return type(proxy).uncheckedCast(proxy.ice_invocationTimeout(_PATIENCE_MS))


def _percentiles(found: list[float]) -> dict[str, float]:
    ordered = sorted(found)
    return {
        "median": round(statistics.median(ordered) * 1000, 1),
        "95 %": round(ordered[int(0.95 * (len(ordered) - 1))] * 1000, 1),
    }
