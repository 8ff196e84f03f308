"""IMetadata: annotations of objects, and annotations by kind. Tags and acquisition data are in modules beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import omero.model
from omero.model import Annotation, IObject
from omero.rtypes import rlist, rlong, rstring, unwrap

from omero_desk.server.call import Call
from omero_desk.server.errors import api_usage
from omero_desk.server.servants.annotations.acquisition import AcquisitionService
from omero_desk.server.servants.annotations.tags import TagService, owner_scope
from omero_desk.server.servants.base import Value, parameters, where

_ANNOTATION: Final = "left outer join fetch a.details.creationEvent left outer join fetch a.details.owner "
_FILE: Final = "left outer join fetch a.file f left outer join fetch f.hasher "
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
        options: omero.sys.Parameters,
    ) -> dict[int, list[IObject]]:
        """Return the annotations of objects by the objects' ids; only of these kinds and annotators if any are named.

        An object that the caller may not see is missing; so is, where annotators are named, one without theirs.
        """
        if not ids:
            return {}
        kind, link = self._annotated(class_name)
        found: dict[int, list[IObject]] = {} if annotators else self._empty_lists(call, kind, ids)
        wanted = {self.model_class(name).name for name in kinds}
        for one in self._links(call, link, ids, annotators):
            annotations = found.setdefault(one.parent.id.val, [])
            if (not wanted or _kind_of(one.child) in wanted) and one.child not in annotations:
                annotations.append(one.child)
        return found

    def loadSpecifiedAnnotations(
        self, call: Call, class_name: str, include: Sequence[str], exclude: Sequence[str], options: omero.sys.Parameters
    ) -> list[Annotation]:
        """Return the annotations of a kind, by name space; file annotations only with a file."""
        kind = self._annotation(class_name)
        conditions, values = _name_spaces(include, exclude, options)
        hql = f"select a from {kind} a {self._fetched(kind)}{where(conditions)} order by a.id"
        found = self.query(call, hql, parameters(**values))
        return [one for one in found if kind != "FileAnnotation" or one.file is not None]

    def countSpecifiedAnnotations(
        self, call: Call, class_name: str, include: Sequence[str], exclude: Sequence[str], options: omero.sys.Parameters
    ) -> omero.RLong:
        """Return the number of annotations of a kind, by name space."""
        kind = self._annotation(class_name)
        conditions, values = _name_spaces(include, exclude, options)
        rows = self.rows(call, f"select count(a.id) from {kind} a {where(conditions)}", parameters(**values))
        count: omero.RLong = rows[0][0]
        return count

    def loadSpecifiedAnnotationsLinkedTo(
        self,
        call: Call,
        class_name: str,
        include: Sequence[str],
        exclude: Sequence[str],
        root_name: str,
        ids: Sequence[int],
        options: omero.sys.Parameters,
    ) -> dict[int, list[Annotation]]:
        """Return the annotations of a kind and name space by the ids of the objects that have any."""
        kind = self._annotation(class_name)
        root = self.model_class(root_name).name
        if root not in _ROOTS:
            raise api_usage(f"Annotations linked to {root} cannot be loaded.")
        if not ids:
            return {}
        conditions, values = _name_spaces(include, exclude, options)
        condition = where(["l.parent.id in (:ids)", *conditions])
        link = f"{root}AnnotationLink"
        hql = f"select l from {link} l join fetch l.child as a {_ANNOTATION}{_FILE}{condition} order by l.id"
        wanted = set(self._subclasses(kind))
        found: dict[int, list[Annotation]] = {}
        for one in self.query(call, hql, parameters(ids=list(ids), **values)):
            if _kind_of(one.child) in wanted:
                annotations = found.setdefault(one.parent.id.val, [])
                if one.child not in annotations:
                    annotations.append(one.child)
        return found

    def loadAnnotation(self, call: Call, ids: Sequence[int]) -> list[Annotation]:
        """Return annotations by id."""
        if not ids:
            return []
        hql = f"select a from Annotation a {_ANNOTATION}{_FILE}where a.id in (:ids) order by a.id"
        return self.query(call, hql, parameters(ids=list(ids)))

    def loadAnnotationsUsedNotOwned(self, call: Call, class_name: str, user_id: int) -> list[IObject]:
        """Return the annotations of a kind that a user linked and that are somebody else's."""
        wanted = set(self._subclasses(self._annotation(class_name)))
        found: dict[int, IObject] = {}
        for kind in _USED_ON:
            hql = (
                f"select l from {kind}AnnotationLink l join fetch l.child as a join fetch a.details.owner co "
                "where co.id != :user and l.details.owner.id = :user order by l.id"
            )
            for link in self.query(call, hql, parameters(user=user_id)):
                if _kind_of(link.child) in wanted:
                    found.setdefault(link.child.id.val, link.child)
        return list(found.values())

    def countAnnotationsUsedNotOwned(self, call: Call, class_name: str, user_id: int) -> omero.RLong:
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

    def _empty_lists(self, call: Call, kind: str, ids: Sequence[int]) -> dict[int, list[IObject]]:
        hql = f"select o.id from {kind} o where o.id in (:ids)"
        return {row[0]: [] for row in unwrap(self.rows(call, hql, parameters(ids=list(ids))))}

    def _links(self, call: Call, link: str, ids: Sequence[int], annotators: Sequence[int]) -> list[Any]:
        conditions = ["l.parent.id in (:ids)"]
        values: dict[str, Value] = {"ids": list(ids)}
        if annotators:
            conditions.append("a.details.owner.id in (:annotators)")
            values["annotators"] = list(annotators)
        hql = f"select l from {link} l join fetch l.child as a {_ANNOTATION}{_FILE}{where(conditions)} order by l.id"
        return self.query(call, hql, parameters(**values))

    def _annotation(self, class_name: str) -> str:
        name = self.model_class(class_name).name
        if name not in self._subclasses("Annotation"):
            raise api_usage(f"{name} is no annotation.")
        return name

    def _fetched(self, kind: str) -> str:
        """Return the joins that load an annotation of a kind whole, with its file if it may have one."""
        model = self.backend.store.schema.model
        return _ANNOTATION + _FILE * any("file" in model[name].properties for name in self._subclasses(kind))

    def _subclasses(self, class_name: str) -> Sequence[str]:
        return self.backend.store.schema.model.subclasses_of(self.model_class(class_name).name)


def _kind_of(thing: IObject) -> str:
    return type(thing).__name__.removesuffix("I")


def _name_spaces(
    include: Sequence[str], exclude: Sequence[str], options: omero.sys.Parameters | None
) -> tuple[list[str], dict[str, Value]]:
    conditions, values = owner_scope("a", options)
    if include:
        conditions.append("a.ns in (:include)")
        values["include"] = rlist([rstring(one) for one in include])
    if exclude:
        conditions.append("(a.ns is null or a.ns not in (:exclude))")
        values["exclude"] = rlist([rstring(one) for one in exclude])
    return conditions, values
