"""Who made an annotation, who put it where and when, in words."""

from __future__ import annotations

from typing import Final

from omero_desk.entities.annotations import Annotation
from omero_desk.entities.objects import Account
from omero_desk.models import labels
from omero_desk.models.quantities import in_full
from omero_desk.models.translation import translate

_MOST: Final = 3
_LONGEST: Final = 500


def tip_of(annotation: Annotation, account: Account | None) -> str:
    """Return what is known of an annotation beside its value, a line each: plain text."""
    lines = [translate("Annotations", "ID {id}").format(id=annotation.id)]
    if annotation.description:
        lines.append(labels.shortened(annotation.description[:_LONGEST]))
    if annotation.namespace:
        words = translate("Annotations", "Namespace: {namespace}")
        lines.append(words.format(namespace=labels.shortened(annotation.namespace)))
    if annotation.owner_id is not None:
        words = translate("Annotations", "Made by {name}")
        lines.append(words.format(name=labels.owner(annotation.owner_id, account)))
    if annotation.created is not None:
        lines.append(in_full(annotation.created))
    for link in annotation.links[:_MOST]:
        if link.owner_id is not None and link.linked is not None:
            words = translate("Annotations", "Added by {name}, {when}")
            lines.append(words.format(name=labels.owner(link.owner_id, account), when=in_full(link.linked)))
    return "\n".join(lines)


def byline(annotation: Annotation, account: Account | None) -> str:
    """Return whose an annotation is, and "Me" for one's own."""
    if annotation.owner_id is None:
        return ""
    if account is not None and annotation.owner_id == account.user.id:
        return translate("Annotations", "Me")
    return labels.owner(annotation.owner_id, account)
