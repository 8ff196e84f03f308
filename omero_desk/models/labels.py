"""Labels and tooltips of objects, which show any name as it is and take no harm from it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Final

from omero_desk.entities.images import ImageInfo
from omero_desk.entities.objects import ORPHANED_IMAGES, Account, Entity, Kind
from omero_desk.entities.sentences import mark
from omero_desk.models.quantities import count as in_digits
from omero_desk.models.quantities import exact, number, when
from omero_desk.models.translation import plural, say, translate

_LONGEST: Final = 500
_HARMFUL: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control characters, line ends among them
    "\u2028\u2029\u202a-\u202e\u2066-\u2069"  # line ends and what turns the writing direction
    "\ud800-\udfff]"  # halves of surrogate pairs, which no text may hold
)
_LONGEST_TIP: Final = 4000
_MARKUP: Final = re.compile(r"<(?=\s*[\w!?/])|&(?=lt;)")
_KINDS: Final = {
    Kind.ORPHANED_IMAGES: mark("Tree", "Folder"),
    Kind.PROJECT: mark("Tree", "Project"),
    Kind.DATASET: mark("Tree", "Dataset"),
    Kind.IMAGE: mark("Tree", "Image"),
    Kind.SCREEN: mark("Tree", "Screen"),
    Kind.PLATE: mark("Tree", "Plate"),
    Kind.RUN: mark("Tree", "Run"),
    Kind.WELL: mark("Tree", "Well"),
    Kind.FIELD: mark("Tree", "Field"),
}
_NUMBERS: Final[dict[str, Callable[[int], str]]] = {
    Kind.ORPHANED_IMAGES: lambda n: plural("Annotations", "%n folders", "%n folder", n),
    Kind.PROJECT: lambda n: plural("Annotations", "%n projects", "%n project", n),
    Kind.DATASET: lambda n: plural("Annotations", "%n datasets", "%n dataset", n),
    Kind.IMAGE: lambda n: plural("Annotations", "%n images", "%n image", n),
    Kind.SCREEN: lambda n: plural("Annotations", "%n screens", "%n screen", n),
    Kind.PLATE: lambda n: plural("Annotations", "%n plates", "%n plate", n),
    Kind.RUN: lambda n: plural("Annotations", "%n runs", "%n run", n),
    Kind.WELL: lambda n: plural("Annotations", "%n wells", "%n well", n),
    Kind.FIELD: lambda n: plural("Annotations", "%n fields", "%n field", n),
}
"""Numbers of objects of a kind."""


def plain(text: str) -> str:
    """Return `text` on one line, each control character replaced by a visible one."""
    return _HARMFUL.sub("\N{REPLACEMENT CHARACTER}", text)


def unmarked(text: str) -> str:
    """Return a tooltip, of any number of lines, that Qt does not take for rich text whatever a server put into it.

    A word joiner, which cannot be seen, keeps a "<" from beginning a tag (see Qt.mightBeRichText).
    """
    return _MARKUP.sub("\\g<0>\N{WORD JOINER}", text[:_LONGEST_TIP])


def on_button(text: str) -> str:
    """Return a name as buttons, menus and tabs show it as it is: "&" would underline the next letter."""
    return plain(text[:_LONGEST]).replace("&", "&&")


def shortened(text: str) -> str:
    """Return the beginning of a name on one line, for places that do not cut what is too long for them."""
    return plain(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


def kind_name(kind: str) -> str:
    """Return the name of a kind for the user."""
    return say(_KINDS[kind]) if kind in _KINDS else kind


def name(entity: Entity) -> str:
    """Return the name to show; an object without one is called by its kind and ID."""
    if entity.ref.kind == Kind.ORPHANED_IMAGES:
        return say(ORPHANED_IMAGES)
    return plain(entity.name) if entity.name.strip() else f"{kind_name(entity.ref.kind)} {entity.ref.id}"


def channel(info: ImageInfo, number: int) -> str:
    """Return the name of a channel, or its number, from 1 on, where it has none; it may be of any length and script."""
    return info.channel_name(number) or translate("Viewer", "Channel {number}").format(number=number + 1)


def count(children: int | None) -> str:
    """Return the number of children as it stands behind a name; "" if there can be none or nobody counted."""
    return "" if children is None or children < 0 else f"({in_digits(children)})"


def tooltip(entity: Entity, account: Account | None) -> str:
    """Return the whole name, ID, owner, group and dates as rich text, in which no name is taken for markup."""
    title = html.escape(name(entity)[:_LONGEST])
    lines = [f"{term}: {html.escape(text)}" for term, text in facts(entity, account)]
    if full := exact(entity.child_count or 0):
        lines.append(translate("Tree", "Objects in it: {number}").format(number=full))
    return "<br>".join([f"<b>{title}</b>", *lines])


def status_tooltip(text: str, detail: str) -> str:
    """Return a sentence and the technical text behind it as rich text."""
    return f"<p>{html.escape(text)}</p><p>{html.escape(plain(detail[:_LONGEST]))}</p>"


def facts(entity: Entity, account: Account | None) -> Iterator[tuple[str, str]]:
    """Yield terms and plain texts about an object: ID, owner, group, dates, annotations, description."""
    if entity.ref.kind != Kind.ORPHANED_IMAGES:
        yield translate("Tree", "{kind} ID").format(kind=kind_name(entity.ref.kind)), str(entity.ref.id)
    if entity.owner_id is not None:
        yield translate("Tree", "Owner"), owner(entity.owner_id, account)
    if entity.group_id is not None:
        yield translate("Tree", "Group"), group(entity.group_id, account)
    if entity.acquired is not None:
        yield translate("Tree", "Acquired"), when(entity.acquired)
    if entity.created is not None:
        is_image = entity.ref.kind == Kind.IMAGE
        yield translate("Tree", "Imported") if is_image else translate("Tree", "Created"), when(entity.created)
    if entity.annotation_count is not None:
        yield translate("Tree", "Annotations"), number(entity.annotation_count)
    if entity.description:
        yield translate("Tree", "Description"), plain(entity.description[:_LONGEST])


def owner(identity: int, account: Account | None) -> str:
    """Return the name of a user, or the ID if the name is not known."""
    person = account and {account.user.id: account.user, **account.people}.get(identity)
    return plain(person.name or person.user) if person else str(identity)


def group(identity: int, account: Account | None) -> str:
    """Return the name of a group, or the ID if the name is not known."""
    groups = (account.group, *account.groups) if account else ()
    return next((plain(one.name) for one in groups if one.id == identity), str(identity))


def counted(kind: str, objects: int) -> str:
    """Return a number of objects of a kind in words."""
    if kind in _NUMBERS:
        return _NUMBERS[kind](objects)
    return plural("Annotations", "%n objects: {kind}", "%n object: {kind}", objects).format(kind=kind_name(kind))
