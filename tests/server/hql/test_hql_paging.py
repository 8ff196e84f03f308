"""Pages: cut off the whole answer, the later ones by remembered keys; and what is remembered goes with a write."""

from __future__ import annotations

from pathlib import Path

import pytest

from omero_desk.server.database.memory import Memory
from omero_desk.server.hql import execution
from tests.server.hql.conftest import Library, opened_library

RANKED = [
    "select i.id, i.name from Image i order by lower(i.name) desc, i.id",
    "select new map(i.id as id, i as i_details_permissions, (select count(l.id) from DatasetImageLink l "
    "where l.parent.id > 0 and l.child = i.id) as links) from Image i order by i.series desc, i.id",
    "select i.name, d.name from Image i left outer join i.datasetLinks l left outer join l.parent d "
    "order by d.name, i.id",
    "select i.name, mv.name, mv.value from Image i join i.annotationLinks l join l.child a "
    "left outer join a.mapValue mv order by i.id, a.id, index(mv)",
    "select l.child.name, l.parent.name, l.details.owner.omeName from DatasetImageLink l order by l.child.name desc",
    "select p.name, d.name from Project p, Dataset d where p.id > 0 order by p.id desc, d.name",
    "select i.name from Image i where i.id in (select l.child.id from DatasetImageLink l) order by i.name desc",
]
NOT_RANKED = [
    "select distinct i.name from Image i join i.datasetLinks l order by i.name",
    "select i.archived, count(*) from Image i group by i.archived, i.series order by i.series",
    "select count(i.id) from Image i order by 1",
]


@pytest.mark.parametrize("hql", RANKED + NOT_RANKED)
def test_that_pages_are_cut_off_the_whole_answer(library: Library, hql: str) -> None:
    whole = library.rows(hql)
    assert whole
    for size in (1, 2, 100):
        pages = [library.rows(hql, offset=first, limit=size) for first in range(0, len(whole) + size, size)]
        assert [row for page in pages for row in page] == whole


def test_that_pages_of_objects_are_those_of_rows(library: Library) -> None:
    hql = "from Image i join fetch i.details.owner left outer join fetch i.fileset order by i.series desc, i.id"
    whole = library.objects(hql)
    paged = [image for first in range(len(whole)) for image in library.objects(hql, offset=first, limit=1)]
    assert [image.id.val for image in paged] == [image.id.val for image in whole]
    assert all(image.details.owner.omeName.val for image in paged)


def test_that_a_write_is_seen_by_the_next_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution, "_SLOW_SECONDS", -1.0)
    hql = "select p.name from Project p order by p.name"
    with opened_library(tmp_path) as library:

        def pages() -> list[list[str]]:
            return [library.values(hql, offset=first, limit=2) for first in (0, 2)]

        with library.store.write() as connection:
            library.insert(connection, "Project", *({"name": name} for name in "bdf"))
        assert pages() == pages() == [["b", "d"], ["f"]]
        with library.store.write() as connection:
            library.insert(connection, "Project", {"name": "a"}, {"name": "c"})
        assert pages() == [["a", "b"], ["c", "d"]]
        with library.scratch() as connection:
            library.insert(connection, "Project", {"name": "_"})
            assert library.values(hql, connection=connection, offset=1, limit=2) == ["a", "b"]
        assert pages() == [["a", "b"], ["c", "d"]]


def test_that_what_one_may_see_is_not_remembered_for_another(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution, "_SLOW_SECONDS", -1.0)
    hql = "select i.name from Image i where i.name like 's%' order by i.name"
    for _ in range(2):
        for offset in (0, 1):
            ask = {"group": -1, "offset": offset, "limit": 5}
            assert library.values(hql, user="ben", **ask) == ["secret", "shared by ben"][offset:]
            assert library.values(hql, user="ada", **ask) == ["shared by ben"][offset:]


def test_that_the_memory_forgets_what_was_not_asked_for() -> None:
    memory = Memory(most_values=10)
    memory.keep("a", "A", 4)
    memory.keep("b", "B", 4)
    assert memory.get("a") == "A"
    memory.keep("c", "C", 4)
    assert [memory.get(key) for key in "abc"] == ["A", None, "C"]
    memory.keep("huge", "H", 11)
    assert [memory.get(key) for key in ("a", "c", "huge")] == [None, None, None]
