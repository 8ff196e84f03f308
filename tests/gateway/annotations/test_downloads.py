"""Files from the server onto the disk."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from omero_desk.entities.annotations import StoredFile
from omero_desk.entities.errors import FailedError
from omero_desk.gateway.annotations.files import BLOCK, BLOCKS
from omero_desk.gateway.service.account_calls import AccountCalls
from omero_desk.gateway.service.manager import ServiceManager
from omero_desk.readers.annotations import AnnotationReader
from tests.support.annotated_library import AnnotatedLab


def of(annotated: AnnotatedLab, name: str, size: int | None = None, digest: str = "") -> StoredFile:
    return StoredFile(annotated[name], name, size, hash=digest, hasher="SHA1-160")


@pytest.fixture
def reader(as_ada: ServiceManager) -> AnnotationReader:
    return AnnotationReader(AccountCalls(as_ada))


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("name", ["whole", "empty"])
async def test_that_a_file_arrives_whole_in_place_of_what_was_there(
    reader: AnnotationReader, annotated: AnnotatedLab, tmp_path: Path, name: str, known: bool
) -> None:
    content = annotated.places[name].read_bytes()
    path, told = tmp_path / "a file.bin", list[int]()
    path.write_bytes(b"older")
    await reader.download(of(annotated, name, len(content) if known else None), path, told.append)
    assert path.read_bytes() == content
    assert told == ([BLOCK * BLOCKS, len(content)] if content else [])
    assert list(tmp_path.iterdir()) == [path]


async def test_that_a_file_that_is_not_as_it_was_stored_is_not_kept(
    reader: AnnotationReader, annotated: AnnotatedLab, tmp_path: Path
) -> None:
    path = tmp_path / "x"
    for wrong in (of(annotated, "short", 6), of(annotated, "short", 5, "0" * 40)):
        with pytest.raises(FailedError, match="x arrived incomplete or changed"):
            await reader.download(wrong, path, lambda _: None)
    assert list(tmp_path.iterdir()) == []


async def test_that_a_cancelled_download_leaves_what_was_there(
    reader: AnnotationReader, annotated: AnnotatedLab, tmp_path: Path
) -> None:
    path, begun = tmp_path / "x", asyncio.Event()
    path.write_bytes(b"older")
    running = asyncio.ensure_future(reader.download(of(annotated, "whole"), path, lambda _: begun.set()))
    await begun.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


async def test_that_a_place_that_cannot_be_written_is_said_in_words(
    reader: AnnotationReader, annotated: AnnotatedLab, tmp_path: Path
) -> None:
    with pytest.raises(FailedError, match="x could not be written"):
        await reader.download(of(annotated, "short"), tmp_path / "no folder" / "x", lambda _: None)


async def test_that_a_file_that_is_gone_is_said_in_words(reader: AnnotationReader, tmp_path: Path) -> None:
    with pytest.raises(FailedError):
        await reader.download(StoredFile(987_654, "x"), tmp_path / "x", lambda _: None)
    assert list(tmp_path.iterdir()) == []
