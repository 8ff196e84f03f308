"""`./run bench server [FOLDER]`: what the embedded server needs for a library of a million images.

Times are those of a client on the same computer, so they hold the way there and back and the unpacking, too. The
processor's time is the server's alone, and hardly depends on what else the computer does.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import omero
import omero.model
import platformdirs
from omero.clients import BaseClient
from omero.rtypes import rstring, unwrap
from omero.sys import ParametersI

from bench import million, server_fairness, server_kills, server_load
from bench.attack import suites
from bench.library import PASSWORD, USER
from bench.results import save
from omero_desk.entities.objects import Kind, Scope
from omero_desk.gateway.tree import browse
from omero_desk.gateway.wrappers import desk_wrappers as wrappers
from omero_desk.gateway.wrappers import row_entities
from omero_desk.gateway.wrappers.row_queries import Children
from tests.support.server_process import ServerProcess, processor_seconds, running_server

PAGE = 200
REPEATS = 15
KILLS = 10
AIM_MS, AIM_MIB = 100, 500

Row = tuple[str, str, str, str]

SEARCHES = {
    "a name": f"image{million.IMAGES - 1}",
    "a tag": f"tag:{million.RARE_TAG}",
    "a beginning": "plate57*",
    "a word of every image": "tiff",
    "an ending": "*99999",
    "two words of every image": "ome AND tiff",
    "a word like another": "needel~",
}
_AIMLESS = ("an ending", "two words of every image", "a word like another", "a word of every image")


def main(folder: str = "") -> None:
    """Make the library if need be, measure, print the table and keep it."""
    path = Path(folder or platformdirs.user_cache_dir("omero-desk")) / "million"
    print(f"The library of {million.IMAGES:,} images is {path}; it is made the first time…", flush=True)
    million.library(path)
    started = time.perf_counter()
    with running_server(path) as server:
        ready = time.perf_counter() - started
        rows = [("Start of the server", f"{ready:.2f} s", "", "to the line that says it is ready"), *_measure(server)]
    rows += [_killed(), *_fuzzed()]
    print(f"\nLoad of the computer at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print("\n| what | measured | aim | in detail |\n|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    save("server", {"images": million.IMAGES, "table": rows})


def _measure(server: ServerProcess) -> Iterator[Row]:
    timed = partial(_times, server.pid)
    yield timed("Sign-in", lambda: _client(server).closeSession(), f"{AIM_MS} ms")
    client = _client(server)
    for name, hql, parameters in _pages(client):
        query = client.sf.getQueryService()
        yield timed(f"First page: {name}", _asking(query, hql, parameters), f"{AIM_MS} ms")
    yield from _counts(client, server.pid)
    yield _memory("Memory after the pages", server.pid)
    for name, text in SEARCHES.items():
        yield timed(f"Search for {name}: {text}", _searching(client, text), "" if name in _AIMLESS else f"{AIM_MS} ms")
    yield _memory("Memory after the searches", server.pid)
    client.closeSession()
    load = server_load.run(server)
    yield (
        f"{server_load.CLIENTS} clients at once",
        f"{len(load['errors'])} errors",
        "0",
        f"{load['calls']} calls",
    )
    yield _memory("Memory after them", server.pid)
    yield _fair(server)


def _fair(server: ServerProcess) -> Row:
    """Measure one session alone, and beside others that run queries without an end."""
    found = server_fairness.run(server)
    quiet, beside, ratios = found["quiet"], found["beside"], found["ratios"]
    return (
        f"A session beside {server_fairness.HOSTILE} that run endless queries",
        f"{ratios['median']:.1f} x, p99 {ratios['99 %']:.1f} x alone",
        "2 x",
        f"{beside['median']:.1f}, p99 {beside['99 %']:.0f} ms; alone {quiet['median']:.1f}, p99 {quiet['99 %']:.0f} ms"
        f"; a sign-in {found['sign in s'] * 1000:.0f} ms",
    )


def _counts(client: BaseClient, pid: int) -> Iterator[Row]:
    """The count beside "Orphaned images", which the tree asks for when it is opened: as it is, and after writes."""
    context = client.sf.getAdminService().getEventContext()
    section = browse._section(Kind.IMAGE, browse._ORPHANED_IMAGES, Scope(context.groupId, context.userId))
    query, update = client.sf.getQueryService(), client.sf.getUpdateService()
    hql = f"select count(obj.id) from Image obj where {section.where}"
    first = _id(client, "select min(i.id) from Image i")

    def after(thing: Any) -> None:
        update.saveObject(thing)
        query.projection(hql, None)

    tag = omero.model.TagAnnotationI()
    tag.textValue = rstring("bench")
    yield _times(pid, "Count of orphaned images", lambda: query.projection(hql, None), f"{AIM_MS} ms")
    yield _times(pid, "A tag saved, and the count", lambda: after(tag), f"{AIM_MS} ms")
    yield _times(pid, "An image saved, and the count", lambda: after(_renamed(query, first)), "", 3)


def _renamed(query: Any, image_id: int) -> Any:
    image = query.get("Image", image_id)
    image.name = rstring(image.name.val.rpartition("~")[0] or f"{image.name.val}~")
    return image


def _killed() -> Row:
    with tempfile.TemporaryDirectory() as folder:
        found = server_kills.run(Path(folder), KILLS)
    wrong = "; ".join(found.problems[:3]) or f"{found.writes} writes were acknowledged, and all of them are there"
    return (f"kill -9 in the middle of writes, {KILLS} times", f"{len(found.problems)} damages", "0", wrong)


def _fuzzed() -> Iterator[Row]:
    for name, told, seconds in suites.run():
        yield (name, told, "all answered", f"{seconds:.0f} s")


def _client(server: ServerProcess) -> BaseClient:
    client = omero.client(host=server.host, port=server.ssl_port)
    client.createSession(USER, PASSWORD)
    return client


def _pages(client: BaseClient) -> Iterator[tuple[str, str, dict[str, int]]]:
    """The queries of the desktop's tree, with a container of each kind."""
    context = client.sf.getAdminService().getEventContext()
    scope = Scope(context.groupId, context.userId)
    run = _id(client, "select min(r.id) from PlateAcquisition r")
    sections: list[tuple[str, Any, Children, int]] = [
        ("projects", wrappers.ProjectWrapper, browse._section(Kind.PROJECT, "", scope), 0),
        ("screens", wrappers.ScreenWrapper, browse._section(Kind.SCREEN, "", scope), 0),
        ("orphaned images", wrappers.ImageWrapper, browse._section(Kind.IMAGE, browse._ORPHANED_IMAGES, scope), 0),
    ]
    for name, parent, child, of in (
        (f"a project of {million.DATASETS} datasets", wrappers.ProjectWrapper, wrappers.DatasetWrapper, "Project p"),
        (f"a dataset of {million.LARGE:,} images", wrappers.DatasetWrapper, wrappers.ImageWrapper, "Dataset p"),
        (f"a screen of {million.PLATES} plates", wrappers.ScreenWrapper, wrappers.PlateWrapper, "Screen p"),
        ("a plate", wrappers.PlateWrapper, wrappers.PlateAcquisitionWrapper, "Plate p"),
        (
            f"a run of {million.WELLS} wells",
            wrappers.PlateAcquisitionWrapper,
            wrappers.WellWrapper,
            "PlateAcquisition p",
        ),
        (f"a well of {million.FIELDS} fields", wrappers.WellWrapper, wrappers.ImageWrapper, "Well p"),
    ):
        sections.append((name, child, parent.CHILDREN[0], _id(client, f"select min(p.id) from {of}")))
    for name, wrapper, section, parent_id in sections:
        hql = row_entities.query(wrapper, section)
        values = {"id": parent_id, "run": run}
        yield name, hql, {key: value for key, value in values.items() if f":{key}" in hql}


def _id(client: BaseClient, hql: str) -> int:
    found: int = unwrap(client.sf.getQueryService().projection(hql, None))[0][0]
    return found


def _asking(query: Any, hql: str, values: dict[str, int]) -> Callable[[], Any]:
    parameters = ParametersI().page(0, PAGE + 1)
    for name, value in values.items():
        parameters.addLong(name, value)
    return lambda: query.projection(hql, parameters)


def _searching(client: BaseClient, text: str) -> Callable[[], Any]:
    """Ask for the first images, as many as a window shows, by a service of its own as the gateway does."""

    def ask() -> None:
        service = client.sf.createSearchService()
        service.setAllowLeadingWildcard(True)
        service.setBatchSize(50)
        service.onlyType("Image")
        service.byFullText(text)
        found = service.results() if service.hasNext() else []
        service.close()
        assert found, text

    return ask


def _times(pid: int, name: str, call: Callable[[], Any], aim: str, repeats: int = REPEATS) -> Row:
    """Measure a call: the first time by itself, then the middle one and the 95th percentile of several."""
    first = _seconds(call) * 1000
    before = processor_seconds(pid)
    rest = sorted(_seconds(call) * 1000 for _ in range(repeats))
    own = (processor_seconds(pid) - before) * 1000 / repeats
    late = rest[round(0.95 * (len(rest) - 1))]
    detail = f"the processor's {own:.0f} ms; the first time {first:.0f} ms, 95 % under {late:.0f} ms"
    return (name, f"{statistics.median(rest):.0f} ms", aim, detail)


def _seconds(call: Callable[[], Any]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _memory(name: str, pid: int) -> Row:
    """Read what Linux says of a process; elsewhere nothing is said."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return (name, "unknown", f"{AIM_MIB} MiB", "only Linux tells")
    lines = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines())
    now, most = (int(lines[key].split()[0]) / 1024 for key in ("VmRSS", "VmHWM"))
    return (name, f"{now:.0f} MiB", f"{AIM_MIB} MiB", f"{most:.0f} MiB at most so far")
