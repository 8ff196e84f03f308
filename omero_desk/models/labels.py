"""Rows in words: labels and tooltips that show any name as it is and take no harm from it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QDateTime

from omero_desk.gateway.entities import Account, Entity, Kind

_LONGEST: Final = 500
_HARMFUL: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # control characters, line ends among them
    "\u2028\u2029\u202a-\u202e\u2066-\u2069"  # line ends and what turns the writing direction
    "\ud800-\udfff]"  # halves of surrogate pairs, which no text may hold
)
_WORDS: Final = {
    Kind.ORPHANED_IMAGES: "Folder",
    Kind.RUN: "Run",
    Kind.FIELD: "Field",
}


def plain(text: str) -> str:
    """`text` on one line, with a visible sign for each character that would do something instead of showing."""
    return _HARMFUL.sub("\N{REPLACEMENT CHARACTER}", text)


def kind_name(kind: str) -> str:
    """What a user calls the class: its own name but for a few."""
    return _WORDS.get(kind, kind)


def name(entity: Entity) -> str:
    """The name to show; what has none is called by its class and id."""
    return plain(entity.name) if entity.name.strip() else f"{kind_name(entity.ref.kind)} {entity.ref.id}"


def count(children: int | None) -> str:
    """The number of children, as it stands behind a name: nothing where there can be none or nobody counted."""
    return "" if children is None or children < 0 else f"({children:,})"


def tooltip(entity: Entity, account: Account | None) -> str:
    """The whole name, and id, owner, group and dates: rich text, in which a name is never taken for markup."""
    title = html.escape(name(entity)[:_LONGEST])
    lines = [f"{term}: {html.escape(text)}" for term, text in facts(entity, account)]
    return "<br>".join([f"<b>{title}</b>", *lines])


def status_tooltip(text: str, detail: str) -> str:
    """What happened and the technical text behind it, as rich text."""
    return f"<p>{html.escape(text)}</p><p>{html.escape(plain(detail[:_LONGEST]))}</p>"


def facts(entity: Entity, account: Account | None) -> Iterator[tuple[str, str]]:
    """What is known of an object, as terms and plain texts: ID, owner, group, dates, annotations."""
    if entity.ref.kind != Kind.ORPHANED_IMAGES:
        yield f"{kind_name(entity.ref.kind)} ID", str(entity.ref.id)
    if entity.owner_id is not None:
        yield "Owner", owner(entity.owner_id, account)
    if entity.group_id is not None:
        yield "Group", _group(entity.group_id, account)
    if entity.acquired is not None:
        yield "Acquired", date(entity.acquired)
    if entity.created is not None:
        yield "Imported" if entity.ref.kind == Kind.IMAGE else "Created", date(entity.created)
    if entity.annotation_count is not None:
        yield "Annotations", f"{entity.annotation_count:,}"


def owner(identity: int, account: Account | None) -> str:
    """Whose an object is, by name if that is known."""
    person = account and {account.user.id: account.user, **account.people}.get(identity)
    return plain(person.name or person.user) if person else str(identity)


def _group(identity: int, account: Account | None) -> str:
    groups = (account.group, *account.groups) if account else ()
    return next((plain(group.name) for group in groups if group.id == identity), str(identity))


def date(milliseconds: int) -> str:
    """A time, by the clock of this computer."""
    return QDateTime.fromMSecsSinceEpoch(milliseconds).toString("yyyy-MM-dd HH:mm:ss")
