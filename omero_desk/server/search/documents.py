"""The documents of objects: fields of words, as OMERO's FullTextBridge and its model's annotations define them.

No document is stored. Instead each field has sources, which say where words are stored and how SQL leads from a place
where a word is found to the ids of objects.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from omero_desk.server.database.full_text import FILE_TEXT, PAIR_BITS, indexes
from omero_desk.server.database.model import ModelClass, Scalar, snake_case
from omero_desk.server.database.schema import DISCRIMINATOR, Schema
from omero_desk.server.search.ast import EVERYTHING

PAIRS: Final = "annotation_map_value"
_ANNOTATION: Final = "annotation"
_FILES: Final = (("name", "name"), ("path", "path"), ("hash", "hash"), ("format", "mimetype"), ("mimetype", "mimetype"))
_MOST_ENTRIES: Final = 10  # omero.search.max_fileset_size
_CHANNELS: Final = "SELECT p.image_id FROM channel c JOIN pixels p ON p.id = c.pixels_id"
_OWNER: Final = ("omeName", "firstName", "lastName")


@dataclass(frozen=True, slots=True)
class WordSource:
    """Words in `columns` of the full-text index of the table `index`.

    `path` is the statement that turns the rowids of a statement `{hits}`, column `hit`, into the ids of objects.
    """

    field: str
    index: str
    columns: tuple[str, ...]
    path: str = "{hits}"


@dataclass(frozen=True, slots=True)
class TextSource:
    """Few and short texts, each of which is compared with the query.

    `texts` is the statement for pairs (key, text), `path` the one that turns the keys of a statement `{keys}` into the
    ids of objects. `finds_all` is true where any of the texts finds all objects of the class.
    """

    field: str
    texts: str
    path: str
    finds_all: bool = False


@dataclass(frozen=True, slots=True)
class TimeSource:
    """Times, which a query writes as `digits` digits: 12 down to minutes, 14 to seconds.

    `path` is the statement for the ids of objects whose time fulfils the condition `{time}`.
    """

    field: str
    digits: int
    path: str


@dataclass(frozen=True, slots=True)
class Document:
    """The fields of the objects of one class, which are in `table`.

    `pairs` is the path of key-value pairs whose key is the field: from `{hits}` among the values, and the key as a
    parameter after those of the hits. `numbers` are pairs of a field and a column of the table.
    """

    table: str
    sources: tuple[WordSource, ...]
    texts: tuple[TextSource, ...]
    times: tuple[TimeSource, ...]
    numbers: tuple[tuple[str, str], ...]
    pairs: str | None


@lru_cache(maxsize=256)
def document_of(schema: Schema, class_name: str) -> Document:
    """Return the document of the objects of a class."""
    return _Maker(schema, schema.model[class_name]).make()


class _Maker:
    """Builds the document of one class."""

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

    def _sources(self) -> Iterator[WordSource]:
        yield from self._own()
        if self._found.root == "Annotation":
            yield from self._contents("id", self._table, "id")
        if self._link is not None:
            yield from self._annotations()
        if self._found.name == "Image":
            yield from _of_images()

    def _own(self) -> Iterator[WordSource]:
        index = indexes(self._schema).get(self._table)
        if index is None:
            return
        for column, _ in index.columns:
            yield WordSource("textValue" if column == "value" else column, self._table, (column,))

    def _annotations(self) -> Iterator[WordSource]:
        link = self._link
        assert link is not None
        direct = f"SELECT parent_id FROM {link} WHERE child_id IN ({{hits}})"
        tagged = (
            f"SELECT l.parent_id FROM {link} l JOIN annotation t ON t.id = l.child_id "
            "AND t.discriminator = 'TagAnnotation'"
        )
        yield WordSource("annotation", _ANNOTATION, ("value",), direct)
        yield WordSource("tag", _ANNOTATION, ("value",), f"{tagged} WHERE t.id IN ({{hits}})")
        yield WordSource("term", _ANNOTATION, ("termValue",), direct)
        yield WordSource("annotation.ns", _ANNOTATION, ("ns",), direct)
        yield WordSource("annotation.name", _ANNOTATION, ("name",), direct)
        below = f"{tagged} JOIN annotation_annotation_link b ON b.parent_id = t.id WHERE b.child_id IN ({{hits}})"
        yield WordSource("annotation", _ANNOTATION, ("value",), below)
        yield from self._contents("l.parent_id", f"{link} l JOIN annotation a ON a.id = l.child_id", "a.id")

    def _contents(self, wanted: str, tables: str, annotation: str) -> Iterator[WordSource]:
        """Yield the files and key-value pairs of annotations.

        `wanted` is the column of the ids of objects in `tables`, `annotation` that of the ids of annotations.
        """
        of_file = f"SELECT {wanted} FROM {tables} WHERE file_id IN ({{hits}})"
        for field, column in _FILES:
            yield WordSource(f"file.{field}", "original_file", (column,), of_file)
        yield WordSource("file.contents", FILE_TEXT, ("contents",), of_file)
        of_pair = f"SELECT {wanted} FROM {tables} WHERE {annotation} IN (SELECT hit >> {PAIR_BITS} FROM ({{hits}}))"
        yield WordSource("annotation", PAIRS, ("name", "value"), of_pair)
        yield WordSource("has_key", PAIRS, ("name",), of_pair)

    def _pair_path(self, template: str) -> str | None:
        is_pair = f"v.parent_id = h.hit >> {PAIR_BITS} AND v.position = h.hit & {(1 << PAIR_BITS) - 1}"
        found = template.replace("{pairs}", PAIRS).replace("{is_pair}", is_pair)
        if self._found.root == "Annotation":
            return found
        return f"SELECT parent_id FROM {self._link} WHERE child_id IN ({found})" if self._link else None

    def _texts(self) -> Iterator[TextSource]:
        names = self._schema.concrete_subclasses(self._found.name)
        kind = DISCRIMINATOR if len(names) > 1 else f"'{self._found.name}'"
        rows = [(name, self._schema.model[name].java_name) for name in names]
        path = f"SELECT id FROM {self._table} WHERE {kind} IN ({{keys}})"
        yield TextSource("", _values(rows), path, finds_all=len(names) == 1)
        if self._found.has_details:
            yield from self._details()
        if self._link is not None:
            yield from self._annotation_texts(self._link)
        if self._found.name == "Image":
            yield from _texts_of_images()

    def _details(self) -> Iterator[TextSource]:
        for name in _OWNER:
            texts = f'SELECT id, "{name}" FROM experimenter'
            yield TextSource(
                f"details.owner.{name}", texts, f"SELECT id FROM {self._table} WHERE owner_id IN ({{keys}})"
            )
        of_group = f"SELECT id FROM {self._table} WHERE group_id IN ({{keys}})"
        yield TextSource("details.group.name", "SELECT id, name FROM experimenter_group", of_group)

    def _annotation_texts(self, link: str) -> Iterator[TextSource]:
        tables = f"SELECT l.parent_id FROM {link} l JOIN annotation a ON a.id = l.child_id"
        kinds = [(name, name) for name in self._schema.concrete_subclasses("Annotation")]
        yield TextSource("annotation.type", _values(kinds), f"{tables} WHERE a.{DISCRIMINATOR} IN ({{keys}})")
        hashers = "SELECT id, value FROM checksum_algorithm"
        path = f"{tables} JOIN original_file f ON f.id = a.file_id WHERE f.hasher_id IN ({{keys}})"
        yield TextSource("file.hasher", hashers, path)

    def _times(self) -> Iterator[TimeSource]:
        for each in self._found.properties.values():
            if isinstance(each, Scalar) and each.rtype == "rtime":
                yield TimeSource(each.name, 12, f'SELECT id FROM {self._table} WHERE "{each.name}" {{time}}')
        events = f"SELECT id FROM {self._table} WHERE {{column}} IN (SELECT id FROM event WHERE time {{time}})"
        if self._found.has_details:
            yield TimeSource("details.creationEvent.time", 14, events.replace("{column}", "creation_id"))
        if self._found.has_update_event:
            yield TimeSource("details.updateEvent.time", 14, events.replace("{column}", "update_id"))

    def _numbers(self) -> Iterator[tuple[str, str]]:
        yield "id", "id"
        if self._found.has_details:
            yield "details.creationEvent.id", "creation_id"
        if self._found.has_update_event:
            yield "details.updateEvent.id", "update_id"


def _of_images() -> Iterator[WordSource]:
    in_channel = f'{_CHANNELS} WHERE c."logicalChannel_id" IN ({{hits}})'
    yield WordSource("channel.name", "logical_channel", ("name",), in_channel)
    yield WordSource("channel.fluor", "logical_channel", ("fluor",), in_channel)
    in_fileset = "SELECT id FROM image WHERE fileset_id IN ({hits})"
    yield WordSource("fileset.templatePrefix", "fileset", ("templatePrefix",), in_fileset)
    entry = f"FROM fileset_entry e JOIN image i ON i.fileset_id = e.fileset_id AND e.fileset_index < {_MOST_ENTRIES}"
    yield WordSource(
        "fileset.entry.clientPath", "fileset_entry", ("clientPath",), f"SELECT i.id {entry} WHERE e.id IN ({{hits}})"
    )
    of_file = f'SELECT i.id {entry} WHERE e."originalFile_id" IN ({{hits}})'
    yield WordSource("fileset.entry.name", "original_file", ("name",), of_file)
    roi = "SELECT r.image_id FROM folder_roi_link l JOIN roi r ON r.id = l.child_id WHERE r.image_id IS NOT NULL"
    yield WordSource("roi.folder.name", "folder", ("name",), f"{roi} AND l.parent_id IN ({{hits}})")


def _texts_of_images() -> Iterator[TextSource]:
    tables = f'{_CHANNELS} JOIN logical_channel g ON g.id = c."logicalChannel_id"'
    for name, target in (("mode", "AcquisitionMode"), ("photometricInterpretation", "PhotometricInterpretation")):
        texts = f"SELECT id, value FROM {snake_case(target)}"
        yield TextSource(f"channel.{name}", texts, f'{tables} WHERE g."{name}_id" IN ({{keys}})')


def _everything(sources: Sequence[WordSource]) -> Iterator[WordSource]:
    """Yield the sources of the field EVERYTHING: all sources, with the columns of one index together."""
    columns: dict[tuple[str, str], list[str]] = {}
    for source in sources:
        columns.setdefault((source.index, source.path), []).extend(source.columns)
    for (index, path), names in columns.items():
        yield WordSource(EVERYTHING, index, tuple(dict.fromkeys(names)), path)


def _values(rows: Sequence[tuple[str, str]]) -> str:
    return "VALUES " + ", ".join(f"('{key}', '{text}')" for key, text in rows)
