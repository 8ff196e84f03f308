"""Baselines: what a script does without OMERO Desk. `python -m bench.bare WHAT HOST PORT ID` prints JSON.

`pages` makes the same paged projections as the tree, two at a time, and nothing with them; `children` is the
documentation's example for BlitzGateway: the children of a project, and for each its number of children; `nothing` only
signs in, to know the round trips that this takes.
"""

from __future__ import annotations

import json
import sys
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import omero
import omero.gateway
from omero.clients import BaseClient
from omero.sys import ParametersI

from bench.library import PASSWORD, USER
from omero_desk.gateway.wrappers import desk_wrappers as wrappers
from omero_desk.gateway.wrappers import row_entities
from omero_desk.gateway.wrappers import row_queries as rows
from omero_desk.models.tree.pages import FIRST_PAGE, PAGE

REPEATS = 5
_AHEAD = 2
"""Pages that are asked for at once."""


def pages(client: BaseClient, dataset: int) -> dict[str, float]:
    """Seconds to the first page and to all rows of a dataset, each page asked for before the one ahead of it is read.

    The server then works while this process reads: no reader of pages can be much faster.
    """
    query = client.getSession().getQueryService()
    link = wrappers.DatasetWrapper.CHILDREN[0]
    hql = row_entities.query(wrappers.ImageWrapper, rows.Children(link.kind, link.join, link.where, link.order))
    started, first, offset, limit = time.perf_counter(), 0.0, 0, FIRST_PAGE
    asked: deque[tuple[int, Any]] = deque()
    while True:
        while len(asked) < _AHEAD:
            page = ParametersI().addId(dataset).page(offset, limit + 1)
            asked.append((limit, query.begin_projection(hql, page)))
            offset, limit = offset + limit, PAGE
        most, answer = asked.popleft()
        got = query.end_projection(answer)
        first = first or time.perf_counter() - started
        if len(got) <= most:
            return {"first": first, "all": time.perf_counter() - started}


def children(client: BaseClient, project: int) -> dict[str, float]:
    """Seconds to list the children of a project with their numbers of children."""
    gateway = omero.gateway.BlitzGateway(client_obj=client)
    started = time.perf_counter()
    datasets = gateway.getObject("Project", project).listChildren()
    counted = [dataset.countChildren() for dataset in datasets]
    return {"all": time.perf_counter() - started, "rows": len(counted)}


def nothing(client: BaseClient, identity: int) -> dict[str, float]:
    """A gateway that is asked nothing."""
    omero.gateway.BlitzGateway(client_obj=client)
    return {"all": 0.0}


def main(what: str, host: str, port: str, identity: str) -> None:
    """Measure several times over one session, the first time to warm up; prints the middle one."""
    measure: Callable[[BaseClient, int], dict[str, float]] = {
        "pages": pages,
        "children": children,
        "nothing": nothing,
    }[what]
    client = omero.client(host=host, port=int(port))
    client.createSession(USER, PASSWORD)
    repeats = REPEATS if what == "pages" else 1
    measured = [measure(client, int(identity)) for _ in range(repeats)]
    print(json.dumps(sorted(measured, key=lambda one: one["all"])[repeats // 2]))
    client.closeSession()


if __name__ == "__main__":
    main(*sys.argv[1:])
