"""Which groups and owners the user can choose to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from omero_desk.gateway.entities import ALL_MEMBERS, Account, Group, Scope
from omero_desk.models.labels import plain

_READABLE_BY_GROUP: Final = "r"


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a chooser: what it is called, and the id behind it."""

    label: str
    id: int | None


def default_scope(account: Account) -> Scope:
    """The user's own data in the group of the session."""
    return Scope(account.group.id, account.user.id)


def group_choices(account: Account) -> list[tuple[Choice, Group]]:
    """The groups by name, the session's own among them."""
    groups = {group.id: group for group in (account.group, *account.groups)}
    ordered = sorted(groups.values(), key=lambda group: group.name.casefold())
    return [(Choice(plain(group.name), group.id), group) for group in ordered]


def owner_choices(account: Account, group: Group) -> list[Choice]:
    """The user, everybody, then each other member by name."""
    return [
        Choice(f"{plain(account.user.name) or account.user.user} (me)", account.user.id),
        Choice("All members", ALL_MEMBERS),
        *sorted(_others(account, group), key=lambda choice: choice.label.casefold()),
    ]


def permission_words(group: Group) -> str:
    """What the members of a group may do with each other's data."""
    return _WORDS[permission_level(group)]


def permission_level(group: Group) -> str:
    """'private', 'read-only', 'read-annotate' or 'read-write', from OMERO's string such as 'rwra--'."""
    if len(group.permissions) < 4 or group.permissions[2] != _READABLE_BY_GROUP:
        return "private"
    return {"a": "read-annotate", "w": "read-write"}.get(group.permissions[3], "read-only")


_WORDS: Final = {
    "private": "Private: members see only their own data",
    "read-only": "Read-only: members see each other's data",
    "read-annotate": "Read-annotate: members see and annotate each other's data",
    "read-write": "Read-write: members may change each other's data",
}


def _others(account: Account, group: Group) -> Iterator[Choice]:
    for identity in group.member_ids - {account.user.id}:
        person = account.people.get(identity)
        if person is not None:
            yield Choice(plain(person.name) or person.user, identity)
