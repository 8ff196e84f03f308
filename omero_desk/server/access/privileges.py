"""The privileges of administrators; OMERO's light administrators lack some (`LightAdminPrivileges`).

A user's configuration has an entry "AdminPrivilege:<name>" with "false" for each privilege that is taken away.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from omero_desk.server.database.enumerations import ENUMERATIONS

ALL_PRIVILEGES: Final = frozenset(ENUMERATIONS["AdminPrivilege"])
_PREFIX: Final = "AdminPrivilege:"

CHGRP: Final = "Chgrp"
CHOWN: Final = "Chown"
DELETE_FILE: Final = "DeleteFile"
DELETE_MANAGED_REPO: Final = "DeleteManagedRepo"
DELETE_OWNED: Final = "DeleteOwned"
MODIFY_GROUP: Final = "ModifyGroup"
MODIFY_MEMBERSHIP: Final = "ModifyGroupMembership"
MODIFY_USER: Final = "ModifyUser"
READ_SESSION: Final = "ReadSession"
SUDO: Final = "Sudo"
WRITE_FILE: Final = "WriteFile"
WRITE_MANAGED_REPO: Final = "WriteManagedRepo"
WRITE_OWNED: Final = "WriteOwned"

_TO_ADMINISTRATE: Final = {
    "Experimenter": MODIFY_USER,
    "ExperimenterGroup": MODIFY_GROUP,
    "GroupExperimenterMap": MODIFY_MEMBERSHIP,
}


def granted(configuration: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return the privileges that an administrator's configuration, of names and values, leaves."""
    taken = {name.removeprefix(_PREFIX) for name, value in configuration if _takes_away(name, value)}
    return ALL_PRIVILEGES - taken


def configured(configuration: Iterable[tuple[str, str]], privileges: frozenset[str]) -> list[tuple[str, str]]:
    """Return a configuration with these privileges and no others."""
    kept = [(name, value) for name, value in configuration if name.removeprefix(_PREFIX) not in ALL_PRIVILEGES]
    return kept + [(_PREFIX + name, "false") for name in ENUMERATIONS["AdminPrivilege"] if name not in privileges]


def to_administrate(class_name: str) -> str | None:
    """Return the privilege that changing users, groups or memberships takes, None for any administrator's."""
    return _TO_ADMINISTRATE.get(class_name)


def to_write(class_name: str) -> frozenset[str]:
    """Return the privileges that changing or linking what belongs to others takes."""
    return frozenset({WRITE_FILE, WRITE_MANAGED_REPO} if class_name == "OriginalFile" else {WRITE_OWNED})


def to_delete(class_name: str) -> frozenset[str]:
    """Return the privileges that deleting what belongs to others takes."""
    return frozenset({DELETE_FILE, DELETE_MANAGED_REPO} if class_name == "OriginalFile" else {DELETE_OWNED})


def _takes_away(name: str, value: str) -> bool:
    return name.startswith(_PREFIX) and value.lower() != "true"
