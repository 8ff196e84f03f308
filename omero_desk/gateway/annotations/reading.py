"""The annotations of objects, a section at a time: links and annotations come as two short lists of rows."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Final

from omero_desk.entities.annotations import Annotation, Link, Pairs, Section, StoredFile
from omero_desk.entities.objects import Permissions, Ref
from omero_desk.gateway import numbers, texts
from omero_desk.gateway.annotations.counts import MOST_IDS
from omero_desk.gateway.annotations.parents import PARENTS
from omero_desk.gateway.annotations.sections import ANNOTATED, CONDITIONS, TYPES
from omero_desk.gateway.rows import Cell, Record, Row
from omero_desk.gateway.texts import shown
from omero_desk.gateway.wrappers.row_entities import permissions

if TYPE_CHECKING:
    from omero_desk.gateway.connection.session import LaneSession

MOST_PAIRS: Final = 10_000
"""Keys of one annotation that are kept."""
_LARGEST_FILE: Final = 2**63 - 1

# Properties of subclasses come through the alias of their base, as BlitzGateway.getFilesetFilesInfo and OMERO.web's
# marshal_annotations have them; there is one table for all classes of annotations.
_TYPE: Final = " ".join(f"when an.class = {name}Annotation then '{name}'" for name in TYPES)
_HEAD: Final = {
    "id": "an.id",
    "type": f"case {_TYPE} else '' end",
    "ns": "an.ns",
    "description": "an.description",
    "owner": "an.details.owner.id",
    "group": "an.details.group.id",
    "created": "an.details.creationEvent.time",
}
_TEXT: Final = {"text": "an.textValue"}
_STARS: Final = {"whole": "an.longValue"}
_FILE: Final = {
    "file": "f.id",
    "name": "f.name",
    "size": "f.size",
    "mimetype": "f.mimetype",
    "path": "f.path",
    "hash": "f.hash",
    "hasher": "h.value",
}
_OTHERS: Final = {
    **_TEXT,
    **_STARS,
    "truth": "an.boolValue",
    "number": "an.doubleValue",
    "time": "an.timeValue",
    "term": "an.termValue",
}
_COLUMNS: Final[Mapping[Section, Mapping[str, str]]] = {
    Section.TAGS: {**_HEAD, **_TEXT},
    Section.KEY_VALUES: _HEAD,
    Section.RATINGS: {**_HEAD, **_STARS},
    Section.ATTACHMENTS: {**_HEAD, **_FILE},
    Section.COMMENTS: {**_HEAD, **_TEXT},
    Section.TABLES: {**_HEAD, **_FILE},
    Section.OTHERS: {**_HEAD, **_OTHERS},
}
FILE_COLUMNS: Final = ", ".join(f"{path} as {name}" for name, path in _COLUMNS[Section.ATTACHMENTS].items())
"""The columns of file annotations, for `select new map(...)`, which `annotation` wants."""
_OF_FILE: Final = frozenset({Section.ATTACHMENTS, Section.TABLES})
_RIGHTS: Final = """
    select new map(x.details.owner.id as owner, x.details.group.id as group, x as x_details_permissions) from {0} x
    where x.id in ({1} group by {2}.details.owner.id, {2}.details.group.id)"""
JOINED_FILE: Final = "left outer join an.file f"
JOINED_HASHER: Final = f"{JOINED_FILE} left outer join f.hasher h"


def section_of(session: LaneSession, refs: Sequence[Ref], section: Section) -> tuple[Annotation, ...]:
    """The annotations of a section on any of the objects, each once with all its links to them, by their ids.

    One round trip for each kind of object, and one more for each 30,000 of a kind. What cannot be annotated has none.
    """
    by_kind: dict[str, dict[int, Ref]] = defaultdict(dict)
    for ref in refs:
        by_kind[ref.kind][ref.id] = ref
    found = Found(section)
    for kind, of_kind in by_kind.items():
        if session.registry.desk(kind).is_annotatable():
            asked, ids = queries(kind, "l.parent.id in (:ids)", section), list(of_kind)
            for start in range(0, len(ids), MOST_IDS):
                rows = session.projections(*asked, parameters={"ids": ids[start : start + MOST_IDS]})
                found.add(rows, kind, of_kind)
    return found.annotations()


def inherited(session: LaneSession, ref: Ref) -> tuple[Annotation, ...]:
    """The key-value annotations of all objects that an object is in; their links say which. One round trip."""
    above = PARENTS.get(ref.kind, {})
    asked = [queries(kind, f"l.parent.id in ({ids})", Section.KEY_VALUES) for kind, ids in above.items()]
    if not asked:
        return ()
    rows = session.projections(*chain.from_iterable(asked), parameters={"id": ref.id, "run": ref.run})
    found = Found(Section.KEY_VALUES)
    for number, kind in enumerate(above):
        found.add(rows[number * len(asked[0]) : (number + 1) * len(asked[0])], kind, {})
    return found.annotations()


class Found:
    """Collects the annotations of a section, their links and their pairs."""

    def __init__(self, section: Section) -> None:
        self._section = section
        self._rows: dict[int, tuple[Record, Permissions]] = {}
        self._links: dict[int, list[Link]] = defaultdict(list)
        self._pairs: dict[int, list[tuple[Cell, Cell]]] = defaultdict(list)

    def add(self, rows: Sequence[Sequence[Row]], kind: str, refs: Mapping[int, Ref]) -> None:
        """Take the rows of `queries`."""
        links, link_rights, rights, records, *pairs = rows
        deletable = {owned: flags.can_delete for owned, flags in _rights(link_rights).items()}
        for identity, parent, child, owner, group, time in links:
            ref = refs.get(parent) or Ref(kind, parent)
            self._links[child].append(Link(identity, ref, owner, time, deletable.get((owner, group), False)))
        allowed = _rights(rights)
        for row in records:
            record = dict(zip(_COLUMNS[self._section], row, strict=True))
            self._rows[record["id"]] = record, allowed.get((record["owner"], record["group"]), Permissions())
        found: dict[int, list[tuple[Cell, Cell]]] = defaultdict(list)
        for identity, key, value in (row for one in pairs for row in one):
            found[identity].append((key, value))
        self._pairs.update(found)

    def annotations(self) -> tuple[Annotation, ...]:
        """Return what was collected."""
        return tuple(
            annotation(*self._rows[identity], self._links[identity], self._pairs.get(identity, ()))
            for identity in sorted(self._rows)
            if self._links[identity]
        )


def queries(kind: str, where: str, section: Section) -> tuple[str, ...]:
    """Return the queries for a section of the annotations on objects of a kind; `where` is about their links `l`.

    Links, the rights on them by owner and group, which is all that OMERO's BasicACLVoter looks at, the rights on
    annotations, the annotations, and pairs.
    """
    condition = CONDITIONS[section]
    file, hasher = (JOINED_FILE, JOINED_HASHER) if section in _OF_FILE else ("", "")
    linked = f"from {kind}AnnotationLink l join l.child an {file} where {where} and {condition}"
    found = (
        "select l.id, l.parent.id, l.child.id, l.details.owner.id, l.details.group.id, l.details.creationEvent.time"
        f" {linked} order by l.id",
        _RIGHTS.format(f"{kind}AnnotationLink", f"select min(l.id) {linked}", "l"),
        _RIGHTS.format("Annotation", f"select min(an.id) {linked}", "an"),
        f"select {', '.join(_COLUMNS[section].values())} from Annotation an {hasher}"
        f" where {condition} and an.id in (select l.child.id from {kind}AnnotationLink l where {where})",
    )
    if section is not Section.KEY_VALUES:
        return found
    return (
        *found,
        "select an.id, v.name, v.value from MapAnnotation an join an.mapValue v where an.id in"
        f" (select l.child.id from {kind}AnnotationLink l where {where}) order by an.id, index(v)",
    )


def _rights(rows: Iterable[Row]) -> dict[tuple[int, int], Permissions]:
    return {(row["owner"], row["group"]): permissions(row["x_details_permissions"]) for (row,) in rows}


def annotation(
    row: Record, rights: Permissions, links: Iterable[Link] = (), pairs: Sequence[tuple[Cell, Cell]] = ()
) -> Annotation:
    """Return the annotation of a row that has the columns of its section."""
    value = _value(row, pairs)
    cut = texts.is_cut(row.get("text"), row.get("term"), *(text for pair in pairs for text in pair))
    return Annotation(
        row["id"],
        shown(row["type"]),
        value,
        shown(row["ns"]),
        texts.whole(row["description"]),
        row["owner"],
        row["created"],
        rights,
        tuple(links),
        cut or len(pairs) > MOST_PAIRS or texts.is_cut(row["description"]),
    )


def _value(row: Record, pairs: Sequence[tuple[Cell, Cell]]) -> str | int | float | bool | Pairs | StoredFile | None:
    kind = row["type"]
    if kind == "Map":
        return tuple((texts.whole(key), texts.whole(value)) for key, value in pairs[:MOST_PAIRS])
    if kind == "File":
        return stored_file(row)
    if kind == "Double":
        number = row.get("number")
        return number if isinstance(number, float) and math.isfinite(number) else None
    names = {"Long": "whole", "Boolean": "truth", "Timestamp": "time", "Term": "term"}
    found: Cell = row.get(names.get(kind, "text"))
    return texts.whole(found) if isinstance(found, str) else found


def stored_file(row: Record) -> StoredFile | None:
    """Return the file of a row of a file annotation, None where there is none."""
    if row.get("file") is None:
        return None
    return StoredFile(
        row["file"],
        shown(row["name"]),
        numbers.whole(row["size"], 0, _LARGEST_FILE),
        shown(row["mimetype"]),
        texts.whole(row["path"], most=10_000),
        shown(row["hash"]),
        shown(row["hasher"]),
    )


def uses(session: LaneSession, annotation_id: int) -> dict[str, int]:
    """On how many objects of each kind an annotation is, as far as the user may see them. One round trip."""
    counts = [
        f"select count(distinct l.parent.id) from {kind}AnnotationLink l where l.child.id = :id" for kind in ANNOTATED
    ]
    found = session.projections(*counts, parameters={"id": annotation_id})
    return {kind: rows[0][0] for kind, rows in zip(ANNOTATED, found, strict=True) if rows and rows[0][0]}
