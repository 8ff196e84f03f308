"""`./run bench`: measures against the embedded server, prints a table and keeps it as JSON in bench-results/.

`./run bench start` measures starts, and what two processes take at rest; `server [FOLDER]` the server itself with a
million images, `viewer` the images in view, `thumbnails` a grid of 10,000 of them, `rois` 100,000 regions of interest
of one image, `plates` one of 1,536 wells; `look` what painting costs; `lists [ROWS] [FOLDER]` one container of 100,000
images; `inspector [--quick]` what is noted on 10,000 images, one by one, together and in the spreadsheet;
`memory [IMAGES]` what hundreds of images leave behind; `plain` large images of one level; `files` folders of up to
20,000 files; `clients [PYTHON]` runs programs that were written for OMERO; `attack [--seconds N]` attacks the server.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import (
    browse,
    files,
    inspector,
    library,
    lists,
    look,
    memory,
    plain,
    plates,
    rois,
    server_limits,
    start,
    thumbnails,
    viewer,
)
from bench.attack import run as attack
from bench.clients import report
from bench.proxy import ProxyProcess
from bench.results import print_table, save
from bench.stalls import in_words
from tests.support.server_process import ServerProcess, running_server

ROUND_TRIPS = (0.0, 0.05)
Row = tuple[str, str, str, str]


def main() -> None:
    """Measure everything that is measured; a few minutes."""
    print("Measuring starts…", flush=True)
    starts = start.run()
    with tempfile.TemporaryDirectory() as folder:
        print("Making the library…", flush=True)
        library.fill(Path(folder))
        with running_server(Path(folder)) as server:
            browsing = {round_trip: _browse(server, round_trip) for round_trip in ROUND_TRIPS}
    # What the server itself needs for a first page, as a bare script sees it with no line in between.
    own = browsing[0.0]["pages"]["first"]
    table = [*start.rows(starts), *(row for found in browsing.values() for row in _browse_rows(found, own))]
    print_table(table)
    save("browse", {"start": starts, "browse": list(browsing.values()), "table": table})


def _browse(server: ServerProcess, round_trip: float) -> dict[str, Any]:
    print(f"Measuring the tree at {round_trip * 1000:.0f} ms round trip…", flush=True)
    with ProxyProcess(server.host, server.ssl_port, round_trip) as proxy:
        desk = browse.run(proxy)
        ids = desk["ids"]
        signing_in = _bare(proxy, "nothing", 0)["round trips"]
        children = _bare(proxy, "children", ids[library.PROJECT])
        children["round trips"] -= signing_in
        return {
            "round trip": round_trip,
            "desk": desk,
            "pages": _bare(proxy, "pages", ids[library.dataset_name(library.IMAGES)]),
            "children": children,
        }


def _bare(proxy: ProxyProcess, what: str, identity: int) -> dict[str, float]:
    proxy.traffic()
    command = [sys.executable, "-m", "bench.bare", what, "127.0.0.1", str(proxy.port), str(identity)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found: dict[str, float] = json.loads(output)
    return {**found, "round trips": proxy.traffic().round_trips}


def _browse_rows(found: dict[str, Any], own: float) -> list[Row]:
    desk, pages, children, round_trip = found["desk"], found["pages"], found["children"], found["round trip"]
    project, dataset = desk["project"], desk["dataset"]
    line = f"{round_trip * 1000:.0f} ms"
    rows: list[Row] = [
        (
            f"{line}: round trips to open a project of {project['rows']} datasets",
            f"{project['round trips']}",
            "1",
            f"BlitzGateway alone: {children['round trips']:.0f}, {children['all'] / project['all']:.0f} x the time",
        ),
        (
            f"{line}: round trips to open a dataset of {dataset['rows']:,} images",
            f"{dataset['round trips']}",
            "11",
            "one a page; pages of 200, then 1,000",
        ),
        (
            f"{line}: time to the first row",
            f"{_excess(dataset['first'], own, round_trip)}",
            "1.5 round trips + the server's time",
            f"{dataset['first'] * 1000:.0f} ms; the server's own time {own * 1000:.0f} ms",
        ),
        (
            f"{line}: time to all rows",
            f"{dataset['all'] / pages['all']:.2f} x a bare script that asks ahead",
            "1.2 x",
            f"{dataset['all']:.2f} s against {pages['all']:.2f} s",
        ),
        (
            f"{line}: stalls of the window meanwhile",
            in_words({**dataset["stalls"], "worst": dataset["worst stall of all"]}),
            "16 ms, 50 ms, 1 %",
            f"half are under {dataset['stalls']['p50']:.1f} ms, of a timer that wants to run every 1 ms",
        ),
        (
            f"{line}: annotation counts of {desk['counts']['objects']:,} images",
            f"{desk['counts']['calls']} call",
            "1",
            f"{desk['counts']['seconds'] * 1000:.0f} ms",
        ),
    ]
    if round_trip == 0:
        rows += [
            (
                f"Memory a row, {one['rows']:,} rows",
                f"{one['bytes a row']:.0f} bytes",
                "1,024 bytes",
                "Python's own count",
            )
            for one in desk["memory"]
        ]
    return rows


def _excess(first: float, own: float, round_trip: float) -> str:
    if not round_trip:
        return f"{first / own:.2f} x the server's time"
    return f"{(first - own) / round_trip:.2f} round trips + the server's time"


PROGRAMS: dict[str, Callable[..., None]] = {
    "": main,
    "start": start.main,
    "server": server_limits.main,
    "viewer": viewer.main,
    "thumbnails": thumbnails.main,
    "rois": rois.main,
    "plates": plates.main,
    "look": look.main,
    "memory": memory.main,
    "lists": lists.main,
    "inspector": inspector.main,
    "plain": plain.main,
    "files": files.main,
    "clients": report.main,
    "attack": attack.main,
}

if __name__ == "__main__":
    PROGRAMS[sys.argv[1] if len(sys.argv) > 1 else ""](*sys.argv[2:])
