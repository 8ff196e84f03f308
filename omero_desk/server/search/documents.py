"""What makes up the document of an object, and under which fields: OMERO's FullTextBridge and the model's own fields.

Nothing is copied: each source says where its words are kept and how one gets from there to the objects.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from omero_desk.server.database.model import ModelClass, Scalar, snake_case
from omero_desk.server.database.schema import DISCRIMINATOR, Schema
from omero_desk.server.search.ast import EVERYTHING
from omero_desk.server.search.index import PAIR_BITS, indexes

PAIRS: Final = "annotation_map_value"
_ANNOTATION: Final = "annotation"
_FILES: Final = (("name", "name"), ("path", "path"), ("hash", "hash"), ("format", "mimetype"), ("mimetype", "mimetype"))
_MOST_ENTRIES: Final = 10  # omero.search.max_fileset_size
_CHANNELS: Final = "SELECT p.image_id FROM channel c JOIN pixels p ON p.id = c.pixels_id"
_OWNER: Final = ("omeName", "firstName", "lastName")


@dataclass(frozen=True, slots=True)
class Source:
    """Words in columns of an index; `path` turns the rows found, `{hits}`, into the ids of objects."""

    field: str
    index: str
    columns: tuple[str, ...]
    path: str = "{hits}"


@dataclass(frozen=True, slots=True)
class Texts:
    """Short texts, looked at one by one: `texts` gives (key, text); `path` turns `{keys}` into the ids of objects.

    `finds_all` says that any of the texts finds all objects of the class.
    """

    field: str
    texts: str
    path: str
    finds_all: bool = False


@dataclass(frozen=True, slots=True)
class Time:
    """A moment, written as digits down to minutes or seconds; `path` gives the ids for a span `{time}`."""

    field: str
    digits: int
    path: str


@dataclass(frozen=True, slots=True)
class Document:
    """All that is known of the objects of one class.

    `pairs` finds the objects by a key: its path takes hits and then the key. `numbers` are columns of ids by field.
    """

    table: str
    sources: tuple[Source, ...]
    texts: tuple[Texts, ...]
    times: tuple[Time, ...]
    numbers: tuple[tuple[str, str], ...]
    pairs: str | None


@lru_cache(maxsize=256)
def document_of(schema: Schema, class_name: str) -> Document:
    """Return what is known of the objects of a class."""
    return _Maker(schema, schema.model[class_name]).make()


class _Maker:
    """Puts a document together; thrown away when done."""

    def __init__(self, schema: Schema, found: ModelClass) -> None:
        self._schema = schema
        self._found = found
        self._table = schema.table(found.name).name
        link = f"{found.root}AnnotationLink"
        self._link = schema.table(link).name if link in schema.model else None

    def make(self) -> Document:
        sources = list(self._sources())
        return Document(
            table=self._table,
            sources=tuple(sources) + tuple(_everything(sources)),
            texts=tuple(self._texts()),
            times=tuple(self._times()),
            numbers=tuple(self._numbers()),
            pairs=self._pair_path("SELECT v.parent_id FROM ({hits}) h JOIN {pairs} v ON v.name = ? AND {is_pair}"),
        )

    def _sources(self) -> Iterator[Source]:
        yield from self._own()
        if self._found.root == "Annotation":
            yield from self._contents("id", self._table, "id")
        if self._link is not None:
            yield from self._annotations()
        if self._found.name == "Image":
            yield from _of_images()

    def _own(self) -> Iterator[Source]:
        index = indexes(self._schema).get(self._table)
        if index is None:
            return
        for column, _ in index.columns:
            yield Source("textValue" if column == "value" else column, self._table, (column,))

    def _annotations(self) -> Iterator[Source]:
        link = self._link
        assert link is not None
        direct = f"SELECT parent_id FROM {link} WHERE child_id IN ({{hits}})"
        tagged = (
            f"SELECT l.parent_id FROM {link} l JOIN annotation t ON t.id = l.child_id "
            "AND t.discriminator = 'TagAnnotation'"
        )
        yield Source("annotation", _ANNOTATION, ("value",), direct)
        yield Source("tag", _ANNOTATION, ("value",), f"{tagged} WHERE t.id IN ({{hits}})")
        yield Source("term", _ANNOTATION, ("termValue",), direct)
        yield Source("annotation.ns", _ANNOTATION, ("ns",), direct)
        yield Source("annotation.name", _ANNOTATION, ("name",), direct)
        below = f"{tagged} JOIN annotation_annotation_link b ON b.parent_id = t.id WHERE b.child_id IN ({{hits}})"
        yield Source("annotation", _ANNOTATION, ("value",), below)
        yield from self._contents("l.parent_id", f"{link} l JOIN annotation a ON a.id = l.child_id", "a.id")

    def _contents(self, wanted: str, tables: str, annotation: str) -> Iterator[Source]:
        """The files and pairs of annotations."""
        of_file = f"SELECT {wanted} FROM {tables} WHERE file_id IN ({{hits}})"
        for field, column in _FILES:
            yield Source(f"file.{field}", "original_file", (column,), of_file)
        of_pair = f"SELECT {wanted} FROM {tables} WHERE {annotation} IN (SELECT hit >> {PAIR_BITS} FROM ({{hits}}))"
        yield Source("annotation", PAIRS, ("name", "value"), of_pair)
        yield Source("has_key", PAIRS, ("name",), of_pair)

    def _pair_path(self, template: str) -> str | None:
        is_pair = f"v.parent_id = h.hit >> {PAIR_BITS} AND v.position = h.hit & {(1 << PAIR_BITS) - 1}"
        found = template.replace("{pairs}", PAIRS).replace("{is_pair}", is_pair)
        if self._found.root == "Annotation":
            return found
        return f"SELECT parent_id FROM {self._link} WHERE child_id IN ({found})" if self._link else None

    def _texts(self) -> Iterator[Texts]:
        names = self._schema.concrete_subclasses(self._found.name)
        kind = DISCRIMINATOR if len(names) > 1 else f"'{self._found.name}'"
        rows = [(name, self._schema.model[name].java_name) for name in names]
        path = f"SELECT id FROM {self._table} WHERE {kind} IN ({{keys}})"
        yield Texts("", _values(rows), path, finds_all=len(names) == 1)
        if self._found.has_details:
            yield from self._details()
        if self._link is not None:
            yield from self._annotation_texts(self._link)
        if self._found.name == "Image":
            yield from _texts_of_images()

    def _details(self) -> Iterator[Texts]:
        for name in _OWNER:
            texts = f'SELECT id, "{name}" FROM experimenter'
            yield Texts(f"details.owner.{name}", texts, f"SELECT id FROM {self._table} WHERE owner_id IN ({{keys}})")
        of_group = f"SELECT id FROM {self._table} WHERE group_id IN ({{keys}})"
        yield Texts("details.group.name", "SELECT id, name FROM experimenter_group", of_group)

    def _annotation_texts(self, link: str) -> Iterator[Texts]:
        tables = f"SELECT l.parent_id FROM {link} l JOIN annotation a ON a.id = l.child_id"
        kinds = [(name, name) for name in self._schema.concrete_subclasses("Annotation")]
        yield Texts("annotation.type", _values(kinds), f"{tables} WHERE a.{DISCRIMINATOR} IN ({{keys}})")
        hashers = "SELECT id, value FROM checksum_algorithm"
        path = f"{tables} JOIN original_file f ON f.id = a.file_id WHERE f.hasher_id IN ({{keys}})"
        yield Texts("file.hasher", hashers, path)

    def _times(self) -> Iterator[Time]:
        for each in self._found.properties.values():
            if isinstance(each, Scalar) and each.rtype == "rtime":
                yield Time(each.name, 12, f'SELECT id FROM {self._table} WHERE "{each.name}" {{time}}')
        events = f"SELECT id FROM {self._table} WHERE {{column}} IN (SELECT id FROM event WHERE time {{time}})"
        if self._found.has_details:
            yield Time("details.creationEvent.time", 14, events.replace("{column}", "creation_id"))
        if self._found.has_update_event:
            yield Time("details.updateEvent.time", 14, events.replace("{column}", "update_id"))

    def _numbers(self) -> Iterator[tuple[str, str]]:
        yield "id", "id"
        if self._found.has_details:
            yield "details.creationEvent.id", "creation_id"
        if self._found.has_update_event:
            yield "details.updateEvent.id", "update_id"


def _of_images() -> Iterator[Source]:
    in_channel = f'{_CHANNELS} WHERE c."logicalChannel_id" IN ({{hits}})'
    yield Source("channel.name", "logical_channel", ("name",), in_channel)
    yield Source("channel.fluor", "logical_channel", ("fluor",), in_channel)
    in_fileset = "SELECT id FROM image WHERE fileset_id IN ({hits})"
    yield Source("fileset.templatePrefix", "fileset", ("templatePrefix",), in_fileset)
    entry = f"FROM fileset_entry e JOIN image i ON i.fileset_id = e.fileset_id AND e.fileset_index < {_MOST_ENTRIES}"
    yield Source(
        "fileset.entry.clientPath", "fileset_entry", ("clientPath",), f"SELECT i.id {entry} WHERE e.id IN ({{hits}})"
    )
    of_file = f'SELECT i.id {entry} WHERE e."originalFile_id" IN ({{hits}})'
    yield Source("fileset.entry.name", "original_file", ("name",), of_file)
    roi = "SELECT r.image_id FROM folder_roi_link l JOIN roi r ON r.id = l.child_id WHERE r.image_id IS NOT NULL"
    yield Source("roi.folder.name", "folder", ("name",), f"{roi} AND l.parent_id IN ({{hits}})")


def _texts_of_images() -> Iterator[Texts]:
    tables = f'{_CHANNELS} JOIN logical_channel g ON g.id = c."logicalChannel_id"'
    for name, target in (("mode", "AcquisitionMode"), ("photometricInterpretation", "PhotometricInterpretation")):
        texts = f"SELECT id, value FROM {snake_case(target)}"
        yield Texts(f"channel.{name}", texts, f'{tables} WHERE g."{name}_id" IN ({{keys}})')


def _everything(sources: Sequence[Source]) -> Iterator[Source]:
    """The same sources for the field that has all words, columns of one index together."""
    columns: dict[tuple[str, str], list[str]] = {}
    for source in sources:
        columns.setdefault((source.index, source.path), []).extend(source.columns)
    for (index, path), names in columns.items():
        yield Source(EVERYTHING, index, tuple(dict.fromkeys(names)), path)


def _values(rows: Sequence[tuple[str, str]]) -> str:
    return "VALUES " + ", ".join(f"('{key}', '{text}')" for key, text in rows)
