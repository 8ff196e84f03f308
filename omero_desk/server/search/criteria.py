"""A search's settings as HQL conditions on an object with the alias `this`, as in OMERO's SearchAction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from omero import RType
from omero.rtypes import rlist, rlong, rtime

from omero_desk.server.database.model import ModelClass
from omero_desk.server.database.schema import Schema
from omero_desk.server.errors import api_usage
from omero_desk.server.search.settings import OwnerFilter, SearchSettings, Span

_PATH: Final = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


@dataclass
class Conditions:
    """Conditions to be joined by `and`, with the values of their parameters by name."""

    texts: list[str] = field(default_factory=list)
    values: dict[str, RType] = field(default_factory=dict)

    def add(self, text: str, value: RType) -> None:
        """Add a condition, in which `{}` stands for the value."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        self.texts.append(text.format(f":{name}"))

    def add_owner(self, path: str, owner: OwnerFilter, operator: str = "=") -> None:
        """Add the condition that the object at `path` has an owner, or by "!=" another one."""
        for name, wanted in (("owner", owner.user), ("group", owner.group)):
            if wanted is not None:
                self.add(f"{path}.details.{name}.id {operator} {{}}", rlong(wanted))

    def add_span(self, path: str, span: Span) -> None:
        """Add the condition that the time at `path` is in a span of milliseconds since 1970, without its ends."""
        for operator, moment in zip("><", span, strict=True):
            if moment is not None:
                self.add(f"{path} {operator} {{}}", rtime(moment))


def of_objects(kind: ModelClass, settings: SearchSettings) -> Conditions:
    """Return the conditions on the object itself: its ids, owner and times."""
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


def add_annotations(schema: Schema, kind: ModelClass, settings: SearchSettings, found: Conditions) -> bool:
    """Add the conditions on an object's annotations; return False if objects of the class can have none.

    Raises omero.ApiUsageException for more than one class of annotation.
    """
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


def add_annotated(settings: SearchSettings, found: Conditions) -> None:
    """Add the conditions on who made an annotation `a`, and when."""
    found.add_owner("a", settings.annotated_by)
    found.add_owner("a", settings.not_annotated_by, "!=")
    found.add_span("a.details.creationEvent.time", settings.annotated)


def having(link: str, annotation_class: str, conditions: list[str]) -> str:
    """Return the condition that an annotation `a` of a class, which fulfils `conditions`, is linked to the object."""
    where = " and ".join(["l.parent.id = this.id", "l.child.id = a.id", *conditions])
    return f"exists (select l.id from {link} l, {annotation_class} a where {where})"


def order_of(settings: SearchSettings) -> str:
    """Return the order clause; "" for none. Raises omero.ApiUsageException for a term that is no path."""
    return " order by " + ", ".join(_orders(settings)) if settings.order_by else ""


def _orders(settings: SearchSettings) -> Iterator[str]:
    for path, is_ascending in settings.order_by:
        if _PATH.fullmatch(path) is None:
            raise api_usage(f"{path} is no path to order by.")
        yield f"this.{path} {'asc' if is_ascending else 'desc'}"
