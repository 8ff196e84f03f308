"""A library for programs that were written for OMERO: people in two groups, and images that were imported."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import omero
import pytest
import tifffile
from omero.rtypes import rstring

from omero_desk.server.access.accounts import create_group, create_user
from omero_desk.server.database.store import Store
from tests.support.importer import Importer
from tests.support.server_process import ServerProcess, running_server, server_environment

Results = dict[str, dict[str, Any]]
_SECONDS = 100


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with the user "demo", who has a project with a dataset of two images."""
    folder = tmp_path_factory.mktemp("clients")
    store = Store(folder)
    with store.write() as connection:
        groups = [create_group(store.schema, connection, name, "rwra--") for name in ("lab", "core")]
        create_user(
            store.schema, connection, "demo", first_name="Demo", last_name="User", groups=groups, password="demo"
        )
    store.close()
    with running_server(folder) as server:
        _put_images_in(server, tmp_path_factory.mktemp("images"))
        yield server


def _put_images_in(server: ServerProcess, folder: Path) -> None:
    planes = np.random.default_rng(1).integers(0, 4000, (2, 3, 48, 64), dtype=np.uint16)
    for name in ("cells_1", "cells_2"):
        (folder / name).mkdir()
        axes = {"axes": "ZCYX", "Channel": {"Name": ["DAPI", "GFP", "Cy5"]}}
        tifffile.imwrite(folder / name / f"{name}.ome.tiff", planes, metadata=axes)
    client = omero.client(host=server.host, port=server.ssl_port)
    try:
        update = client.createSession("demo", "demo").getUpdateService()
        project = omero.model.ProjectI()
        project.name = rstring("clients")
        dataset = omero.model.DatasetI()
        dataset.name = rstring("imported")
        project.linkDataset(dataset)
        target = update.saveAndReturnObject(project).linkedDatasetList()[0]
        for each in sorted(folder.iterdir()):
            for image in Importer(client).run(each).objects:
                link = omero.model.DatasetImageLinkI()
                link.parent, link.child = target.proxy(), omero.model.ImageI(image.id.val, False)
                update.saveObject(link)
    finally:
        client.closeSession()


@pytest.fixture(scope="session")
def results_of(library: ServerProcess, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Results]:
    """Run a client once, in a process of its own; returns its results by task."""

    @cache
    def run(module: str) -> Results:
        where = [library.host, str(library.ssl_port), str(tmp_path_factory.mktemp(module))]
        command = [sys.executable, "-m", "bench.clients", module, *where]
        done = subprocess.run(
            command, capture_output=True, text=True, env=server_environment(), timeout=_SECONDS, check=True
        )
        _, *lines = (json.loads(line) for line in done.stdout.splitlines())
        return {line["task"]: line for line in lines}

    return run
