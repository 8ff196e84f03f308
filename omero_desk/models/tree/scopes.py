"""The groups and owners whose data the user can choose to see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from omero_desk.entities.objects import ALL_MEMBERS, Account, Group, Scope
from omero_desk.entities.sentences import mark
from omero_desk.entities.words import folded
from omero_desk.models.labels import plain
from omero_desk.models.translation import say, translate

_READABLE_BY_GROUP: Final = "r"


@dataclass(frozen=True, slots=True)
class ScopeChoice:
    """An entry of a chooser: its label, and the id of the group or the user."""

    label: str
    id: int | None


def default_scope(account: Account) -> Scope:
    """Return the scope of the user's own data in the group of the session."""
    return Scope(account.group.id, account.user.id)


def group_choices(account: Account) -> list[tuple[ScopeChoice, Group]]:
    """Return the groups by name, the session's own among them."""
    groups = {group.id: group for group in (account.group, *account.groups)}
    ordered = sorted(groups.values(), key=lambda group: folded(group.name))
    return [(ScopeChoice(plain(group.name), group.id), group) for group in ordered]


def owner_choices(account: Account, group: Group) -> list[ScopeChoice]:
    """Return the user, everybody, then each other member by name."""
    me = translate("Tree", "{name} (me)")
    return [
        ScopeChoice(me.format(name=plain(account.user.name) or account.user.user), account.user.id),
        ScopeChoice(translate("Tree", "All members"), ALL_MEMBERS),
        *sorted(_others(account, group), key=lambda choice: folded(choice.label)),
    ]


def permission_words(group: Group) -> str:
    """Return a sentence on what the members of a group may do with each other's data."""
    return say(_WORDS[permission_level(group)])


def permission_level(group: Group) -> str:
    """Return 'private', 'read-only', 'read-annotate' or 'read-write' for OMERO's string such as 'rwra--'."""
    if len(group.permissions) < 4 or group.permissions[2] != _READABLE_BY_GROUP:
        return "private"
    return {"a": "read-annotate", "w": "read-write"}.get(group.permissions[3], "read-only")


_WORDS: Final = {
    "private": mark("Tree", "Private: members see only their own data"),
    "read-only": mark("Tree", "Read-only: members see each other's data"),
    "read-annotate": mark("Tree", "Read-annotate: members see and annotate each other's data"),
    "read-write": mark("Tree", "Read-write: members may change each other's data"),
}


def _others(account: Account, group: Group) -> Iterator[ScopeChoice]:
    for identity in group.member_ids - {account.user.id}:
        person = account.people.get(identity)
        if person is not None:
            yield ScopeChoice(plain(person.name) or person.user, identity)
