"""The searches that a client can ask for, each with the settings of the moment it was asked: OMERO's SearchActions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import omero.model
from omero import RString
from omero.model import IObject, TextAnnotation
from omero.rtypes import rstring
from omero.sys import Parameters

from omero_desk.server.search import criteria
from omero_desk.server.search.annotated import Example
from omero_desk.server.search.ast import Node
from omero_desk.server.search.library import SearchLibrary, parameters, wrapped
from omero_desk.server.search.queries import only_type
from omero_desk.server.search.settings import SearchSettings
from omero_desk.server.search.similar import similar_words


@dataclass(frozen=True, slots=True)
class Hit:
    """An object that was found.

    `thing` is the object where the search made or loaded it; other objects are loaded by class and id when they are
    wanted, `with_annotations` if it is true. A made object is not in the library: its class name is "" and its id
    only tells it from other hits.
    """

    class_name: str
    id: int
    thing: IObject | None = None
    with_annotations: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """The class and id, which are equal for two hits of one object."""
        return (self.class_name, self.id)


class SearchAction(Protocol):
    """One search. Its hits are found while they are iterated over."""

    def run(self, library: SearchLibrary, earlier: Sequence[Hit]) -> Iterator[Hit]:
        """Yield the hits that the caller of the library may see.

        `earlier` are those of the action that this one is combined with; only an HQL query uses them.
        """


@dataclass(frozen=True, slots=True)
class FullText:
    """Objects of one class that a full-text query finds; none for a query without words (None)."""

    settings: SearchSettings
    query: Node | None

    def run(self, library: SearchLibrary, earlier: Sequence[Hit]) -> Iterator[Hit]:
        """Yield the best hits first, or the order that the settings ask for."""
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
    """Objects of one class that have, for each example, an annotation of its class with its value."""

    settings: SearchSettings
    examples: tuple[Example, ...]

    def run(self, library: SearchLibrary, earlier: Sequence[Hit]) -> Iterator[Hit]:
        """Yield the hits in the order that the settings ask for, else by id."""
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
        for found in library.ids(hql, conditions.values):
            yield Hit(name, found, with_annotations=bool(self.settings.fetch_annotations))


@dataclass(frozen=True, slots=True)
class HqlQuery:
    """The objects of an HQL query; its parameter IDLIST gets the ids of the earlier hits unless the client set it."""

    hql: str
    params: Parameters | None

    def run(self, library: SearchLibrary, earlier: Sequence[Hit]) -> Iterator[Hit]:
        """Yield the objects in the query's order."""
        params = self.params
        if "IDLIST" in self.hql and (params is None or "IDLIST" not in (params.map or {})):
            params = params or parameters({})
            params.map = {**(params.map or {}), "IDLIST": wrapped([hit.id for hit in earlier] or [-1])}
        for thing in library.objects(self.hql, params):
            if thing is not None:
                yield Hit(type(thing).__name__.removesuffix("I"), thing.id.val, thing)


@dataclass(frozen=True, slots=True)
class TagsAndGroups:
    """Texts of the tags that the tags with the text `name` are linked to: their children, or parents if not `by_tag`.

    An empty name stands for all tags. In OMERO's search the parent is the tag, and its children are groups.
    """

    settings: SearchSettings
    name: str
    by_tag: bool

    def run(self, library: SearchLibrary, earlier: Sequence[Hit]) -> Iterator[Hit]:
        """Yield a new, unsaved TagAnnotation for each text."""
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
            text = row[0] if row else None
            yield _transient(omero.model.TagAnnotationI(), text.val if isinstance(text, RString) else "")


@dataclass(frozen=True, slots=True)
class SimilarTerms:
    """Words of the library that are similar to a term."""

    settings: SearchSettings
    term: str

    def run(self, library: SearchLibrary, earlier: Sequence[Hit]) -> Iterator[Hit]:
        """Yield a new, unsaved CommentAnnotation for each word, with the term as its namespace."""
        name = only_type(self.settings, "Searches by similar terms")
        for word in similar_words(library, name, self.term):
            comment = omero.model.CommentAnnotationI()
            comment.ns = rstring(self.term)
            yield _transient(comment, word)


@dataclass(frozen=True, slots=True)
class Combined:
    """Two searches combined: `how` is "or" for hits of either, "and" for those of both, "not" for the first's alone."""

    how: str
    first: SearchAction
    second: SearchAction

    def run(self, library: SearchLibrary, earlier: Sequence[Hit]) -> Iterator[Hit]:
        """Return the hits of the first search before those of the second."""
        before = list(self.first.run(library, earlier))
        after = list(self.second.run(library, before))
        if self.how == "or":
            return iter(before + after)
        keys = {hit.key for hit in after}
        return (hit for hit in before if (hit.key in keys) == (self.how == "and"))


def _transient(made: TextAnnotation, text: str) -> Hit:
    made.textValue = rstring(text)
    return Hit("", id(made), made)
