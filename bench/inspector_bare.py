"""What scripts need for the work of the inspector and the spreadsheet.

`python -m bench.inspector_bare WHAT HOST PORT DATASET NUMBER` prints JSON. `tag` puts a new tag on images: links
between proxies, saved 1,000 at a time. `rows` reads what a spreadsheet of them shows: the queries that a person would
write for it, sent together for 1,000 images, and those for the next 1,000 before the answers are read. `ours` does the
same with the spreadsheet's own queries.
"""

from __future__ import annotations

import json
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final

import omero
import omero.model
from omero.clients import BaseClient
from omero.rtypes import rstring, unwrap
from omero.sys import ParametersI

from bench.inspector_library import USER
from omero_desk.entities.annotations import RATING
from omero_desk.gateway.annotations import cells

PAGE: Final = 1000
_FEW: Final = 10
_AHEAD: Final = 2
_OF_ONE: Final = "from ImageAnnotationLink l join l.child an where l.parent.id in (:ids)"
QUERIES: Final = (
    f"select l.parent.id, an.id, an.textValue {_OF_ONE} and an.class = TagAnnotation",
    f"select l.parent.id, an.id, an.ns, an.details.owner.id {_OF_ONE} and an.class = MapAnnotation",
    "select an.id, v.name, v.value from MapAnnotation an join an.mapValue v where an.id in"
    " (select l.child.id from ImageAnnotationLink l where l.parent.id in (:ids)) order by an.id, index(v)",
    f"select l.parent.id, an.longValue {_OF_ONE} and an.class = LongAnnotation and an.ns = '{RATING}'",
    f"select l.parent.id, count(an.id) {_OF_ONE} and an.class = CommentAnnotation group by l.parent.id",
)


def tag(client: BaseClient, images: Sequence[int]) -> dict[str, float]:
    """Seconds to make a tag and put it on the images."""
    update = client.getSession().getUpdateService()
    started = time.perf_counter()
    new = omero.model.TagAnnotationI()
    new.setTextValue(rstring(f"bare {time.time_ns()}"))
    made = omero.model.TagAnnotationI(update.saveAndReturnObject(new).getId().getValue(), False)
    for first in range(0, len(images), PAGE):
        links = []
        for image in images[first : first + PAGE]:
            link = omero.model.ImageAnnotationLinkI()
            link.setParent(omero.model.ImageI(image, False))
            link.setChild(made)
            links.append(link)
        update.saveArray(links)
    return {"all": time.perf_counter() - started}


def rows(client: BaseClient, images: Sequence[int], queries: Sequence[str] = QUERIES) -> dict[str, float]:
    """Seconds to the first page and to all of it."""
    query = client.getSession().getQueryService()
    started, first, asked = time.perf_counter(), 0.0, deque[list[Any]]()
    pages = [list(images[start : start + PAGE]) for start in range(0, len(images), PAGE)]
    for place in range(len(pages) + _AHEAD - 1):
        if place < len(pages):
            wanted = ParametersI().addIds(pages[place])
            asked.append([query.begin_projection(each, wanted) for each in queries])
        if place >= _AHEAD - 1:
            for answer in asked.popleft():
                query.end_projection(answer)
            first = first or time.perf_counter() - started
    return {"first": first, "all": time.perf_counter() - started}


def ours(client: BaseClient, images: Sequence[int]) -> dict[str, float]:
    """Seconds for the queries of the spreadsheet."""
    return rows(client, images, cells.QUERIES)


def main(what: str, host: str, port: str, dataset: str, number: str) -> None:
    """Measure once, after a few images that warm up."""
    measure: Callable[[BaseClient, Sequence[int]], dict[str, float]] = {"tag": tag, "rows": rows, "ours": ours}[what]
    client = omero.client(host=host, port=int(port))
    client.createSession(USER, USER)
    children = "select l.child.id from DatasetImageLink l where l.parent.id = :id order by l.child.id"
    found = client.getSession().getQueryService().projection(children, ParametersI().addId(int(dataset)))
    images: list[int] = [unwrap(identity) for (identity,) in found][: int(number)]
    measure(client, images[:_FEW])
    print(json.dumps(measure(client, images)))
    client.closeSession()


if __name__ == "__main__":
    main(*sys.argv[1:])
