"""The database of a library: what is kept, what is refused, and who may read while another writes."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from omero_desk.server.access.caller import load_caller
from omero_desk.server.access.permissions import to_text
from omero_desk.server.access.security import visible
from omero_desk.server.database.library_file import APPLICATION_ID, FILE_NAME, FORMAT, StoreError
from omero_desk.server.database.store import Store
from omero_desk.server.sessions.rows import SessionRows
from omero_desk.server.sessions.table import Session

DETAILS = {"owner_id": 0, "group_id": 0, "creation_id": 0, "update_id": 0}

WRITER = """
import sys
from pathlib import Path
from omero_desk.server.database.store import Store

store = Store(Path(sys.argv[1]))
details = {"owner_id": 0, "group_id": 0, "creation_id": 0, "update_id": 0}
while True:
    with store.write() as connection:
        images = [{"name": "image", **details} for _ in range(10)]
        parent = store.insert_rows(connection, "Dataset", [{"name": "dataset", **details}])[0]
        for child in store.insert_rows(connection, "Image", images):
            link = {"parent_id": parent, "child_id": child, **details}
            store.insert_rows(connection, "DatasetImageLink", [link])
    print(parent, flush=True)
"""


@pytest.fixture(scope="session")
def new_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that nobody opens: it is copied."""
    folder = tmp_path_factory.mktemp("new")
    Store(folder).close()
    return folder


@pytest.fixture
def folder(new_library: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(new_library, tmp_path / "library"))


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    opened = Store(folder)
    yield opened
    opened.close()


def names(store: Store, class_name: str) -> list[str]:
    table = store.schema.table(class_name)
    with store.read() as connection:
        return list(connection.scalars(sa.select(table.c.name).order_by(table.c.id)))


def insert_image(store: Store, name: str) -> int:
    with store.write() as connection:
        return store.insert_rows(connection, "Image", [{"name": name, **DETAILS}])[0]


def test_that_a_new_library_has_the_roles_that_omero_has(store: Store) -> None:
    users, groups = store.schema.table("Experimenter"), store.schema.table("ExperimenterGroup")
    with store.read() as connection:
        assert connection.execute(sa.select(users.c.id, users.c.omeName).order_by(users.c.id)).all() == [
            (0, "root"),
            (1, "guest"),
        ]
        found = connection.execute(
            sa.select(groups.c.id, groups.c.name, groups.c.permissions).order_by(groups.c.id)
        ).all()
    assert [(i, name, to_text(bits)) for i, name, bits in found] == [
        (0, "system", "rw----"),
        (1, "user", "rwr-r-"),
        (2, "guest", "rw----"),
    ]


def test_that_a_new_library_has_the_values_of_omeros_enumerations(store: Store) -> None:
    with store.read() as connection:
        for found in store.schema.model.values():
            if found.is_enum and found.name != "Format":
                table = store.schema.table(found.name)
                assert connection.scalar(sa.select(sa.func.count()).select_from(table)), found.name
        pixels_type = store.schema.table("PixelsType")
        rows = connection.execute(sa.select(pixels_type.c.value, pixels_type.c.bitSize))
        bits = {row.value: row.bitSize for row in rows}
    assert (bits["bit"], bits["uint16"], bits["double-complex"]) == (1, 16, 128)
    assert len(bits) == 11


def test_that_what_was_written_is_there_when_the_library_is_opened_again(folder: Path) -> None:
    first = Store(folder)
    insert_image(first, "Zelle Ω")
    first.close()
    again = Store(folder)
    assert names(again, "Image") == ["Zelle Ω"]
    again.close()


def test_that_an_error_leaves_nothing_of_a_transaction(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.write() as connection:
        store.insert_rows(connection, "Image", [{"name": "lost", **DETAILS}])
        _ = 1 / 0
    assert names(store, "Image") == []


def test_that_a_row_that_points_at_nothing_is_refused_whole(store: Store) -> None:
    with pytest.raises(sa.exc.IntegrityError), store.write() as connection:
        store.insert_rows(connection, "Image", [{"name": "lost", **DETAILS, "fileset_id": 99}])
    assert names(store, "Image") == []
    insert_image(store, "kept")
    assert names(store, "Image") == ["kept"]


def test_that_a_reader_sees_the_library_as_it_was_while_another_writes(store: Store) -> None:
    count = sa.select(sa.func.count()).select_from(store.schema.table("Image"))
    with store.read() as reader:
        assert reader.scalar(count) == 0
        with store.write() as writer:
            store.insert_rows(writer, "Image", [{"name": "new", **DETAILS}])
            assert reader.scalar(count) == 0
        assert reader.scalar(count) == 0
    with store.read() as reader:
        assert reader.scalar(count) == 1


def test_that_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(OperationalError, match="readonly"), store.read() as connection:
        store.insert_rows(connection, "Image", [{"name": "lost", **DETAILS}])


def test_that_writers_wait_for_each_other(store: Store) -> None:
    table = store.schema.table("Image")
    insert_image(store, "0")

    def add_one(_: int) -> None:
        with store.write() as connection:
            current = int(connection.scalars(sa.select(table.c.name)).one())
            connection.execute(table.update().values(name=str(current + 1)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(80)))
    assert names(store, "Image") == ["80"]


def test_that_a_small_write_is_done_at_once_where_nobody_else_writes(store: Store) -> None:
    assert store.put(image_inserter(store, "small"), patience=10)
    assert names(store, "Image") == ["small"]


def test_that_a_small_write_waits_for_nobody_and_comes_before_what_is_written_next(store: Store) -> None:
    with store.write() as connection:
        store.insert_rows(connection, "Image", [{"name": "long", **DETAILS}])
        assert not store.put(image_inserter(store, "small"), patience=0)
    insert_image(store, "next")
    assert names(store, "Image") == ["long", "small", "next"]
    assert store.catch_up()
    assert names(store, "Image") == ["long", "small", "next"]


def test_that_a_small_write_outlives_the_failure_of_the_write_that_it_went_with(store: Store) -> None:
    with store.write():
        store.put(image_inserter(store, "small"), patience=0)
    with pytest.raises(ZeroDivisionError), store.write():
        _ = 1 / 0
    assert names(store, "Image") == []
    assert store.catch_up()
    assert names(store, "Image") == ["small"]


def image_inserter(store: Store, name: str) -> Callable[[Connection], None]:
    def insert(connection: Connection) -> None:
        store.insert_rows(connection, "Image", [{"name": name, **DETAILS}])

    return insert


def test_that_a_session_opens_and_ends_while_another_client_writes(store: Store) -> None:
    rows, session = SessionRows(store), Session(0, 0)
    with store.write() as connection:
        store.insert_rows(connection, "Image", [{"name": "long", **DETAILS}])
        rows.open(session)
        rows.close(session)
    event = {"time": 0, "experimenter_id": 0, "experimenterGroup_id": 0, "session_id": session.row_id, "type_id": 0}
    with store.write() as connection:
        store.insert_rows(connection, "Event", [event])
    table = store.schema.table("Session")
    with store.read() as connection:
        row = connection.execute(sa.select(table).where(table.c.id == session.row_id)).one()
    assert row.uuid == session.uuid
    assert row.closed is not None


def test_that_the_session_of_a_user_who_went_meanwhile_keeps_nobody_from_writing(store: Store) -> None:
    rows, session = SessionRows(store), Session(999, 0)
    rows.open(session)
    insert_image(store, "after")
    assert names(store, "Image") == ["after"]


def test_that_many_read_while_one_writes(store: Store) -> None:
    stop = threading.Event()

    def read_always() -> set[int]:
        seen = set()
        while not stop.is_set():
            seen.add(len(names(store, "Image")))
        return seen

    with ThreadPoolExecutor(8) as pool:
        readers = [pool.submit(read_always) for _ in range(8)]
        for _ in range(20):
            with store.write() as connection:
                store.insert_rows(connection, "Image", [{"name": "x", **DETAILS}] * 5)
        stop.set()
        seen = set().union(*(reader.result() for reader in readers))
    assert all(count % 5 == 0 for count in seen)


def test_that_ids_are_never_given_twice(store: Store) -> None:
    first = insert_image(store, "a")
    table = store.schema.table("Image")
    with store.write() as connection:
        connection.execute(table.delete().where(table.c.id == first))
    assert insert_image(store, "b") == first + 1


def test_that_rows_with_different_columns_are_inserted_together(store: Store) -> None:
    table = store.schema.table("Image")
    with store.write() as connection:
        ids = store.insert_rows(
            connection, "Image", [{"name": "a", **DETAILS}, {"name": "b", "archived": True, **DETAILS}]
        )
        assert store.insert_rows(connection, "Image", []) == []
    with store.read() as connection:
        rows = connection.execute(sa.select(table.c.id, table.c.archived, table.c.version)).all()
    assert rows == [(ids[0], None, 0), (ids[1], True, 0)]


def test_that_an_unknown_column_is_refused(store: Store) -> None:
    with pytest.raises(KeyError, match="Image has no nom"), store.write() as connection:
        store.insert_rows(connection, "Image", [{"nom": "a", **DETAILS}])


def test_that_lower_case_is_that_of_unicode(store: Store) -> None:
    for name in ("Ärger", "ÉCOLE", "Δέλτα", "plain"):
        insert_image(store, name)
    table = store.schema.table("Image")
    with store.read() as connection:
        lowered = connection.scalars(sa.select(sa.func.lower(table.c.name)).order_by(table.c.id)).all()
        uppered = connection.scalar(sa.select(sa.func.upper("straße")))
        nothing: Any = connection.scalar(sa.select(sa.func.lower(None)))
    assert lowered == ["ärger", "école", "δέλτα", "plain"]
    assert uppered == "STRASSE"
    assert nothing is None


@pytest.mark.parametrize("context", [1, -1])
@pytest.mark.parametrize("user_id", [0, 1])
def test_that_a_list_by_name_needs_no_sorting(store: Store, context: int, user_id: int) -> None:
    table = store.schema.table("Image")
    with store.read() as connection:
        caller = load_caller(connection, user_id)
        statement = (
            sa.select(table.c.id, table.c.name)
            .where(visible(table, caller, context))
            .order_by(sa.func.lower(table.c.name), table.c.id)
            .limit(10)
        )
        assert "TEMP B-TREE" not in plan(connection, statement)
        assert "ix_image_by_name" in plan(connection, statement)


def test_that_a_parent_is_a_better_way_to_its_children_than_a_group(store: Store) -> None:
    links, pixels = store.schema.table("DatasetImageLink"), store.schema.table("Pixels")
    with store.read() as connection:
        caller = load_caller(connection, 0)
        for table, column in ((links, links.c.child_id), (pixels, pixels.c.image_id)):
            statement = sa.select(table.c.id).where(column == 5, visible(table, caller, 0))
            assert f"ix_{table.name}_{column.name}" in plan(connection, statement)


def test_that_images_are_a_better_way_to_their_ratings_than_the_namespace_of_all_ratings(folder: Path) -> None:
    for _ in range(2):
        store = Store(folder)
        links, notes = store.schema.table("ImageAnnotationLink"), store.schema.table("Annotation")
        with store.write() as connection:
            statement = (
                sa.select(links.c.id)
                .join(notes, links.c.child_id == notes.c.id)
                .where(links.c.parent_id.in_([1, 2, 3]), notes.c.ns == "rating")
            )
            assert plan(connection, statement).startswith("SEARCH image_annotation_link ")
            # as an earlier version left it, which the next start mends
            connection.exec_driver_sql("UPDATE sqlite_stat1 SET stat = '1000000 10' WHERE idx = 'ix_annotation_ns'")
        store.close()


def plan(connection: Connection, statement: sa.Select[Any]) -> str:
    text = str(statement.compile(connection.engine, compile_kwargs={"literal_binds": True}))
    return " ".join(row.detail for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + text))


def test_that_a_partial_index_serves_a_relation_that_may_be_null(store: Store) -> None:
    with store.read() as connection:
        rows = connection.exec_driver_sql("EXPLAIN QUERY PLAN SELECT id FROM image WHERE fileset_id = 1")
        assert "ix_image_fileset_id" in " ".join(row.detail for row in rows)


def test_that_a_killed_writer_loses_nothing_that_it_acknowledged(folder: Path) -> None:
    for _ in range(2):
        acknowledged = kill_after(folder, 12)
        store = Store(folder)
        assert_whole(store, acknowledged)
        store.close()


def kill_after(folder: Path, commits: int) -> list[int]:
    """Run a process that writes, kill it with -9 in full flight, and return what it said it had written."""
    command = [sys.executable, "-c", WRITER, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as process:
        assert process.stdout is not None
        said = [int(process.stdout.readline()) for _ in range(commits)]
        process.kill()
        said += [int(line) for line in process.stdout.read().splitlines() if line.isdigit()]
    return said


def assert_whole(store: Store, acknowledged: list[int]) -> None:
    links = store.schema.table("DatasetImageLink")
    counts = sa.select(links.c.parent_id, sa.func.count()).group_by(links.c.parent_id)
    with store.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        found = {parent: count for parent, count in connection.execute(counts)}  # noqa: C416  rows are no pairs
    assert set(acknowledged) <= set(found)
    assert set(found.values()) == {10}


def test_that_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE other (id INTEGER)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        Store(tmp_path)
    assert path.read_bytes() == before


def test_that_a_library_of_a_newer_program_is_refused(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
        connection.commit()
    with pytest.raises(StoreError, match="newer program"):
        Store(folder)


@pytest.mark.parametrize("content", [b"hello", b"\x89PNG\r\n" * 1000, b"SQLite format 3\0" + b"\0" * 10])
def test_that_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(content)
    with pytest.raises(StoreError, match="no SQLite database"):
        Store(tmp_path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_that_a_library_that_lost_its_end_is_refused(folder: Path, share: float) -> None:
    path = folder / FILE_NAME
    with path.open("r+b") as file:
        file.truncate(int(path.stat().st_size * share))
    with pytest.raises(StoreError, match="damaged"):
        Store(folder)


def test_that_a_library_with_a_broken_first_page_is_refused(folder: Path) -> None:
    with (folder / FILE_NAME).open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 3000)
    with pytest.raises(StoreError, match="cannot be"):
        Store(folder)


def test_that_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(StoreError, match="cannot be made"):
        Store(tmp_path / "taken")


def test_that_an_empty_file_becomes_a_library(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()
    store = Store(tmp_path)
    assert names(store, "ExperimenterGroup") == ["system", "user", "guest"]
    store.close()


def test_that_an_index_made_by_an_older_python_is_made_anew(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        connection.execute("UPDATE configuration SET value = '1.0' WHERE name = 'desk.unicode'")
        connection.commit()
    store = Store(folder)
    with store.read() as reader:
        rows = reader.exec_driver_sql("SELECT value FROM configuration WHERE name = 'desk.unicode'")
        assert rows.scalar() != "1.0"
    store.close()


def test_that_a_library_gets_the_indexes_of_this_program(folder: Path) -> None:
    def indexes() -> dict[str, str]:
        with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
            return dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE name LIKE 'ix%'"))

    made = indexes()
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        connection.execute("DROP INDEX ix_image_fileset_id")
        connection.execute("DROP INDEX ix_well_sample_image_id")
        connection.execute("CREATE INDEX ix_well_sample_image_id ON well_sample (image_id)")
        connection.execute("CREATE INDEX ix_of_old ON image (series)")
        connection.commit()
    Store(folder).close()
    assert indexes() == made


def test_that_a_list_of_an_owner_by_name_needs_no_sorting(store: Store) -> None:
    table = store.schema.table("Image")
    with store.read() as connection:
        for context in (0, -1):
            statement = (
                sa.select(table.c.id)
                .where(table.c.owner_id == 1, visible(table, load_caller(connection, 0), context))
                .order_by(sa.func.lower(table.c.name), table.c.id)
            )
            assert "TEMP B-TREE" not in plan(connection, statement)
