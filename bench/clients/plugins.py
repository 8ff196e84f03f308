"""The plugins of the `omero` command line: render, duplicate, metadata, zarr, transfer."""

from __future__ import annotations

import shutil
from pathlib import Path

from omero import model
from omero.rtypes import rint, rstring

from bench.clients.blitzgateway import connection
from bench.clients.command_line import login, new, omero, some_image
from bench.clients.tasks import Place, Tasks

TASKS = Tasks(
    "omero plugins", "omero-cli-render", "omero-cli-duplicate", "omero-metadata", "omero-cli-zarr", "omero-cli-transfer"
)

_BULK_ANNOTATIONS = "openmicroscopy.org/omero/bulk_annotations"
_SETTINGS = """version: 2
channels:
  1:
    label: set by a client
    color: "00FF00"
    start: 10
    end: 500
    active: True
"""


@TASKS("render: info, set, copy, test")
def _render(place: Place) -> str:
    login(place)
    image = f"Image:{some_image(place)}"
    path = place.folder / "settings.yml"
    path.write_text(_SETTINGS)
    before = omero(place, "render", "info", image, "--style", "yaml")
    omero(place, "render", "set", image, str(path))
    told = omero(place, "render", "info", image)
    assert "set by a client" in told, told
    omero(place, "render", "test", image, "--thumb")
    other = f"Image:{_alike(place, image)}"
    omero(place, "render", "copy", image, other)
    assert "set by a client" in omero(place, "render", "info", image)
    assert "10.0" in omero(place, "render", "info", other)
    kept = place.folder / "before.yml"
    kept.write_text(before.partition("Using session")[0])
    omero(place, "render", "set", image, str(kept))
    return " ".join(told.split())[:60]


def _alike(place: Place, image: str) -> str:
    """Return the id of another image of the user's with as many channels."""
    query = (
        "select max(p.image.id) from Pixels p where p.image.fileset is not null and p.sizeC = "
        f"(select q.sizeC from Pixels q where q.image.id = {image.partition(':')[2]}) "
        f"and p.details.owner.omeName = '{place.user}'"
    )
    return omero(place, "hql", "-q", "--style", "plain", query).splitlines()[0].split(",")[1]


@TASKS("duplicate: dry run, and a dataset with its annotations")
def _duplicate(place: Place) -> str:
    login(place)
    dataset = new(place, "Dataset", "name=twice")
    tag = new(place, "TagAnnotation", "textValue=on both")
    new(place, "DatasetAnnotationLink", f"parent={dataset}", f"child={tag}")
    omero(place, "duplicate", "--dry-run", "--report", dataset)
    told = omero(place, "duplicate", "--report", dataset)
    copies = [word for word in told.split() if word.startswith("Dataset:") and word != dataset]
    assert copies, told
    assert omero(place, "obj", "get", copies[-1], "name").splitlines()[0] == "twice"
    omero(place, "delete", dataset, copies[-1])
    return f"{dataset}, and {copies[-1]}"


@TASKS("metadata: summary, original, annotations, key-value pairs")
def _metadata(place: Place) -> str:
    login(place)
    image = f"Image:{some_image(place)}"
    told = omero(place, "metadata", "summary", image)
    for report in ("original", "allanns", "mapanns", "bulkanns", "measures"):
        omero(place, "metadata", report, image)
    return " ".join(told.split())[:80]


@TASKS("metadata: populate a dataset and a screen from tables, list them, remove them")
def _populate(place: Place) -> str:
    login(place)
    omero(place, "metadata", "testtables")
    dataset, path, image = new(place, "Dataset", "name=populated"), place.folder / "table.csv", some_image(place)
    new(place, "DatasetImageLink", f"parent={dataset}", f"child=Image:{image}")
    path.write_text(f"# header image,s,d\nImage,Drug,Area\n{image},DMSO,1.5\n")
    rows = _populated(place, dataset, path)
    assert (rows["Image"], rows["Drug"], rows["Area"]) == ([int(image)], ["DMSO"], [1.5]), rows
    omero(place, "delete", dataset, "--exclude", "Image")
    screen, wells = _screen(place)
    path.write_text("# header plate,well,l\nPlate,Well,Count\nP1,A1,30\nP1,A2,70\n")
    rows = _populated(place, screen, path)
    assert rows["Well"] == wells, rows
    assert (rows["Count"], rows["Well Name"]) == ([30, 70], ["a1", "a2"]), rows
    omero(place, "metadata", "deletebulkanns", screen)
    assert "FileAnnotation" not in omero(place, "metadata", "bulkanns", screen)
    omero(place, "delete", screen)
    return ", ".join(rows)


def _screen(place: Place) -> tuple[str, list[int]]:
    """Make a screen with a plate of two wells; return it and the wells' ids."""
    made, plate, link = model.ScreenI(), model.PlateI(), model.ScreenPlateLinkI()
    made.name, plate.name = rstring("populated"), rstring("P1")
    for column in range(2):
        well, field, image = model.WellI(), model.WellSampleI(), model.ImageI()
        well.row, well.column, image.name = rint(0), rint(column), rstring("field")
        field.image = image
        well.addWellSample(field)
        plate.addWell(well)
    link.parent, link.child = made, plate
    with connection(place) as conn:
        saved = conn.getUpdateService().saveAndReturnObject(link)
        wells = sorted(conn.getObject("Plate", saved.child.id.val).listChildren(), key=lambda well: well.column)
        return f"Screen:{saved.parent.id.val}", [well.id for well in wells]


def _populated(place: Place, target: str, path: Path) -> dict[str, list[object]]:
    """Populate, and read the columns that came of it."""
    omero(place, "metadata", "populate", target, "--file", str(path))
    assert "FileAnnotation" in omero(place, "metadata", "bulkanns", target)
    with connection(place) as conn:
        kind, identity = target.split(":")
        file = conn.getObject(kind, int(identity)).getAnnotation(_BULK_ANNOTATIONS).getFile()
        table = conn.getSharedResources().openTable(file._obj)
        try:
            columns = table.read(list(range(len(table.getHeaders()))), 0, table.getNumberOfRows()).columns
        finally:
            table.close()
    return {column.name: list(column.values) for column in columns}


@TASKS("zarr: export an image")
def _zarr(place: Place) -> str:
    login(place)
    folder = place.folder / "zarr"
    shutil.rmtree(folder, ignore_errors=True)
    omero(place, "zarr", "--output", str(folder), "export", f"Image:{some_image(place)}")
    made = [path for path in folder.rglob("*") if path.is_file()]
    assert made
    return f"{len(made)} files"


@TASKS("transfer: pack an image")
def _transfer(place: Place) -> str:
    login(place)
    path = place.folder / "packed.tar"
    path.unlink(missing_ok=True)
    omero(place, "transfer", "pack", f"Image:{some_image(place)}", str(path))
    return f"{path.stat().st_size:,} bytes"
