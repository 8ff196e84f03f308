"""A search's settings as conditions of HQL on an object called `this`, by OMERO's SearchAction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from omero.rtypes import rlist, rlong, rtime

from omero_desk.server.database.model import ModelClass
from omero_desk.server.database.schema import Schema
from omero_desk.server.search.settings import Owner, Settings
from omero_desk.server.wire.exceptions import api_usage

_PATH: Final = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


@dataclass
class Conditions:
    """Conditions, with the values of their parameters."""

    texts: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def add(self, text: str, value: Any) -> None:
        """Add a condition with one `{}` for its value."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        self.texts.append(text.format(f":{name}"))

    def add_owner(self, path: str, owner: Owner, operator: str = "=") -> None:
        """Ask for an owner, or for any other."""
        for name, wanted in (("owner", owner.user), ("group", owner.group)):
            if wanted is not None:
                self.add(f"{path}.details.{name}.id {operator} {{}}", rlong(wanted))

    def add_span(self, path: str, span: tuple[int | None, int | None]) -> None:
        """Ask for a moment between two others, which do not belong to it."""
        for operator, moment in zip("><", span, strict=True):
            if moment is not None:
                self.add(f"{path} {operator} {{}}", rtime(moment))


def of_objects(kind: ModelClass, settings: Settings) -> Conditions:
    """Return what an object itself must fulfil."""
    found = Conditions()
    if settings.ids is not None:
        found.add("this.id in ({})", rlist([rlong(one) for one in settings.ids or (-1,)]))
    if kind.has_details:
        found.add_owner("this", settings.owned_by)
        found.add_owner("this", settings.not_owned_by, "!=")
        found.add_span("this.details.creationEvent.time", settings.created)
    if kind.has_update_event:
        found.add_span("this.details.updateEvent.time", settings.modified)
    return found


def add_annotations(schema: Schema, kind: ModelClass, settings: Settings, found: Conditions) -> bool:
    """Add what one of an object's annotations must fulfil; False if no object of the class can have any."""
    inner = Conditions(values=found.values)
    add_annotated(settings, inner)
    source = "Annotation"
    if settings.annotated_with is not None:
        if len(settings.annotated_with) > 1:
            raise api_usage(
                "HHH-879: At the moment Hibernate cannot fulfill this request.\nPlease use only a single "
                "onlyAnnotatedWith parameter when performing full text searches."
            )
        source = next(iter(settings.annotated_with), "")
    elif not inner.texts:
        return True
    link = f"{kind.root}AnnotationLink"
    if link not in schema.model:
        return False
    found.texts.append(having(link, source, inner.texts) if source else f"not {having(link, 'Annotation', [])}")
    return True


def add_annotated(settings: Settings, found: Conditions) -> None:
    """Add who made an annotation `a`, and when."""
    found.add_owner("a", settings.annotated_by)
    found.add_owner("a", settings.not_annotated_by, "!=")
    found.add_span("a.details.creationEvent.time", settings.annotated)


def having(link: str, annotation_class: str, conditions: list[str]) -> str:
    """Return the condition that an annotation `a` of a class hangs on the object."""
    where = " and ".join(["l.parent.id = this.id", "l.child.id = a.id", *conditions])
    return f"exists (select l.id from {link} l, {annotation_class} a where {where})"


def order_of(settings: Settings) -> str:
    """Return the order clause, "" for none; raises omero.ApiUsageException for what is no path."""
    return " order by " + ", ".join(_orders(settings)) if settings.order_by else ""


def _orders(settings: Settings) -> Iterator[str]:
    for path, is_ascending in settings.order_by:
        if _PATH.fullmatch(path) is None:
            raise api_usage(f"{path} is no path to order by.")
        yield f"this.{path} {'asc' if is_ascending else 'desc'}"
