"""The plugins of the `omero` command line: render, duplicate, metadata, zarr, transfer."""

from __future__ import annotations

import shutil

from bench.clients.command_line import login, new, omero, some_image
from bench.clients.tasks import Place, RefusedError, Tasks

TASKS = Tasks(
    "omero plugins", "omero-cli-render", "omero-cli-duplicate", "omero-metadata", "omero-cli-zarr", "omero-cli-transfer"
)

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


@TASKS("metadata: populate from a table")
def _populate(place: Place) -> None:
    login(place)
    dataset, path, image = new(place, "Dataset", "name=populated"), place.folder / "table.csv", some_image(place)
    new(place, "DatasetImageLink", f"parent={dataset}", f"child=Image:{image}")
    path.write_text(f"Image,Drug\n{image},DMSO\n")
    try:
        omero(place, "metadata", "populate", dataset, "--file", str(path))
    except AssertionError as error:
        if "newTable" not in str(error):
            raise
        raise RefusedError("it makes an OMERO.table, and there are none") from None
    finally:
        omero(place, "delete", dataset, "--exclude", "Image")


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
