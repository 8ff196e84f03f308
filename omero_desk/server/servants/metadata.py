"""IMetadata: annotations of objects, and annotations by kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from omero.rtypes import rlist, rlong, rstring, unwrap

from omero_desk.server.servants.base import Service, parameters, scope, where
from omero_desk.server.wire.calls import Call
from omero_desk.server.wire.exceptions import api_usage

_ANNOTATION: Final = (
    "left outer join fetch a.details.creationEvent left outer join fetch a.details.owner left outer join fetch a.file "
)


class MetadataService(Service):
    """Reads only."""

    def loadAnnotations(
        self,
        call: Call,
        class_name: str,
        ids: Sequence[int],
        kinds: Sequence[str],
        annotators: Sequence[int],
        options: Any,
    ) -> dict[int, list[Any]]:
        """Return the annotations of objects by the objects' ids; only of these kinds and linkers if any are named."""
        link = f"{self.model_class(class_name).name}AnnotationLink"
        self.model_class(link)
        found: dict[int, list[Any]] = {object_id: [] for object_id in ids}
        if not ids:
            return found
        wanted = {name for kind in kinds for name in self._subclasses(kind)}
        hql = f"select l from {link} l join fetch l.child as a {_ANNOTATION}where l.parent.id in (:ids) order by l.id"
        for one in self.query(call, hql, parameters(ids=list(ids))):
            if wanted and type(one.child).__name__.removesuffix("I") not in wanted:
                continue
            if not annotators or one.details.owner.id.val in annotators:
                found[one.parent.id.val].append(one.child)
        return found

    def loadSpecifiedAnnotations(
        self, call: Call, class_name: str, include: Sequence[str], exclude: Sequence[str], options: Any
    ) -> list[Any]:
        """Return the annotations of a kind, by name space."""
        kind, condition, values = self._specified(class_name, include, exclude, options)
        return self.query(call, f"select a from {kind} a {_ANNOTATION}{condition} order by a.id", parameters(**values))

    def countSpecifiedAnnotations(
        self, call: Call, class_name: str, include: Sequence[str], exclude: Sequence[str], options: Any
    ) -> Any:
        """Return the number of annotations of a kind, by name space."""
        kind, condition, values = self._specified(class_name, include, exclude, options)
        rows = self.rows(call, f"select count(a.id) from {kind} a {condition}", parameters(**values))
        return rlong(unwrap(rows)[0][0])

    def loadAnnotation(self, call: Call, ids: Sequence[int]) -> list[Any]:
        """Return annotations by id."""
        if not ids:
            return []
        hql = f"select a from Annotation a {_ANNOTATION}where a.id in (:ids) order by a.id"
        return self.query(call, hql, parameters(ids=list(ids)))

    def _specified(
        self, class_name: str, include: Sequence[str], exclude: Sequence[str], options: Any
    ) -> tuple[str, str, dict[str, Any]]:
        kind = self._annotation(class_name)
        conditions, values = scope("a", options)
        if include:
            conditions.append("a.ns in (:include)")
            values["include"] = rlist([rstring(one) for one in include])
        if exclude:
            conditions.append("(a.ns is null or a.ns not in (:exclude))")
            values["exclude"] = rlist([rstring(one) for one in exclude])
        return kind, where(conditions), values

    def _annotation(self, class_name: str) -> str:
        name = self.model_class(class_name).name
        if name not in self._subclasses("Annotation"):
            raise api_usage(f"{name} is no annotation.")
        return name

    def _subclasses(self, class_name: str) -> Sequence[str]:
        return self.backend.store.schema.model.subclasses_of(self.model_class(class_name).name)
