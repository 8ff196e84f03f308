"""Pages: cut off the whole answer, the later ones by remembered keys; and what is remembered goes with a write."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, cast

import pytest

from omero_desk.server.database.query_cache import Memory, generation, written_by
from omero_desk.server.database.rows import insert_named_values
from omero_desk.server.hql import execution
from omero_desk.server.hql.compiler import Plan, compile_query
from omero_desk.server.hql.parser import parse
from omero_desk.server.hql.scope import World
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


@pytest.mark.parametrize("hql", RANKED + NOT_RANKED)
def test_that_a_plan_names_every_table_that_its_statement_reads(library: Library, hql: str) -> None:
    plan = compiled(library, hql)
    words = set(re.findall(r"\w+", str(plan.statement)))
    assert set(plan.tables) == words & library.store.schema.metadata.tables.keys() - {"event"}


@pytest.mark.parametrize(
    ("change", "is_forgotten"),
    [
        ("UPDATE project SET name = 'z' WHERE id = 1", True),
        ('insert or ignore into "project_annotation_link" SELECT * FROM project_annotation_link', True),
        ("WITH gone(id) AS (VALUES (1)) DELETE FROM project WHERE id IN gone", True),
        ("UPDATE dataset SET name = 'z'", False),
        ("INSERT INTO event SELECT max(id) + 1 FROM event WHERE 0", False),
    ],
)
def test_that_a_change_is_known_by_the_table_that_it_writes(library: Library, change: str, is_forgotten: bool) -> None:
    hql = (
        "select p.name, p.details.creationEvent.time, (select count(l.id) from ProjectAnnotationLink l "
        "where l.parent.id = p.id) from Project p order by p.name"
    )
    assert (written_by(change) in (*compiled(library, hql).tables, "*")) is is_forgotten


@pytest.mark.parametrize("hql", ["select count(e.id) from Event e", "select e.id from Session s join s.events e"])
def test_that_a_list_of_events_depends_on_them(library: Library, hql: str) -> None:
    assert "event" in compiled(library, hql).tables


def compiled(library: Library, hql: str) -> Plan:
    return compile_query(World(library.store.schema, library.callers["ada"], -1), parse(hql), frozenset())


def test_that_rows_deleted_with_others_are_forgotten_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution, "_SLOW_SECONDS", -1.0)
    hql = "select count(mv.name) from MapAnnotation a join a.mapValue mv"
    with opened_library(tmp_path) as library:
        with library.store.write() as connection:
            (made,) = library.insert(connection, "MapAnnotation", {})
            insert_named_values(library.store.schema, connection, "MapAnnotation", "mapValue", {made: [("k", "v")]})
        assert library.values(hql) == [1]
        with library.store.write() as connection:
            connection.execute(library.store.schema.table("Annotation").delete())
        assert library.values(hql) == [0]


def test_that_a_write_elsewhere_leaves_what_is_remembered(tmp_path: Path) -> None:
    with opened_library(tmp_path) as library:

        def seen(*tables: str) -> object:
            with library.store.read() as connection:
                return generation(cast("Any", connection.connection.driver_connection), tables)

        before = seen("project"), seen("dataset")
        with library.store.write() as connection:
            library.insert(connection, "Dataset", {"name": "d"})
        assert (seen("project"), seen("dataset")) == (before[0], seen("dataset"))
        assert seen("dataset") != before[1]
        with library.scratch() as connection:
            library.insert(connection, "Project", {"name": "p"})
        assert seen("project") == before[0]


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
