"""BlitzGateway, as the examples of OMERO's Python language bindings use it: reading, drawing and searching."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import omero
from omero.gateway import BlitzGateway
from omero.rtypes import rdouble, rint, rlong, rstring

from bench.clients.tasks import Place, Tasks

TASKS = Tasks("BlitzGateway", "omero-py", "zeroc-ice")


@contextmanager
def connection(place: Place, user: str = "", password: str = "") -> Iterator[Any]:
    """Sign in, and out again."""
    conn = BlitzGateway(user or place.user, password or place.password, host=place.host, port=place.port, secure=True)
    try:
        assert conn.connect(), conn.getLastError()
        yield conn
    finally:
        conn.close()


def some_image(conn: Any) -> Any:
    """Return an image of the user's that has a file."""
    query = "select i.id from Image i join i.fileset f join i.pixels p where i.details.owner.id = :id order by i.id"
    parameters = omero.sys.ParametersI().addId(conn.getUserId()).page(0, 1)
    found = conn.getQueryService().projection(query, parameters, conn.SERVICE_OPTS)
    return conn.getObject("Image", found[0][0].val)


def other_group(conn: Any) -> Any:
    """Return a group of the user's that is not the one of the session."""
    here = conn.getEventContext().groupId
    return next(group for group in conn.getGroupsMemberOf() if group.id != here and group.getName() != "user")


@TASKS("connect, as oneself and by a session's key")
def _connect(place: Place) -> str:
    with connection(place) as conn:
        user = conn.getUser()
        assert user.getName() == place.user
        again = BlitzGateway(host=place.host, port=place.port, secure=True)
        assert again.connect(sUuid=conn.getSession().getUuid().val)
        assert again.getUserId() == conn.getUserId()
        again.close(hard=False)
        assert conn.keepAlive()
        groups = [group.getName() for group in conn.getGroupsMemberOf()]
        return f"{user.getFullName()}, in {len(groups)} groups; administrator: {conn.isAdmin()}"


@TASKS("connect as somebody else, being an administrator")
def _become(place: Place) -> None:
    with connection(place, "root", place.root_password) as conn:
        other = conn.suConn(place.user)
        assert other.getUser().getName() == place.user
        other.close()


@TASKS("read data: projects, datasets, images, and what is in none")
def _read_data(place: Place) -> str:
    with connection(place) as conn:
        mine = {"owner": conn.getUserId(), "order_by": "lower(obj.name)", "limit": 5, "offset": 0}
        projects = list(conn.getObjects("Project", opts=mine))
        assert [p.getName().lower() for p in projects] == sorted(p.getName().lower() for p in projects)
        children = [dataset for project in projects for dataset in project.listChildren()]
        assert sum(project.countChildren() for project in projects) == len(children)
        images = list(conn.getObjects("Image", opts={"dataset": children[0].id}))
        assert len(images) == children[0].countChildren()
        loose = list(conn.getObjects("Image", opts={"orphaned": True, "owner": conn.getUserId(), "limit": 3}))
        return f"{len(projects)} projects, {len(children)} datasets, {len(images)} images, {len(loose)} loose ones"


@TASKS("read data: an image's sizes, channels, owner and parents")
def _read_image(place: Place) -> str:
    with connection(place) as conn:
        image = some_image(conn)
        sizes = [image.getSizeX(), image.getSizeY(), image.getSizeZ(), image.getSizeC(), image.getSizeT()]
        assert min(sizes) > 0
        assert len(image.getChannels()) == image.getSizeC()
        assert image.getOwnerOmeName() == place.user
        assert image.getDate() is not None
        image.getPixelSizeX(units=True)
        assert image.getAncestry()[-1].OMERO_CLASS == "Project"
        assert image.canEdit()
        assert image.canDelete()
        return f"{sizes}, {[channel.getLabel() for channel in image.getChannels()]}"


@TASKS("read data: screens, plates, wells and their images")
def _read_plates(place: Place) -> str:
    with connection(place) as conn:
        plates = list(conn.getObjects("Plate", opts={"limit": 1}))
        if not plates:
            return "no plate in this library"
        plate = plates[0]
        wells = list(plate.listChildren())
        fields = [well.getImage(0) for well in wells[:4] if well.countWellSample()]
        assert fields
        assert all(field.getId() for field in fields)
        assert plate.getGridSize()
        assert list(conn.getObjects("Well", opts={"plate": plate.id, "limit": 3}))
        return f"{len(wells)} wells, fields {plate.getNumberOfFields()}, labels {plate.getRowLabels()[:2]}"


@TASKS("groups and permissions")
def _permissions(place: Place) -> str:
    with connection(place) as conn:
        here, there = conn.getGroupFromContext(), other_group(conn)
        assert conn.setGroupForSession(there.id)
        assert conn.getEventContext().groupId == there.id
        assert conn.setGroupForSession(here.id)
        conn.SERVICE_OPTS.setOmeroGroup("-1")
        groups = {project.getDetails().group.id.val for project in conn.getObjects("Project")}
        image = some_image(conn)
        assert image.getDetails().getPermissions().isUserWrite()
        members, leaders = here.groupSummary()
        return (
            f"projects of {len(groups)} groups; {len(leaders)} leaders and {len(members)} members in {here.getName()}"
        )


@TASKS("raw data: planes, tiles, a histogram; equal to the file's")
def _raw_data(place: Place) -> str:
    with connection(place) as conn:
        image = some_image(conn)
        pixels = image.getPrimaryPixels()
        plane = pixels.getPlane(0, 0, 0)
        assert plane.shape == (image.getSizeY(), image.getSizeX())
        tile = pixels.getTile(0, 0, 0, (3, 5, 20, 10))
        assert np.array_equal(tile, plane[5:15, 3:23])
        wanted = [(0, c, 0) for c in range(image.getSizeC())]
        assert len(list(pixels.getPlanes(wanted))) == image.getSizeC()
        counts = image.getHistogram([0], 256, globalRange=True)
        assert sum(counts[0]) == plane.size
        return f"{plane.shape} of {plane.dtype}"


@TASKS("ROIs: make each kind of shape, read, measure, change, delete")
def _rois(place: Place) -> str:
    with connection(place) as conn:
        image, update = some_image(conn), conn.getUpdateService()
        made = new_roi(conn, image)
        service = conn.getRoiService()
        found = next(r for r in service.findByImage(image.id, None).rois if r.id.val == made.id.val)
        kinds = {type(shape).__name__ for shape in found.copyShapes()}
        assert len(kinds) == len(_shapes()), kinds
        stats = service.getShapeStatsRestricted([found.copyShapes()[0].id.val], 0, 0, [0])
        assert stats[0].pointsCount[0] > 0
        found.removeShape(found.getShape(0))
        assert update.saveAndReturnObject(found).sizeOfShapes() == len(_shapes()) - 1
        conn.deleteObjects("Roi", [made.id.val], wait=True)
        assert conn.getObject("Roi", made.id.val) is None
        return ", ".join(sorted(name[:-1] for name in kinds))


def new_roi(conn: Any, image: Any) -> Any:
    """Make a ROI with a shape of each kind."""
    roi = omero.model.RoiI()
    roi.setImage(image._obj)
    for shape in _shapes():
        roi.addShape(shape)
    return conn.getUpdateService().saveAndReturnObject(roi)


def _shapes() -> list[Any]:
    sides = {"x": 2, "y": 2, "width": 9, "height": 7}
    mask = _shape("Mask", x=0, y=0, width=8, height=2)
    mask.setBytes(np.packbits([1, 0] * 8).tobytes())
    first = _shape("Rectangle", **sides)
    first.theZ, first.theT = rint(0), rint(0)
    return [
        first,
        _shape("Ellipse", x=9, y=9, radiusX=4, radiusY=3),
        _shape("Line", x1=1, y1=1, x2=8, y2=9),
        _shape("Point", x=3, y=3),
        _shape("Polygon", points="1,1 9,1 5,8"),
        _shape("Polyline", points="1,1 9,1 5,8"),
        _shape("Label", x=1, y=1, textValue="here"),
        mask,
    ]


def _shape(kind: str, **values: float | str) -> Any:
    made = getattr(omero.model, f"{kind}I")()
    for name, value in values.items():
        setattr(made, name, rstring(value) if isinstance(value, str) else rdouble(value))
    return made


@TASKS("render images: channels, colours, a LUT, greyscale, projections, settings kept")
def _render(place: Place) -> str:
    with connection(place) as conn:
        image = some_image(conn)
        image.setColorRenderingModel()
        image.setActiveChannels([1], [[100.0, 900.0]], ["F00"])
        red = np.asarray(image.renderImage(0, 0))
        assert red[..., 1:].max() < 60 < red[..., 0].max(), "a red channel is red"
        image.setActiveChannels([1], [[100.0, 900.0]], ["cool.lut"], [True])
        image.setGreyscaleRenderingModel()
        grey = np.asarray(image.renderImage(0, 0).convert("RGB")).astype(int)
        assert np.ptp(grey, axis=2).max() < 8
        image.setProjection("intmax")
        assert image.renderImage(0, 0).size == (image.getSizeX(), image.getSizeY())
        image.setColorRenderingModel()
        image.setActiveChannels([1], [[100.0, 900.0]], ["00FF00"], [False])
        assert image.saveDefaults()
        channel = conn.getObject("Image", image.id).getChannels()[0]
        assert (channel.getWindowStart(), channel.getWindowEnd()) == (100.0, 900.0)
        assert channel.getColor().getHtml() == "00FF00"
        image.resetDefaults()
        return f"{len(image.getAllRenderingDefs())} people's settings"


@TASKS("thumbnails, split channels, regions")
def _thumbnails(place: Place) -> str:
    with connection(place) as conn:
        image = some_image(conn)
        small, direct = image.getThumbnail(96, direct=False), image.getThumbnail(size=(64, 64))
        assert small[:2] == direct[:2] == b"\xff\xd8"
        several = conn.getThumbnailSet([image.id])
        assert several[image.id][:2] == b"\xff\xd8"
        assert image.renderJpegRegion(0, 0, 0, 0, 32, 32)[:2] == b"\xff\xd8"
        assert image.renderSplitChannel(0, 0)[:2] == b"\xff\xd8"
        return f"{len(small)} and {len(direct)} bytes"


@TASKS("filesets: the imported files, and their bytes")
def _filesets(place: Place) -> str:
    with connection(place) as conn:
        image = some_image(conn)
        fileset = image.getFileset()
        assert image.id in [each.id for each in fileset.copyImages()]
        files = list(fileset.listFiles())
        data = b"".join(files[0].getFileInChunks())
        assert len(data) == files[0].getSize()
        assert files[0].getHash() in (None, "", hashlib.sha1(data).hexdigest())
        assert image.countFilesetFiles() == len(files)
        assert image.getImportedImageFilePaths()["server_paths"]
        return f"{files[0].getName()}, {len(data):,} bytes"


@TASKS("OME-TIFF and original metadata")
def _export(place: Place) -> str:
    with connection(place) as conn:
        image = some_image(conn)
        size, data = image.exportOmeTiff(bufsize=1_000_000)
        first = next(iter(data))
        assert first[:2] in (b"II", b"MM")
        image.loadOriginalMetadata()
        return f"{size:,} bytes"


@TASKS("queries: the query service with parameters, projections and maps")
def _queries(place: Place) -> str:
    with connection(place) as conn:
        service, parameters = conn.getQueryService(), omero.sys.ParametersI()
        parameters.map["owner"] = rlong(conn.getUserId())
        parameters.page(0, 4)
        named = (
            "select new map(i.id as id, i.name as name) from Image i where i.details.owner.id = :owner order by i.id"
        )
        rows = service.projection(named, parameters, conn.SERVICE_OPTS)
        assert all(set(row[0].val) == {"id", "name"} for row in rows)
        whole = "select i from Image i join fetch i.pixels p join fetch p.pixelsType where i.details.owner.id = :owner"
        images = service.findAllByQuery(whole, parameters, conn.SERVICE_OPTS)
        assert all(image.getPrimaryPixels().pixelsType.value.val for image in images)
        return f"{len(rows)} rows, {len(images)} images"


@TASKS("search: by words, by field, by owner")
def _search(place: Place) -> str:
    with connection(place) as conn:
        word = some_image(conn).getName().split(".")[0]
        found = list(conn.searchObjects(["Image"], f'"{word}"'))
        assert found
        named = list(conn.searchObjects(["Image", "Dataset"], f'"{word}"', fields=("name",), rawQuery=False))
        assert named
        return f"{len(found)} with {word!r}"
