"""IMetadata: annotations of objects, and annotations by kind. Tags and acquisition data are in modules beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import omero.model
from omero.rtypes import rlist, rlong, rstring, unwrap

from omero_desk.server.servants.acquisition import AcquisitionService
from omero_desk.server.servants.base import parameters, where
from omero_desk.server.servants.tags import TagService, owner_scope
from omero_desk.server.wire.calls import Call
from omero_desk.server.wire.exceptions import api_usage

_ANNOTATION: Final = (
    "left outer join fetch a.details.creationEvent left outer join fetch a.details.owner "
    "left outer join fetch a.file f left outer join fetch f.hasher "
)
_ROOTS: Final = frozenset({"Image", "Dataset", "Project", "Screen", "Plate", "PlateAcquisition", "Well", "Fileset"})
_USED_ON: Final = ("Image", "Dataset", "Project", "Screen", "Plate")


class MetadataService(TagService, AcquisitionService):
    """Reads only. Follows OMERO's MetadataImpl."""

    def loadAnnotations(
        self,
        call: Call,
        class_name: str,
        ids: Sequence[int],
        kinds: Sequence[str],
        annotators: Sequence[int],
        options: Any,
    ) -> dict[int, list[Any]]:
        """Return the annotations of objects by the objects' ids; only of these kinds and annotators if any are named.

        An object that the caller may not see is missing; so is, where annotators are named, one without theirs.
        """
        if not ids:
            return {}
        kind, link = self._annotated(class_name)
        found: dict[int, list[Any]] = {} if annotators else self._empty_lists(call, kind, ids)
        wanted = {self.model_class(name).name for name in kinds}
        for one in self._links(call, link, ids, annotators):
            annotations = found.setdefault(one.parent.id.val, [])
            if (not wanted or _kind_of(one.child) in wanted) and one.child not in annotations:
                annotations.append(one.child)
        return found

    def loadSpecifiedAnnotations(
        self, call: Call, class_name: str, include: Sequence[str], exclude: Sequence[str], options: Any
    ) -> list[Any]:
        """Return the annotations of a kind, by name space; file annotations only with a file."""
        kind = self._annotation(class_name)
        conditions, values = _name_spaces(include, exclude, options)
        hql = f"select a from {kind} a {_ANNOTATION}{where(conditions)} order by a.id"
        found = self.query(call, hql, parameters(**values))
        return [one for one in found if kind != "FileAnnotation" or one.file is not None]

    def countSpecifiedAnnotations(
        self, call: Call, class_name: str, include: Sequence[str], exclude: Sequence[str], options: Any
    ) -> Any:
        """Return the number of annotations of a kind, by name space."""
        kind = self._annotation(class_name)
        conditions, values = _name_spaces(include, exclude, options)
        rows = self.rows(call, f"select count(a.id) from {kind} a {where(conditions)}", parameters(**values))
        return rlong(unwrap(rows)[0][0])

    def loadSpecifiedAnnotationsLinkedTo(
        self,
        call: Call,
        class_name: str,
        include: Sequence[str],
        exclude: Sequence[str],
        root_name: str,
        ids: Sequence[int],
        options: Any,
    ) -> dict[int, list[Any]]:
        """Return the annotations of a kind and name space by the ids of the objects that have any."""
        kind = self._annotation(class_name)
        root = self.model_class(root_name).name
        if root not in _ROOTS:
            raise api_usage(f"Annotations linked to {root} cannot be loaded.")
        if not ids:
            return {}
        conditions, values = _name_spaces(include, exclude, options)
        condition = where(["l.parent.id in (:ids)", *conditions])
        hql = f"select l from {root}AnnotationLink l join fetch l.child as a {_ANNOTATION}{condition} order by l.id"
        wanted = set(self._subclasses(kind))
        found: dict[int, list[Any]] = {}
        for link in self.query(call, hql, parameters(ids=list(ids), **values)):
            if _kind_of(link.child) in wanted:
                annotations = found.setdefault(link.parent.id.val, [])
                if link.child not in annotations:
                    annotations.append(link.child)
        return found

    def loadAnnotation(self, call: Call, ids: Sequence[int]) -> list[Any]:
        """Return annotations by id."""
        if not ids:
            return []
        hql = f"select a from Annotation a {_ANNOTATION}where a.id in (:ids) order by a.id"
        return self.query(call, hql, parameters(ids=list(ids)))

    def loadAnnotationsUsedNotOwned(self, call: Call, class_name: str, user_id: int) -> list[Any]:
        """Return the annotations of a kind that a user linked and that are somebody else's."""
        wanted = set(self._subclasses(self._annotation(class_name)))
        found: dict[int, Any] = {}
        for kind in _USED_ON:
            hql = (
                f"select l from {kind}AnnotationLink l join fetch l.child as a join fetch a.details.owner co "
                "where co.id != :user and l.details.owner.id = :user order by l.id"
            )
            for link in self.query(call, hql, parameters(user=user_id)):
                if _kind_of(link.child) in wanted:
                    found.setdefault(link.child.id.val, link.child)
        return list(found.values())

    def countAnnotationsUsedNotOwned(self, call: Call, class_name: str, user_id: int) -> Any:
        """Return the number of annotations of a kind that a user linked and that are somebody else's."""
        return rlong(len(self.loadAnnotationsUsedNotOwned(call, class_name, user_id)))

    def _annotated(self, class_name: str) -> tuple[str, str]:
        kind = self.model_class(class_name).name
        link = f"{kind}AnnotationLink"
        if link not in self.backend.store.schema.model:
            raise api_usage(
                "Class parameter for loadAnnotation() must be a subclass of ome.model.IAnnotated, not " + kind
            )
        return kind, link

    def _empty_lists(self, call: Call, kind: str, ids: Sequence[int]) -> dict[int, list[Any]]:
        hql = f"select o.id from {kind} o where o.id in (:ids)"
        return {row[0]: [] for row in unwrap(self.rows(call, hql, parameters(ids=list(ids))))}

    def _links(self, call: Call, link: str, ids: Sequence[int], annotators: Sequence[int]) -> list[Any]:
        conditions, values = ["l.parent.id in (:ids)"], {"ids": list(ids)}
        if annotators:
            conditions.append("a.details.owner.id in (:annotators)")
            values["annotators"] = list(annotators)
        hql = f"select l from {link} l join fetch l.child as a {_ANNOTATION}{where(conditions)} order by l.id"
        return self.query(call, hql, parameters(**values))

    def _annotation(self, class_name: str) -> str:
        name = self.model_class(class_name).name
        if name not in self._subclasses("Annotation"):
            raise api_usage(f"{name} is no annotation.")
        return name

    def _subclasses(self, class_name: str) -> Sequence[str]:
        return self.backend.store.schema.model.subclasses_of(self.model_class(class_name).name)


def _kind_of(thing: omero.model.IObject) -> str:
    return type(thing).__name__.removesuffix("I")


def _name_spaces(include: Sequence[str], exclude: Sequence[str], options: Any) -> tuple[list[str], dict[str, Any]]:
    conditions, values = owner_scope("a", options)
    if include:
        conditions.append("a.ns in (:include)")
        values["include"] = rlist([rstring(one) for one in include])
    if exclude:
        conditions.append("(a.ns is null or a.ns not in (:exclude))")
        values["exclude"] = rlist([rstring(one) for one in exclude])
    return conditions, values
