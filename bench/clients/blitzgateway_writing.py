"""BlitzGateway, as the examples of OMERO's Python language bindings use it: writing, deleting, tables and scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import omero
import omero.grid
from omero.gateway import (
    CommentAnnotationWrapper,
    DatasetWrapper,
    FileAnnotationWrapper,
    LongAnnotationWrapper,
    MapAnnotationWrapper,
    ProjectWrapper,
    TagAnnotationWrapper,
)
from omero.rtypes import rstring

from bench.clients.blitzgateway import connection, other_group, some_image
from bench.clients.tasks import Place, RefusedError, Tasks

TASKS = Tasks("BlitzGateway, writing", "omero-py", "zeroc-ice")


def new_dataset(conn: Any, name: str = "by a client") -> Any:
    """Make an empty dataset."""
    dataset = DatasetWrapper(conn, omero.model.DatasetI())
    dataset.setName(name)
    dataset.save()
    return dataset


def delete(conn: Any, kind: str, *ids: int) -> None:
    """Delete, and see that it is gone."""
    conn.deleteObjects(kind, list(ids), deleteAnns=True, deleteChildren=True, wait=True)
    assert not list(conn.getObjects(kind, ids))


@TASKS("write data: a project, a dataset in it, names and descriptions")
def _containers(place: Place) -> None:
    with connection(place) as conn:
        project = ProjectWrapper(conn, omero.model.ProjectI())
        project.setName("a project of a client")
        project.save()
        dataset = new_dataset(conn)
        link = omero.model.ProjectDatasetLinkI()
        link.setParent(omero.model.ProjectI(project.getId(), False))
        link.setChild(dataset._obj)
        conn.getUpdateService().saveObject(link)
        # What was saved new says that it has no links, and would lose them: a change is made to what is read.
        found = conn.getObject("Dataset", dataset.id)
        found.setDescription("described")
        found.save()
        again = conn.getObject("Project", project.id)
        assert [child.getDescription() for child in again.listChildren()] == ["described"]
        delete(conn, "Project", project.id)


@TASKS("write data: tags, key-value pairs, comments, numbers")
def _annotations(place: Place) -> str:
    with connection(place) as conn:
        dataset = new_dataset(conn)
        for made, value in (
            (TagAnnotationWrapper(conn), "tagged by a client"),
            (CommentAnnotationWrapper(conn), "a comment"),
            (LongAnnotationWrapper(conn), 42),
            (MapAnnotationWrapper(conn), [["Drug", "Monastrol"], ["Concentration", "5 mg/ml"]]),
        ):
            made.setNs("example.org/clients")
            made.setValue(value)
            dataset.linkAnnotation(made)
        found = {type(each).__name__: each.getValue() for each in dataset.listAnnotations()}
        assert found["MapAnnotationWrapper"] == [("Drug", "Monastrol"), ("Concentration", "5 mg/ml")]
        assert dataset.getAnnotation("example.org/clients") is not None
        assert list(conn.getObjects("TagAnnotation", attributes={"textValue": "tagged by a client"}))
        tags = [each.id for each in dataset.listAnnotations() if isinstance(each, TagAnnotationWrapper)]
        dataset.removeAnnotations("example.org/clients")
        delete(conn, "Dataset", dataset.id)
        assert not list(conn.getObjects("Annotation", tags))
        return ", ".join(sorted(found))


@TASKS("write data: a file attached, and got back")
def _attachment(place: Place) -> None:
    with connection(place) as conn:
        path = place.folder / "attached.txt"
        path.write_text("Exactly this\n" * 5000)
        dataset = new_dataset(conn)
        file = conn.createFileAnnfromLocalFile(str(path), mimetype="text/plain", ns="example.org/clients", desc=None)
        dataset.linkAnnotation(file)
        found = next(each for each in dataset.listAnnotations() if isinstance(each, FileAnnotationWrapper))
        assert b"".join(found.getFileInChunks()) == path.read_bytes()
        assert found.getFileSize() == path.stat().st_size
        delete(conn, "Dataset", dataset.id)


@TASKS("write data: another group, and a move by chgrp")
def _move(place: Place) -> None:
    with connection(place) as conn:
        there = other_group(conn)
        dataset = new_dataset(conn)
        conn._waitOnCmd(conn.chgrpObjects("Dataset", [dataset.id], there.id))
        conn.SERVICE_OPTS.setOmeroGroup("-1")
        assert conn.getObject("Dataset", dataset.id).getDetails().group.id.val == there.id
        delete(conn, "Dataset", dataset.id)


@TASKS("delete: with a callback, and refused where it is not allowed")
def _deletion(place: Place) -> str:
    with connection(place) as conn:
        dataset = new_dataset(conn)
        handle = conn.deleteObjects("Dataset", [dataset.id])
        callback = omero.callbacks.CmdCallbackI(conn.c, handle)
        try:
            callback.loop(100, 100)
            response = callback.getResponse()
        finally:
            callback.close(True)
        assert isinstance(response, omero.cmd.Delete2Response)
        assert response.deletedObjects["ome.model.containers.Dataset"] == [dataset.id]
        try:
            conn.deleteObjects("Experimenter", [0], wait=True)
        except omero.CmdError as refusal:
            return f"an experimenter: {refusal.err.name}"
        raise AssertionError("an experimenter was deleted")


@TASKS("create an image from planes, its pixels as they were")
def _create_image(place: Place) -> str:
    planes = [np.arange(z * 7, z * 7 + 48, dtype=np.uint16).reshape(6, 8) for z in range(4)]

    def sequence() -> Iterator[Any]:
        yield from planes

    with connection(place) as conn:
        dataset = new_dataset(conn)
        image = conn.createImageFromNumpySeq(
            sequence(), "made of planes", 2, 2, 1, description="four of them", dataset=dataset._obj
        )
        again = conn.getObject("Image", image.id)
        found = list(again.getPrimaryPixels().getPlanes([(0, 0, 0), (0, 1, 0), (1, 0, 0), (1, 1, 0)]))
        assert all(np.array_equal(a, b) for a, b in zip(planes, found, strict=True))
        assert again.getThumbnail(64) is not None
        assert again.getParent().id == dataset.id
        delete(conn, "Dataset", dataset.id)
        return f"{len(found)} planes"


@TASKS("rename a channel and an image")
def _rename(place: Place) -> None:
    with connection(place) as conn:
        image = some_image(conn)
        name, labels = image.getName(), [channel.getLabel() for channel in image.getChannels()]
        image.setName(f"{name}, renamed")
        image.save()
        conn.setChannelNames("Image", [image.id], {1: "renamed"})
        again = conn.getObject("Image", image.id)
        assert again.getName() == f"{name}, renamed"
        assert again.getChannels()[0].getLabel() == "renamed"
        again.setName(name)
        again.save()
        conn.setChannelNames("Image", [image.id], dict(enumerate(labels, 1)))


@TASKS("OMERO.tables: make a table, attach it, query, change and delete it")
def _tables(place: Place) -> str:
    with connection(place) as conn:
        resources = conn.c.sf.sharedResources()
        assert resources.areTablesEnabled()
        repository = resources.repositories().descriptions[0].getId().getValue()
        table = resources.newTable(repository, "table.h5")
        table.initialize(
            [omero.grid.LongColumn("Uid", "", []), omero.grid.StringColumn("MyStringColumnInit", "", 64, [])]
        )
        ids, strings = list(range(5, 10)), ["one", "two", "three", "four", "five"]
        table.addData(
            [omero.grid.LongColumn("Uid", "", ids), omero.grid.StringColumn("MyStringColumnInit", "", 64, strings)]
        )
        file = table.getOriginalFile()
        table.close()
        dataset, annotation = new_dataset(conn), FileAnnotationWrapper(conn)
        annotation.setFile(omero.gateway.OriginalFileWrapper(conn, omero.model.OriginalFileI(file.id.val, False)))
        dataset.linkAnnotation(annotation)
        _query(conn, file.id.val, strings)
        delete(conn, "Dataset", dataset.id)
        return f"{len(ids)} rows"


def _query(conn: Any, file_id: int, strings: list[str]) -> None:
    """Read a table in all of the ways there are, change it, and see what its file has become."""
    table = conn.c.sf.sharedResources().openTable(conn.getObject("OriginalFile", file_id)._obj)
    rows = table.getNumberOfRows()
    assert [column.name for column in table.getHeaders()] == ["Uid", "MyStringColumnInit"]
    assert list(table.read([0, 1], 0, rows).columns[1].values) == strings
    found = table.getWhereList("(Uid>7)", variables={}, start=0, stop=rows, step=0)
    assert [list(column.values) for column in table.readCoordinates(found).columns] == [[8, 9], strings[3:]]
    changed = table.slice([0], [4])
    changed.columns[0].values = [42]
    table.update(changed)
    assert table.getWhereList("(Uid==42)", {}, 0, rows, 0) == [4]
    table.setMetadata("made by", rstring("a client"))
    assert table.getAllMetadata()["made by"].val == "a client"
    table.close()
    assert b"".join(conn.getObject("OriginalFile", file_id).getFileInChunks())[1:4] == b"HDF"


@TASKS("OMERO.scripts: list, and run one")
def _scripts(place: Place) -> None:
    with connection(place) as conn:
        service = conn.getScriptService()
        assert service.getScripts() is not None
        try:
            service.runScript(1, {"IDs": rstring("1")}, None)
        except omero.ServerError as refusal:
            raise RefusedError(f"{type(refusal).__name__}: {refusal.message}") from None
