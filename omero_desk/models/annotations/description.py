"""A description of the selected objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from omero_desk.entities.objects import UNKNOWN, Account, AnnotationCounts, Entity, Kind, Permissions
from omero_desk.entities.sentences import mark
from omero_desk.entities.thumbnails import ImageSize
from omero_desk.models.annotations.summary import AT_ONCE, Summary
from omero_desk.models.cells import tabbed
from omero_desk.models.labels import counted, group, kind_name, name, owner, plain
from omero_desk.models.quantities import between, in_full, number, when
from omero_desk.models.translation import plural, say, translate

_CHILDREN: Final = {
    Kind.PROJECT: mark("Annotations", "Datasets"),
    Kind.DATASET: mark("Annotations", "Images"),
    Kind.ORPHANED_IMAGES: mark("Annotations", "Images"),
    Kind.SCREEN: mark("Annotations", "Plates"),
    Kind.PLATE: mark("Annotations", "Runs or wells"),
    Kind.RUN: mark("Annotations", "Wells"),
    Kind.WELL: mark("Annotations", "Fields"),
}
_KINDS: Final = {
    "tags": mark("Annotations", "Tags"),
    "key_values": mark("Annotations", "Key-value pairs"),
    "comments": mark("Annotations", "Comments"),
    "files": mark("Annotations", "Attachments"),
    "ratings": mark("Annotations", "Ratings"),
    "other": mark("Annotations", "Others"),
    "own": mark("Annotations", "All kinds"),
}
_MIXED: Final = mark("Annotations", "mixed: {low} to {high}")
_SPACE: Final = "\N{NO-BREAK SPACE}"
_LONGEST: Final = 500
_OTHER_CHILDREN: Final = mark("Annotations", "Children")
_RIGHTS: Final = (
    ("can_edit", mark("Annotations", "edit")),
    ("can_annotate", mark("Annotations", "annotate")),
    ("can_link", mark("Annotations", "move")),
    ("can_delete", mark("Annotations", "delete")),
)


class Fact(NamedTuple):
    """A term and what is to be said of it; `full` is all that can be said, where that is more."""

    term: str
    text: str
    full: str = ""


def title(entities: Sequence[Entity], summary: Summary | None) -> str:
    """Return the name of one object, the number of several; without their kind where there is no `summary` yet."""
    number = len(entities)
    if number == 1:
        return name(entities[0])
    if summary is not None and len(summary.kinds) == 1:
        return translate("Annotations", "{objects} selected").format(objects=counted(next(iter(summary.kinds)), number))
    return plural("Annotations", "%n objects selected", "%n object selected", number)


def subtitle(entities: Sequence[Entity], summary: Summary | None) -> str:
    """Return the kind of one object, the numbers of each kind of several; "" where `title` has told that."""
    if len(entities) == 1:
        return kind_name(entities[0].ref.kind)
    if summary is None:
        return translate("Annotations", "Counting…")
    if len(summary.kinds) == 1:
        return ""
    return ", ".join(counted(kind, number) for kind, number in summary.kinds.most_common())


def heading(entities: Sequence[Entity]) -> str:
    """Return title and subtitle on one line."""
    summary = Summary(entities)
    first, second = subtitle(entities, summary), title(entities, summary)
    if len(entities) > 1:
        first, second = second, first
    return f"{first}: {second}" if second else first


def headline(entities: Sequence[Entity], summary: Summary | None, account: Account | None) -> str:
    """Return on one line what the objects are, whose they are and in which group."""
    what = subtitle(entities, summary)
    if summary is None:
        return what
    if len(entities) == 1 and entities[0].ref.kind != Kind.ORPHANED_IMAGES:
        what = f"{what} {entities[0].ref.id}"
    where = group(next(iter(summary.groups)), account) if len(summary.groups) == 1 else ""
    return " · ".join(filter(None, (what, owners(summary, account), where)))


def are_images(summary: Summary | None) -> bool:
    """Return whether all are images, and there is one."""
    return summary is not None and set(summary.kinds) == {Kind.IMAGE}


def rows(
    entities: Sequence[Entity],
    summary: Summary | None,
    account: Account | None,
    remark: str = "",
    sizes: Sequence[ImageSize | None] = (),
) -> list[Fact]:
    """Return facts about one object, after a remark on it if there is one, or what several have in common.

    `sizes` are those of images, one each, as far as they are known.
    """
    known = [size for size in sizes if size is not None]
    if len(entities) == 1:
        first = [Fact(translate("Annotations", "Note"), remark)] if remark else []
        return [*first, *_size(known), *_about(entities[0])]
    if summary is None:
        return []
    measured = _sizes(known) if len(known) == len(sizes) else ()
    dates = _dates(entities) if len(entities) <= AT_ONCE else ()
    return [*measured, *dates, *_sums(summary, account)]


def annotated(summary: Summary | None) -> str | None:
    """Return the number of annotations of all objects together; None for objects that can have none."""
    return None if summary is None or summary.annotations is None else number(summary.annotations)


def by_kind(counts: AnnotationCounts) -> list[Fact]:
    """Return the numbers of annotations of each kind that there are."""
    found = ((say(term), getattr(counts, name)) for name, term in _KINDS.items())
    return [Fact(term, number(value)) for term, value in found if value]


def owners(summary: Summary, account: Account | None) -> str:
    """Return whose the objects are, such as "Ada Lovelace and 2 others"; "" where nobody is known to own them."""
    numbers = summary.owners
    if not numbers:
        return ""
    first = owner(numbers.most_common(1)[0][0], account)
    others = len(numbers) - 1
    if not others:
        return first
    return plural("Annotations", "{name} and %n others", "{name} and %n other", others).format(name=first)


def planes(z: int, t: int) -> list[str]:
    """Return how many sections and times there are, without those of which there is one alone."""
    return [f"{number(n)}{_SPACE}{axis}" for n, axis in ((z, "Z"), (t, "T")) if n != 1]


def as_text(entities: Sequence[Entity]) -> str:
    """Return a line for each object, for the clipboard: kind:id, a tab and the name."""
    return tabbed((f"{entity.ref.kind}:{entity.ref.id}", entity.name or name(entity)) for entity in entities)


def _about(entity: Entity) -> Iterator[Fact]:
    if entity.child_count is not None and entity.child_count != UNKNOWN:
        yield Fact(say(_CHILDREN.get(entity.ref.kind, _OTHER_CHILDREN)), number(entity.child_count))
    if entity.acquired is not None:
        yield Fact(translate("Tree", "Acquired"), when(entity.acquired), in_full(entity.acquired))
    if entity.created is not None:
        yield Fact(_entered(entity.ref.kind == Kind.IMAGE), when(entity.created), in_full(entity.created))
    if entity.description:
        yield Fact(translate("Tree", "Description"), plain(entity.description[:_LONGEST]))
    if entity.ref.kind != Kind.ORPHANED_IMAGES:
        yield Fact(translate("Annotations", "You may"), _rights(entity.permissions))


def _size(sizes: Sequence[ImageSize]) -> Iterator[Fact]:
    for size in sizes:
        number_of_channels = size.c
        channels = plural("Annotations", "%n channels", "%n channel", number_of_channels)
        yield Fact(translate("Annotations", "Size"), ", ".join((_across(size), channels, *planes(size.z, size.t))))


def _sizes(sizes: Sequence[ImageSize]) -> Iterator[Fact]:
    if not sizes:
        return
    areas = {(size.x, size.y): size for size in sizes}
    if len(areas) == 1:
        text = translate("Annotations", "{size}, all the same").format(size=_across(sizes[0]))
    else:
        values = len(areas)
        text = plural("Annotations", "%n values", "%n value", values)
    yield Fact(translate("Annotations", "Size"), text)
    terms = {"c": translate("Annotations", "Channels"), "z": "Z", "t": "T"}
    for axis, term in terms.items():
        numbers = {getattr(size, axis) for size in sizes}
        if numbers != {1}:
            yield Fact(term, _between(numbers))


def _between(numbers: set[int]) -> str:
    low, high = number(min(numbers)), number(max(numbers))
    if len(numbers) == 1:
        return low
    words = translate("Annotations", "{low} or {high}") if len(numbers) == 2 else _MIXED
    return (words if isinstance(words, str) else say(words)).format(low=low, high=high)


def _dates(entities: Sequence[Entity]) -> Iterator[Fact]:
    """Yield from when to when, where all of them say."""
    are_images = all(entity.ref.kind == Kind.IMAGE for entity in entities)
    for term, dates in (
        (translate("Tree", "Acquired"), [entity.acquired for entity in entities]),
        (_entered(are_images), [entity.created for entity in entities]),
    ):
        known = [date for date in dates if date is not None]
        if known and len(known) == len(dates):
            first, last = min(known), max(known)
            span = translate("Annotations", "{low} to {high}")
            low, high = between(first, last)
            text = when(first) if first == last else span.format(low=low, high=high)
            yield Fact(term, text, span.format(low=in_full(first), high=in_full(last)))


def _entered(are_images: bool) -> str:
    """Return the term for the time since which objects are there."""
    return translate("Tree", "Imported") if are_images else translate("Tree", "Created")


def _sums(summary: Summary, account: Account | None) -> Iterator[Fact]:
    if whose := owners(summary, account):
        yield Fact(translate("Annotations", "Owner"), whose)
    for term in dict.fromkeys(_CHILDREN.values()):
        kinds = [kind for kind in summary.children if _CHILDREN.get(kind) == term]
        if kinds:
            yield Fact(say(term), number(sum(summary.children[kind] for kind in kinds)))


def _across(size: ImageSize) -> str:
    return f"{number(size.x)}{_SPACE}×{_SPACE}{number(size.y)}"  # noqa: RUF001 - times


def _rights(permissions: Permissions) -> str:
    words = [say(word) for flag, word in _RIGHTS if getattr(permissions, flag)]
    return ", ".join(words) or translate("Annotations", "view only")
