"""Thumbnails one by one, as omero-browser-qt's worker asks for them.

`python -m bench.thumbnails_bare HOST PORT DATASET N` prints JSON.
"""

from __future__ import annotations

import json
import sys
from time import perf_counter

from omero.gateway import BlitzGateway

_SIDE = 256


def main(host: str, port: str, dataset: str, number: str) -> None:
    """Measure `image.getThumbnail` for the first images of a dataset; prints JSON."""
    conn = BlitzGateway("bench", "bench", host=host, port=int(port), secure=True)
    assert conn.connect()
    conn.SERVICE_OPTS.setOmeroGroup(-1)
    images = conn.getObjects("Image", opts={"dataset": int(dataset), "limit": int(number), "offset": 0})
    started = perf_counter()
    pictures = [image.getThumbnail(size=(_SIDE, _SIDE)) for image in images]
    print(json.dumps({"seconds": perf_counter() - started, "count": len([one for one in pictures if one])}))
    conn.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
