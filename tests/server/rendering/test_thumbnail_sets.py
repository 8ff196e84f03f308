"""Many new thumbnails in one request, without a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import omero
import pytest
import sqlalchemy as sa
from omero.rtypes import rint

from omero_desk.server.backend import Backend
from omero_desk.server.database.store import Store
from omero_desk.server.rendering.definition_store import DefinitionStore
from omero_desk.server.servants.pixels.thumbnails import ThumbnailService
from tests.support.gallery import Gallery, people, ramp

IMAGES = 12


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[Backend]:
    store = Store(tmp_path)
    ids = people(store)
    mine = Gallery(store, ids["ada"], ids["private"])
    for number in range(IMAGES):
        mine.add(f"image {number}", ramp((20, 30)), "YX")
    made = Backend(store, {"desk.files.workers": "false"})
    yield made
    made.sources.close()
    store.close()


@pytest.fixture
def call(backend: Backend) -> Callable[[str], Any]:
    def of(user: str) -> Any:
        table = backend.store.schema.table("Experimenter")
        with backend.store.read() as connection:
            user_id = connection.execute(sa.select(table.c.id).where(table.c.omeName == user)).scalar_one()
        return SimpleNamespace(backend=backend, caller=backend.caller(user_id, -1), group=-1)

    return of


def statements_of(backend: Backend, work: Callable[[], object]) -> int:
    """Return how many statements the library is asked while some work is done."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    return len(asked)


def test_that_more_new_thumbnails_take_no_more_questions_to_the_library(backend: Backend, call: Any) -> None:
    asked, service = call("ada"), ThumbnailService(backend)
    few, many = list(range(1, 4)), list(range(4, IMAGES + 1))
    service.getThumbnailByLongestSideSet(asked, rint(16), [])  # what is read once is known then
    counts = [
        statements_of(backend, lambda ids=ids: service.getThumbnailByLongestSideSet(asked, rint(16), ids))  # type: ignore[misc]
        for ids in (few, many)
    ]
    assert 0 < counts[1] <= counts[0]
    assert all(service.getThumbnailByLongestSideSet(asked, rint(16), few + many).values())


def test_that_an_image_that_cannot_be_read_keeps_no_other_from_its_picture_and_gets_no_settings(
    backend: Backend, call: Any
) -> None:
    asked, service = call("ada"), ThumbnailService(backend)
    row = backend.sources.find(asked, 2)
    backend.sources.place(row).unlink()
    found = service.getThumbnailByLongestSideSet(asked, rint(16), [1, 2, 3])
    assert [bool(found[pixels]) for pixels in (1, 2, 3)] == [True, False, True]
    settings = DefinitionStore(backend, asked).of([1, 2, 3])
    assert sorted(each.pixels.id.val for each in settings) == [1, 3]


def test_that_pixels_found_together_are_those_found_alone(backend: Backend, call: Any) -> None:
    mine, other = call("ada"), call("ben")
    assert backend.sources.find_all(mine, [1, 5]) == {each: backend.sources.find(mine, each) for each in (1, 5)}
    refused = backend.sources.find_all(other, [1])[1]
    assert isinstance(refused, omero.ValidationException)
    with pytest.raises(omero.ValidationException, match="Cannot read pixels id=1"):
        backend.sources.find(other, 1)
