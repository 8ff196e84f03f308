"""An honest session of the embedded server beside hostile ones: what its calls take, quiet and while these run."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import omero
import omero.model
from omero.rtypes import rstring

from tests.support.server_process import ROOT_PASSWORD, ServerProcess

HOSTILE = 20
ROUNDS = 60
SLOW = "select count(a.id) from Event a, Event b, Event c, Event d"


def run(server: ServerProcess, hostile: int = HOSTILE, rounds: int = ROUNDS) -> dict[str, Any]:
    """Return calls a second and times in ms, quiet before and while `hostile` sessions run slow queries."""
    client = _client(server)
    try:
        _times(client, 5)
        quiet = _told(_times(client, rounds))
        with _attacking(server, hostile):
            beside = _told(_times(client, rounds))
            sign_in = _sign_in_seconds(server)
    finally:
        client.closeSession()
    ratios = {name: round(beside[name] / quiet[name], 2) for name in quiet}
    return {"quiet": quiet, "beside": beside, "ratios": ratios, "sign in s": sign_in}


@contextmanager
def _attacking(server: ServerProcess, hostile: int) -> Iterator[None]:
    clients = [_client(server) for _ in range(hostile)]
    for client in clients:
        query = client.sf.getQueryService()
        for _ in range(2):
            query.begin_projection(SLOW, None)
    threading.Event().wait(2)  # until all of them are long
    try:
        yield
    finally:
        for client in clients:
            client.closeSession()


def _times(client: Any, rounds: int) -> list[float]:
    """Do what a person does: look at containers, read one, save a tag; return the seconds of each call."""
    query, update = client.sf.getQueryService(), client.sf.getUpdateService()
    admin = client.sf.getAdminService()
    page = omero.sys.ParametersI().page(0, 200)
    found = []
    for _ in range(rounds):
        tag = omero.model.TagAnnotationI()
        tag.textValue = rstring("fair")
        for call in (
            admin.getEventContext,
            lambda: query.projection("select d.id, d.name from Dataset d order by d.name", page),
            lambda: query.findAllByQuery("select e from Experimenter e", page),
            lambda tag=tag: update.saveAndReturnObject(tag),
        ):
            started = time.perf_counter()
            call()
            found.append(time.perf_counter() - started)
    return found


def _told(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "median": round(statistics.median(ordered) * 1000, 2),
        "99 %": round(ordered[int(0.99 * (len(ordered) - 1))] * 1000, 2),
        "seconds of all": round(sum(ordered), 3),
    }


def _sign_in_seconds(server: ServerProcess) -> float:
    started = time.perf_counter()
    _client(server).closeSession()
    return round(time.perf_counter() - started, 3)


def _client(server: ServerProcess) -> Any:
    client = omero.client(host=server.host, port=server.ssl_port)
    client.createSession("root", ROOT_PASSWORD)
    return client
