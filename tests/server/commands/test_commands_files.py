"""What becomes of files on the disk when their rows are deleted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import omero
import omero.cmd
import pytest

from omero_desk.server.database.store import Store
from omero_desk.server.files.repository import MANAGED_UUID
from omero_desk.server.filesets.originals import place_by_id
from omero_desk.server.images.library import REPOSITORY
from tests.server.conftest import furnish
from tests.support.library_writer import LibraryWriter
from tests.support.server_process import running_server


@dataclass
class Shelf:
    """A library with three files: one that two rows name, one of one row, and one without repository."""

    client: Any
    folder: Path
    files: list[int]

    def delete(self, *files: int) -> None:
        self.client.submit(omero.cmd.Delete2(targetObjects={"OriginalFile": list(files)}))

    def there(self) -> list[bool]:
        places = [self.folder / REPOSITORY / name for name in ("shared.bin", "own.bin")]
        return [place.exists() for place in (*places, place_by_id(self.folder, self.files[3]))]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    tmp_path = tmp_path_factory.mktemp("shelf")
    people = furnish(tmp_path)
    store = Store(tmp_path)
    with store.write() as connection:
        writer = LibraryWriter(store, connection, people["ada"], people["private"])
        repo = {"path": "/", "repo": MANAGED_UUID}
        names = [{**repo, "name": "shared.bin"}, {**repo, "name": "shared.bin"}, {**repo, "name": "own.bin"}]
        files = writer.add("OriginalFile", *names, {"path": "", "name": "note.txt"})
    store.close()
    places = [tmp_path / REPOSITORY / "shared.bin", tmp_path / REPOSITORY / "own.bin", place_by_id(tmp_path, files[3])]
    for place in places:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"bytes")
    with running_server(tmp_path) as server:
        client = omero.client(host="localhost", port=server.ssl_port)
        client.createSession("ada", "ada")
        yield Shelf(client, tmp_path, files)
        client.closeSession()


def test_that_a_delete_that_fails_leaves_the_files(shelf: Shelf) -> None:
    with pytest.raises(omero.CmdError):
        shelf.delete(shelf.files[2], 2**40)
    assert shelf.there() == [True, True, True]


def test_that_a_file_goes_with_the_last_row_that_names_it(shelf: Shelf) -> None:
    first, second, own, note = shelf.files
    shelf.client.submit(omero.cmd.Delete2(targetObjects={"OriginalFile": [own, note]}, dryRun=True))
    assert shelf.there() == [True, True, True]
    shelf.delete(first, own)
    assert shelf.there() == [True, False, True]
    shelf.delete(second)
    assert shelf.there() == [False, False, True]
    shelf.delete(note)
    assert shelf.there() == [False, False, False]
