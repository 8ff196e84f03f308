"""In place of `omero import FILE -k KEY -s HOST -p PORT`, which needs Java: omero-py's own test library imports."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import omero

from tests.support.importer import Importer


def main() -> None:
    """Import one file; prints the ids of its images."""
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["import"])
    parser.add_argument("path", type=Path)
    parser.add_argument("-k", dest="key")
    parser.add_argument("-s", dest="host")
    parser.add_argument("-p", dest="port", type=int)
    options, _ = parser.parse_known_args()
    client = omero.client(host=options.host, port=options.port)
    client.joinSession(options.key).detachOnDestroy()
    try:
        images = Importer(client).run_files([options.path.resolve()]).objects
        sys.stdout.write("Image:" + ",".join(str(image.id.val) for image in images) + "\n")
    finally:
        client.__del__()


main()
