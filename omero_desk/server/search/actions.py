"""What a client asked a search for, with the settings of that moment: OMERO's SearchActions.

Each gives its hits one by one. Only a query in HQL looks at what an earlier action, that it is combined with, found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import omero.model
from omero.rtypes import rstring

from omero_desk.server.search import criteria
from omero_desk.server.search.annotated import Example
from omero_desk.server.search.ast import Node
from omero_desk.server.search.library import Library, parameters, wrapped
from omero_desk.server.search.queries import only_type
from omero_desk.server.search.settings import Settings
from omero_desk.server.search.similar import similar_words


@dataclass(frozen=True, slots=True)
class Hit:
    """An object that was found: as the object itself where there is one, else to be loaded when it is wanted.

    Hits of the same object are equal. What is no object of the library has no id and is itself alone.
    """

    class_name: str
    id: int
    thing: Any = None
    with_annotations: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """What tells an object from others."""
        return (self.class_name, self.id)


class Action(Protocol):
    """Gives hits, lazily."""

    def run(self, library: Library, earlier: Sequence[Hit]) -> Iterator[Hit]:
        """Give the hits for the caller of the library."""


@dataclass(frozen=True, slots=True)
class FullText:
    """Objects of one class by words; nothing where nothing is left of the query."""

    settings: Settings
    query: Node | None

    def run(self, library: Library, earlier: Sequence[Hit]) -> Iterator[Hit]:
        """Give the best hits first, or those of the order that was asked for."""
        name = only_type(self.settings, "Searches by full text")
        kind, schema = library.model_class(name), library.store.schema
        conditions = criteria.of_objects(kind, self.settings)
        if self.query is None or not criteria.add_annotations(schema, kind, self.settings, conditions):
            return
        ids = library.find(name, self.query)
        order = criteria.order_of(self.settings)
        found = library.ordered(name, ids, conditions, order) if order else library.visible(name, ids, conditions)
        yield from (Hit(name, one, with_annotations=bool(self.settings.fetch_annotations)) for one in found)


@dataclass(frozen=True, slots=True)
class AnnotatedWith:
    """Objects of one class that have annotations such as each of some examples."""

    settings: Settings
    examples: tuple[Example, ...]

    def run(self, library: Library, earlier: Sequence[Hit]) -> Iterator[Hit]:
        """Give the hits in the order that was asked for."""
        name = only_type(self.settings, "Searches by annotated with")
        kind, schema = library.model_class(name), library.store.schema
        conditions = criteria.of_objects(kind, self.settings)
        link = f"{kind.root}AnnotationLink"
        if link not in schema.model:
            return
        for example in self.examples:
            inner = criteria.Conditions(values=conditions.values)
            criteria.add_annotated(self.settings, inner)
            if example.value is not None:
                inner.add(f"a.{example.path} = {{}}", example.value)
            conditions.texts.append(criteria.having(link, example.class_name, inner.texts))
        order = criteria.order_of(self.settings) or " order by this.id"
        hql = f"select this.id from {name} this where {' and '.join(conditions.texts)}{order}"
        for row in library.rows(hql, conditions.values):
            yield Hit(name, row[0].val, with_annotations=bool(self.settings.fetch_annotations))


@dataclass(frozen=True, slots=True)
class HqlQuery:
    """The objects of a query in HQL; its parameter IDLIST is filled with what was found before."""

    hql: str
    params: Any

    def run(self, library: Library, earlier: Sequence[Hit]) -> Iterator[Hit]:
        """Give the objects in the query's order."""
        params = self.params
        if "IDLIST" in self.hql and (params is None or "IDLIST" not in (params.map or {})):
            params = params or parameters({})
            params.map = {**(params.map or {}), "IDLIST": wrapped([hit.id for hit in earlier] or [-1])}
        for thing in library.objects(self.hql, params):
            if thing is not None:
                yield Hit(type(thing).__name__.removesuffix("I"), thing.id.val, thing)


@dataclass(frozen=True, slots=True)
class TagsAndGroups:
    """The names of the tags of a tag set, or of the sets of a tag: as new tags. Without a name, of all."""

    settings: Settings
    name: str
    by_tag: bool

    def run(self, library: Library, earlier: Sequence[Hit]) -> Iterator[Hit]:
        """Give tags that nobody owns."""
        source, target = ("parent", "child") if self.by_tag else ("child", "parent")
        conditions = criteria.Conditions([f"link.{source}.id = source.id", f"link.{target}.id = target.id"])
        if self.name:
            conditions.add("source.textValue = {}", rstring(self.name))
        conditions.add_owner("source", self.settings.owned_by)
        conditions.add_owner("source", self.settings.not_owned_by, "!=")
        conditions.add_span("source.details.creationEvent.time", self.settings.created)
        where = " and ".join(conditions.texts)
        hql = (
            "select target.textValue from AnnotationAnnotationLink link, TagAnnotation source, TagAnnotation target "
            f"where {where}"
        )
        for row in library.rows(hql, conditions.values):
            yield _transient(omero.model.TagAnnotationI(), row[0].val if row else "")


@dataclass(frozen=True, slots=True)
class SimilarTerms:
    """Words like another one, as comments that nobody owns."""

    settings: Settings
    term: str

    def run(self, library: Library, earlier: Sequence[Hit]) -> Iterator[Hit]:
        """Give a comment for each word."""
        name = only_type(self.settings, "Searches by similar terms")
        for word in similar_words(library, name, self.term):
            comment = omero.model.CommentAnnotationI()
            comment.ns = rstring(self.term)
            yield _transient(comment, word)


@dataclass(frozen=True, slots=True)
class Combined:
    """Two actions as one: "or" both, "and" what both find, "not" what only the first one finds."""

    how: str
    first: Action
    second: Action

    def run(self, library: Library, earlier: Sequence[Hit]) -> Iterator[Hit]:
        """Give what the first one found before what the second one found."""
        before = list(self.first.run(library, earlier))
        after = list(self.second.run(library, before))
        if self.how == "or":
            return iter(before + after)
        keys = {hit.key for hit in after}
        return (hit for hit in before if (hit.key in keys) == (self.how == "and"))


def _transient(made: Any, text: str) -> Hit:
    made.textValue = rstring(text)
    return Hit("", id(made), made)
