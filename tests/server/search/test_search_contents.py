"""Texts that are attached to images are found by a search for images, and clauses count by their boosts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import omero
import pytest
from omero.model import FileAnnotationI, ImageI, OriginalFileI
from omero.rtypes import rstring

from omero_desk.server.database.store import Store
from omero_desk.server.filesets.originals import place_by_id
from omero_desk.server.search.contents import LARGEST, read_texts, unread
from omero_desk.server.search.finder import find
from omero_desk.server.search.parser import parse
from tests.server.conftest import Connect
from tests.support.library_writer import LibraryWriter
from tests.support.present import present


@pytest.fixture
def ada(connect: Connect) -> Any:
    return connect("ada")


@pytest.fixture
def search(ada: Any) -> Iterator[Any]:
    service = ada.sf.createSearchService()
    service.onlyType("Image")
    yield service
    service.close()


def word() -> str:
    return f"w{uuid4().hex}"


def save(client: Any, thing: Any) -> Any:
    return client.sf.getUpdateService().saveAndReturnObject(thing)


def attach(client: Any, name: str, data: bytes, media_type: str) -> tuple[Any, Any]:
    """Return a new image and the file that was attached to it, as omero-py uploads one."""
    file = OriginalFileI()
    file.name, file.path, file.mimetype = rstring(name), rstring("in/"), rstring(media_type)
    file = save(client, file)
    write(client, file, data)
    image, annotation = ImageI(), FileAnnotationI()
    image.name, annotation.file = rstring("x"), file.proxy()
    image.linkAnnotation(annotation)
    return save(client, image), file


def write(client: Any, file: Any, data: bytes) -> None:
    store = client.sf.createRawFileStore()
    store.setFileId(file.id.val)
    store.truncate(0)
    store.write(data, 0, len(data))
    store.close()


def found(search: Any, query: str) -> list[int]:
    search.byFullText(query)
    ids: list[int] = []
    while search.hasNext():
        ids += [one.id.val for one in search.results()]
    return ids


@pytest.mark.parametrize("media_type", ["text/plain", "text/csv", "text/xml", "application/xml"])
def test_that_an_image_is_found_by_a_text_that_is_attached(ada: Any, search: Any, media_type: str) -> None:
    """FullTextBridge.addContents, for the media types of FileParser."""
    text = word()
    image, _ = attach(ada, "a.txt", f"1,2\n3,{text}-B\n".encode(), media_type)
    assert found(search, f"file.contents:{text}") == [image.id.val]
    assert found(search, f'"{text} b"') == [image.id.val]
    assert found(search, f"name:{text}") == []


def test_that_other_files_and_large_ones_are_not_read(ada: Any, search: Any) -> None:
    text = word()
    attach(ada, "a.bin", text.encode(), "application/octet-stream")
    attach(ada, "a.txt", text.encode() + b" " * LARGEST, "text/plain")
    assert found(search, text) == []


def test_that_the_text_is_that_of_the_file_as_it_is(ada: Any, search: Any) -> None:
    first, second = word(), word()
    image, file = attach(ada, "a.txt", first.encode() + b"\xff\xfe", "text/plain")
    assert found(search, first) == [image.id.val]
    write(ada, file, second.encode())
    assert found(search, first) == []
    assert found(search, second) == [image.id.val]
    annotation = present(image.copyAnnotationLinks()[0].child)
    ada.submit(omero.cmd.Delete2(targetObjects={"FileAnnotation": [annotation.id.val]}))
    assert found(search, second) == []


def test_that_a_boosted_clause_counts_more(ada: Any, search: Any) -> None:
    """Lucene's `^`: the best come first."""
    one, two = word(), word()
    ids = []
    for name in (one, two):
        image = ImageI()
        image.name = rstring(name)
        ids.append(save(ada, image).id.val)
    assert found(search, f"{one}^2 {two}") == ids
    assert found(search, f"{one} {two}^2") == ids[::-1]
    assert found(search, f"{one} ({two})^1.5") == ids[::-1]


def test_that_texts_of_an_older_library_are_read_once(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.write() as connection:
        writer = LibraryWriter(store, connection, 0, 0)
        row = {"path": "x", "mimetype": "text/plain", "size": 5}
        there, gone = writer.add("OriginalFile", {"name": "there", **row}, {"name": "gone", **row})
        (image,) = writer.named("Image", "x")
        (annotation,) = writer.add("FileAnnotation", {"file_id": there})
        writer.link("ImageAnnotationLink", [image], [annotation])
    place = place_by_id(tmp_path, there)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("older")
    assert [file_id for file_id, _ in unread(store)] == [there, gone]
    read_texts(store, unread(store), threading.Event())
    assert unread(store) == []
    query = parse("older")
    assert query is not None
    with store.read() as connection:
        assert find(store.schema, connection, "Image", query, 60).tolist() == [image]
    store.close()
