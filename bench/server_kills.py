"""The embedded server killed with -9 in the middle of writes, again and again, and its library looked through.

What a client was told is done must be there, and nothing may be there by half: every dataset has all of its images.
"""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import Ice
import omero
import omero.model
import sqlalchemy as sa
from omero.cmd import Delete2
from omero.rtypes import rstring

from omero_desk.server.database.store import Store
from tests.support.server_process import ROOT_PASSWORD, ServerProcess, running_server

WRITERS = 4
IMAGES = 10
_PATIENCE_MS = 10_000
_LONGEST_S = 1.0
_POLL_S = 0.005


@dataclass
class Kills:
    """What was acknowledged, and what is wrong with the library."""

    rounds: int = 0
    writes: int = 0
    saved: set[int] = field(default_factory=set)
    deleted: set[int] = field(default_factory=set)
    doubtful: set[int] = field(default_factory=set)  # a delete of theirs was not answered
    problems: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def run(folder: Path, rounds: int, seed: int = 1) -> Kills:
    """Start a server on a folder, write by several clients, and kill it at a random moment; so many times."""
    found, dice = Kills(), random.Random(seed)
    for _ in range(rounds):
        with running_server(folder) as server:
            _write_until_killed(server, found, dice.uniform(0.05, _LONGEST_S))
        found.rounds += 1
        _look_through(folder, found)
    return found


def _write_until_killed(server: ServerProcess, found: Kills, seconds: float) -> None:
    ready = threading.Barrier(WRITERS + 1)
    with ThreadPoolExecutor(WRITERS) as writers:
        done = [writers.submit(_write, server, found, ready) for _ in range(WRITERS)]
        ready.wait()
        time.sleep(seconds)
        server.kill()
    for each in done:
        each.result()


def _write(server: ServerProcess, found: Kills, ready: threading.Barrier) -> None:
    """Save and delete until the line is cut."""
    client = omero.client(host=server.host, port=server.ssl_port)
    session = client.createSession("root", ROOT_PASSWORD).ice_invocationTimeout(_PATIENCE_MS)
    update = session.getUpdateService()
    update = type(update).uncheckedCast(update.ice_invocationTimeout(_PATIENCE_MS))
    ready.wait()
    try:
        while True:
            dataset = update.saveAndReturnObject(_graph()).id.val
            with found.lock:
                found.saved.add(dataset)
                found.writes += 1
            if dataset % 2:
                _delete(session, dataset, found)
    except Ice.LocalException:
        pass  # as is to be expected of a server that was killed
    finally:
        with suppress(Ice.Exception):
            client.closeSession()


def _delete(session: Any, dataset: int, found: Kills) -> None:
    with found.lock:
        found.doubtful.add(dataset)
    handle = session.submit(Delete2(targetObjects={"Dataset": [dataset]}))
    while (response := handle.getResponse()) is None:
        time.sleep(_POLL_S)
    if isinstance(response, omero.cmd.Delete2Response):
        with found.lock:
            found.deleted.add(dataset)
            found.writes += 1


def _graph() -> Any:
    """Return a dataset of some images with a tag, to be saved at once."""
    dataset, tag = omero.model.DatasetI(), omero.model.TagAnnotationI()
    dataset.name, tag.textValue = rstring("killed"), rstring("killed")
    dataset.linkAnnotation(tag)
    for number in range(IMAGES):
        image = omero.model.ImageI()
        image.name = rstring(f"image {number}")
        dataset.linkImage(image)
    return dataset


def _look_through(folder: Path, found: Kills) -> None:
    store = Store(folder)
    try:
        with store.read() as connection:
            found.problems.extend(_damages(connection))
            found.problems.extend(_losses(store, connection, found))
    finally:
        store.close()


def _damages(connection: sa.Connection) -> list[str]:
    checks = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [text for text in checks if text != "ok"] + [f"points at nothing: {row}" for row in dangling]


def _losses(store: Store, connection: sa.Connection, found: Kills) -> list[str]:
    datasets, links = store.schema.table("Dataset"), store.schema.table("DatasetImageLink")
    counted = (
        sa.select(datasets.c.id, sa.func.count(links.c.id).label("images"))
        .join(links, links.c.parent_id == datasets.c.id, isouter=True)
        .where(datasets.c.name == "killed")
        .group_by(datasets.c.id)
    )
    there = {row.id: row.images for row in connection.execute(counted)}
    return [
        *(f"dataset {each} has {count} images" for each, count in there.items() if count != IMAGES),
        *(f"dataset {each} is lost" for each in sorted(found.saved - found.doubtful - there.keys())),
        *(f"dataset {each} is back" for each in sorted(found.deleted & there.keys())),
    ]
