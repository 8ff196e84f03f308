"""A client that says all sorts of things to a server: `python -m bench.attack.talker PORT SEED SECONDS` over tcp."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

import Ice
import omero
import omero.all
import omero.cmd
import omero.grid
import omero.model
from omero.clients import BaseClient
from omero.rtypes import rint, rlist, rlong, rmap, rstring, rtime
from omero.sys import ParametersI

_CALL_MS = 1_500
m: Any = omero.model


def talk(port: int, random: Random, seconds: float) -> int:
    """Sign in and make calls until the time is over, again wherever that fails; return how many were made."""
    logging.getLogger("omero.client").setLevel(logging.ERROR)  # it tells of each session that could not be closed
    made, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        client = _client(port, random.choice(("1.0", "1.1")))
        try:
            client.createSession("eve", "eve")
            for _ in range(20):
                made += 1
                if time.monotonic() > until:
                    break
                random.choice(CALLS)(client)
        except (Ice.Exception, omero.ClientError, AttributeError, TypeError, ValueError, AssertionError, UnicodeError):
            pass
        finally:
            with suppress(omero.ClientError):
                client.getCommunicator().destroy()
    return made


def _client(port: int, encoding: str) -> BaseClient:
    properties = {
        "Ice.Default.Router": f"OMERO.Glacier2/router:tcp -h 127.0.0.1 -p {port}",
        "Ice.Default.EncodingVersion": encoding,
        "Ice.Default.InvocationTimeout": str(_CALL_MS),
        "Ice.Override.CloseTimeout": "200",
        "Ice.ClassGraphDepthMax": "2000",
        "OmeroDesk.ElementsMax": "10000000",
    }
    return omero.client("127.0.0.1", port, pmap=properties)


def _save(client: BaseClient) -> None:
    image = m.ImageI()
    image.name, image.acquisitionDate = rstring("talked of"), rtime(1)
    tag = m.TagAnnotationI()
    tag.textValue = rstring("a tag")
    image.linkAnnotation(tag)
    dataset = m.DatasetI()
    dataset.name = rstring("talked of")
    dataset.linkImage(image)
    saved = client.sf.getUpdateService().saveAndReturnObject(dataset)
    client.sf.getUpdateService().saveArray([saved, tag])


def _shapes(client: BaseClient) -> None:
    roi = m.RoiI()
    polygon = m.PolygonI()
    polygon.points = rstring("1,2 3,4 5,6")
    polygon.transform = m.AffineTransformI()
    roi.addShape(polygon)
    client.sf.getUpdateService().saveAndReturnObject(roi)


def _ask(client: BaseClient) -> None:
    parameters = ParametersI().addIds([1, 2, 3]).page(0, 10).addString("name", "x")
    parameters.map["list"] = rlist([rlong(1), rstring("x"), rmap({"a": rint(1)})])
    client.sf.getQueryService().projection("select e.id, e.omeName from Experimenter e", parameters)
    client.sf.getQueryService().findAllByQuery(
        "select e from Experimenter e left outer join fetch e.groupExperimenterMap m left outer join fetch m.parent",
        None,
    )


def _command(client: BaseClient) -> None:
    options = [omero.cmd.graphs.ChildOption(includeType=["Tag"], excludeNs=["x"])]
    delete = omero.cmd.Delete2(targetObjects={"Image": [1, 2], "Tag": [3]}, childOptions=options, dryRun=True)
    client.sf.submit(omero.cmd.DoAll([delete, omero.cmd.Chgrp2(targetObjects={"Image": [1]}, groupId=1)]))


def _table(client: BaseClient) -> None:
    columns = [omero.grid.LongColumn("a", "", [1, 2]), omero.grid.StringColumn("b", "", 8, ["x", "y"])]
    table = client.sf.sharedResources().newTable(1, "talked of")
    table.initialize(columns)
    table.addData(columns)
    table.read([0, 1], 0, 2)
    table.close()


def _file(client: BaseClient) -> None:
    file = m.OriginalFileI()
    file.name, file.path = rstring("talked of"), rstring("/")
    store = client.sf.createRawFileStore()
    store.setFileId(client.sf.getUpdateService().saveAndReturnObject(file).id.val)
    store.write(b"bytes", 0, 5)
    store.read(0, 5)
    store.close()


def _people(client: BaseClient) -> None:
    client.sf.getAdminService().getEventContext()
    client.sf.getAdminService().lookupGroups()
    client.sf.getSessionService().getMyOpenSessions()
    client.sf.getTypesService().allEnumerations("Format")


CALLS: tuple[Callable[[BaseClient], None], ...] = (_save, _shapes, _ask, _command, _table, _file, _people)

if __name__ == "__main__":
    print(talk(int(sys.argv[1]), Random(sys.argv[2]), float(sys.argv[3])))
