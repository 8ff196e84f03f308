"""The passwords of a library when its server starts, and what people and the program around it are told of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from omero_desk.server.database.store import Store
from omero_desk.server.folder.library import PASSWORD_FILE, FolderLibrary
from omero_desk.server.folder.person import Secret
from omero_desk.server.known_passwords import (
    DEMO_USER,
    KNOWN,
    ROOT,
    ensure_password,
    replace_known,
    users_with_known_password,
)


@dataclass(frozen=True)
class Welcome:
    """Lines for people, and what the program is told that started the server: the user and the password's file."""

    lines: Sequence[str] = ()
    told: Mapping[str, str] = field(default_factory=dict)


def welcome_to_folder(store: Store, library: FolderLibrary, is_private: bool) -> Welcome:
    """Leave no password that everybody knows in a folder's library."""
    replace_known(store, library.secret.read())
    return Welcome((library.greeting(is_private),), library.told)


def welcome_in_private(store: Store, is_demo: bool) -> Welcome:
    """Put a made-up password, kept in a file of the library, in place of those that everybody knows."""
    secret, user = Secret(store.folder / PASSWORD_FILE), DEMO_USER if is_demo else ROOT
    password = secret.choose(None)
    replace_known(store, password)
    ensure_password(store, user, password)
    return Welcome(told={"user": user, "password_file": str(secret.file)})


def welcome_to_all(store: Store, is_demo: bool, open_to: str | None) -> Welcome:
    """Keep the passwords, and name those that everybody knows.

    `open_to` is the address by which others than this computer may come. Raises ValueError where all the network were
    to sign in with a password that everybody knows.
    """
    names = users_with_known_password(store)
    if names and open_to is not None:
        raise ValueError(
            f"Not listening on {open_to}: everybody knows the password of {', '.join(names)}. "
            "Change it first, or start the server with --private."
        )
    return Welcome(tuple(_about(names, is_demo)))


def _about(names: Sequence[str], is_demo: bool) -> Iterator[str]:
    if is_demo and DEMO_USER in names:
        yield f"The demo library. Sign in as user: {DEMO_USER}, password: {KNOWN[DEMO_USER]}."
    if ROOT in names:
        yield f"Sign in as administrator: {ROOT}, password: {KNOWN[ROOT]}."
    if names:
        yield (
            f"Everybody knows the password of {', '.join(names)}, and whoever has an account on this computer may use "
            "it. Change it, or start the server with --private."
        )
