"""Words that are kept, found again: against a search that reads every row."""

from __future__ import annotations

import fnmatch
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omero_desk.server.database import full_text as index
from omero_desk.server.database.rows import insert_named_values
from omero_desk.server.database.similarity import similarity
from omero_desk.server.database.store import Store
from omero_desk.server.database.words import words
from omero_desk.server.search.background import filling
from omero_desk.server.search.finder import find
from omero_desk.server.search.parser import parse
from tests.support.library_writer import LibraryWriter


class _Undone(Exception):  # noqa: N818  not an error: it ends a transaction
    """Takes back what an example wrote."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store(tmp_path_factory.mktemp("search"))
    yield opened
    opened.close()


def _naive_words(text: str) -> list[str]:
    """Letters and digits of the first plane, one by one."""
    found, current = [], ""
    for character in text + " ":
        if ord(character) < 0x10000 and unicodedata.category(character) in ("Lu", "Ll", "Lt", "Lm", "Lo", "Nd"):
            low = character.lower()[:1]
            current += low if ord(low) < 0x10000 else character
            if len(current) == 255:
                found.append(current)
                current = ""
        elif current:
            found.append(current)
            current = ""
    return found


@given(st.text())
def test_that_words_are_runs_of_letters_and_digits(text: str) -> None:
    assert words(text) == _naive_words(text)


def test_that_every_character_of_a_script_is_split_as_its_category_says() -> None:
    text = " ".join(f"a{chr(code)}b" for code in range(0x10800) if not 0xD800 <= code < 0xE000)
    assert words(text) == _naive_words(text)


# Generated libraries and queries

_TEXTS = st.one_of(
    st.text(max_size=12),
    st.lists(
        st.sampled_from(["cell", "Cells", "a", "β-tubulin", "Größe", "重要", "x1", "tag_2", "👍b", "."]), max_size=5
    ).map(" ".join),
).map(lambda text: text.replace("\0", "").encode("utf-8", "ignore").decode())


@dataclass
class _Picture:
    name: str
    description: str | None
    tags: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def fields(self) -> dict[str, list[str]]:
        found = {
            "name": [self.name],
            "description": [self.description or ""],
            "tag": self.tags,
            "annotation": [*self.tags, *self.comments, *(text for pair in self.pairs for text in pair)],
            "has_key": [key for key, _ in self.pairs],
            "file.name": self.files,
        }
        for key, value in self.pairs:
            found.setdefault(key, []).append(value)
        kinds = ["TagAnnotation"] * len(self.tags) + ["CommentAnnotation"] * len(self.comments)
        kinds += ["MapAnnotation"] * bool(self.pairs) + ["FileAnnotation"] * len(self.files)
        everything = [text for name, texts in found.items() if name != "has_key" for text in texts]
        # What OMERO adds to every image: its class, its owner and group, its series; here also the files' path.
        own = ["ome.model.core.Image", "root", "root", "root", "system", "0", *kinds, *["in/"] * len(self.files)]
        return {**found, "combined_fields": everything + own}


_PICTURES = st.lists(
    st.builds(
        _Picture,
        name=_TEXTS,
        description=st.none() | _TEXTS,
        tags=st.lists(_TEXTS, max_size=2),
        comments=st.lists(_TEXTS, max_size=1),
        pairs=st.lists(st.tuples(st.sampled_from(["Gene", "k 1", "ключ"]), _TEXTS), max_size=3),
        files=st.lists(_TEXTS, max_size=1),
    ),
    min_size=1,
    max_size=6,
)

_FIELDS = st.sampled_from(
    ["", "", "", "name", "description", "tag", "annotation", "Gene", "has_key", "file.name", "k 1"]
)
_WORDS = st.sampled_from(["cell", "cells", "a", "tubulin", "größe", "重要", "x1", "2", "b", "root", "image", "zzz"])


@dataclass(frozen=True)
class _Term:
    field: str
    kind: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        first = self.words[0]
        shapes = {
            "word": first,
            "phrase": f'"{" ".join(self.words)}"',
            "prefix": f"{first[: len(first) // 2 + 1]}*",
            "wildcard": f"*{first[1:]}?",
            "fuzzy": f"{first}~0.4",
            "range": f"[{min(self.words)} TO {max(self.words)}]",
        }
        name = self.field.replace(" ", "\\ ")
        return f"{name}:{shapes[self.kind]}" if name else shapes[self.kind]

    def matches(self, fields: dict[str, list[str]]) -> bool:
        return any(self._matches(_naive_words(text)) for text in fields.get(self.field or "combined_fields", []))

    def _matches(self, found: Sequence[str]) -> bool:
        first = self.words[0]
        if self.kind == "phrase":
            joined = f" {' '.join(found)} "
            return f" {' '.join(self.words)} " in joined
        tests = {
            "word": lambda word: word == first,
            "prefix": lambda word: word.startswith(first[: len(first) // 2 + 1]),
            "wildcard": lambda word: fnmatch.fnmatchcase(word, f"*{first[1:]}?"),
            "fuzzy": lambda word: word == first or (len(first) > 1 / 0.6 and similarity(word, first) > 0.4),
            "range": lambda word: min(self.words) <= word <= max(self.words),
        }
        return any(map(tests[self.kind], found))


@dataclass(frozen=True)
class _Group:
    parts: tuple[tuple[str, Any], ...]

    def __str__(self) -> str:
        return "(" + " ".join(f"{sign}{part}" for sign, part in self.parts) + ")"

    def matches(self, fields: dict[str, list[str]]) -> bool:
        if any(part.matches(fields) for sign, part in self.parts if sign == "-"):
            return False
        must = [part.matches(fields) for sign, part in self.parts if sign == "+"]
        return all(must) if must else any(part.matches(fields) for sign, part in self.parts if sign == "")


_KINDS = st.sampled_from(["word", "word", "phrase", "prefix", "wildcard", "fuzzy", "range"])
_TERMS = st.builds(_Term, _FIELDS, _KINDS, st.lists(_WORDS, min_size=1, max_size=2).map(tuple))
_QUERIES = st.recursive(
    _TERMS,
    lambda inner: st.builds(
        _Group, st.lists(st.tuples(st.sampled_from(["", "", "+", "-"]), inner), min_size=1, max_size=3).map(tuple)
    ),
    max_leaves=5,
)


def _write(store: Store, connection: Any, pictures: Sequence[_Picture]) -> list[int]:
    writer = LibraryWriter(store, connection, 0, 0)
    images = writer.add("Image", *({"name": p.name, "description": p.description, "series": 0} for p in pictures))
    for image, picture in zip(images, pictures, strict=True):
        notes = []
        for kind, texts in (("TagAnnotation", picture.tags), ("CommentAnnotation", picture.comments)):
            notes += writer.add(kind, *({"textValue": text} for text in texts)) if texts else []
        if picture.pairs:
            (pairs,) = writer.add("MapAnnotation", {"ns": None})
            insert_named_values(store.schema, connection, "MapAnnotation", "mapValue", {pairs: picture.pairs})
            notes.append(pairs)
        for name in picture.files:
            (file,) = writer.add("OriginalFile", {"name": name, "path": "in/"})
            notes += writer.add("FileAnnotation", {"file_id": file})
        if notes:
            writer.link("ImageAnnotationLink", [image] * len(notes), notes)
    return images


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=_PICTURES, after=st.lists(_TEXTS, max_size=3), queries=st.lists(_QUERIES, min_size=1, max_size=4))
def test_that_a_search_finds_what_reading_every_row_finds(
    store: Store, before: list[_Picture], after: list[str], queries: list[Any]
) -> None:
    with pytest.raises(_Undone), store.write() as connection:
        images = _write(store, connection, before)
        index.catch_up(store.schema, connection)
        _change(store, connection, images, before, after)
        index.catch_up(store.schema, connection)
        for query in queries:
            node = parse(str(query), leading_wildcard=True)
            found = [] if node is None else find(store.schema, connection, "Image", node, 60.0).tolist()
            expected = [image for image, picture in zip(images, before, strict=True) if query.matches(picture.fields())]
            assert sorted(found) == expected, str(query)
        raise _Undone


def _change(store: Store, connection: Any, images: list[int], pictures: list[_Picture], names: list[str]) -> None:
    """Rename some, and delete the last one if there are several."""
    table = store.schema.table("Image")
    for image, picture, name in zip(images, pictures, names, strict=False):
        connection.execute(table.update().where(table.c.id == image).values(name=name))
        picture.name = name
    if len(images) > 3:
        link = store.schema.table("ImageAnnotationLink")
        connection.execute(link.delete().where(link.c.parent_id == images[-1]))
        connection.execute(table.delete().where(table.c.id == images.pop()))
        pictures.pop()


# Changes


def _found(store: Store, query: str, class_name: str = "Image") -> list[int]:
    node = parse(query, leading_wildcard=True)
    assert node is not None
    with store.read() as connection:
        return [int(row) for row in find(store.schema, connection, class_name, node, 60.0)]


def test_that_what_is_taken_back_is_not_found(store: Store) -> None:
    with pytest.raises(_Undone), store.write() as connection:
        LibraryWriter(store, connection, 0, 0).named("Image", "takenback")
        raise _Undone
    assert _found(store, "name:takenback") == []


def test_that_a_changed_pair_a_deleted_tag_and_a_new_one_are_known_at_once(store: Store) -> None:
    with store.write() as connection:
        writer = LibraryWriter(store, connection, 0, 0)
        (image,) = writer.named("Image", "pairs")
        pairs, tag = (
            writer.add("MapAnnotation", {"ns": None})[0],
            writer.add("TagAnnotation", {"textValue": "early"})[0],
        )
        insert_named_values(store.schema, connection, "MapAnnotation", "mapValue", {pairs: [("Dye", "Atto")]})
        writer.link("ImageAnnotationLink", [image, image], [pairs, tag])
    assert _found(store, "Dye:atto AND tag:early") == [image]
    with store.write() as connection:
        connection.exec_driver_sql("DELETE FROM annotation_map_value WHERE parent_id = ?", (pairs,))
        insert_named_values(
            store.schema, connection, "MapAnnotation", "mapValue", {pairs: [("Dye", "Cy5"), ("x", "y")]}
        )
        connection.exec_driver_sql("UPDATE annotation SET textValue = 'late' WHERE id = ?", (tag,))
    assert _found(store, "Dye:atto tag:early") == []
    assert _found(store, "+Dye:cy5 +x:y +tag:late") == [image]
    with store.write() as connection:
        connection.exec_driver_sql("DELETE FROM image_annotation_link WHERE parent_id = ?", (image,))
        connection.exec_driver_sql("DELETE FROM annotation WHERE id IN (?, ?)", (tag, pairs))
    assert _found(store, "Dye:cy5 x:y tag:late") == []


def test_that_a_library_without_words_gets_them_while_it_changes(tmp_path: Path) -> None:
    store = Store(tmp_path)
    count = 12_000
    with store.write() as connection:
        writer = LibraryWriter(store, connection, 0, 0)
        images = writer.named("Image", *(f"old {n}" for n in range(count)))
        connection.execute(sa.text("DELETE FROM configuration WHERE name = 'desk.search'"))
    store.close()

    store = Store(tmp_path)
    assert _found(store, "name:old") == []
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE image SET name = 'renamed' WHERE id = ?", (images[0],))
        connection.exec_driver_sql("DELETE FROM image WHERE id = ?", (images[1],))
        new = LibraryWriter(store, connection, 0, 0).named("Image", "new one")
    assert _found(store, "name:new") == new
    told: list[float] = []
    done = threading.Event()

    def progress(part: float, message: str) -> None:
        assert message
        told.append(part)
        if part == 1:
            done.set()

    with filling(store, progress):
        assert done.wait(60)
    assert told == sorted(told)
    assert _found(store, "name:renamed") == [images[0]]
    assert _found(store, "name:old") == images[2:]
    with store.write() as connection:
        connection.exec_driver_sql("UPDATE image SET name = 'late' WHERE id = ?", (images[5],))
    assert _found(store, "name:late") == [images[5]]
    assert len(_found(store, "name:old")) == count - 3
    with store.read() as connection:
        assert index.waiting(connection) == 0
    store.close()


def test_that_what_is_left_undone_is_done_the_next_time(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.write() as connection:
        images = LibraryWriter(store, connection, 0, 0).named("Image", *("old" for _ in range(100)))
        connection.execute(sa.text("DELETE FROM configuration WHERE name = 'desk.search'"))
    store.close()
    store = Store(tmp_path)
    with store.write() as connection:
        assert index.put_waiting(store.schema, connection, 60) == index.waiting(connection) > 0
    store.close()
    store = Store(tmp_path)
    some = _found(store, "name:old")
    assert 0 < len(some) < len(images)
    with store.write() as connection:
        while index.put_waiting(store.schema, connection, 60):
            pass
    assert _found(store, "name:old") == images
    store.close()
