"""Passwords: kept as salted scrypt hashes, compared in constant time, never logged."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from sqlalchemy import Connection, column, select, table
from sqlalchemy.dialects.sqlite import insert

_SCHEME: Final = "scrypt"
_COST: Final = 2**14
_BLOCK: Final = 8

# A hash takes 16 MiB, which the C library keeps for the thread that asked: all that sign in at once share two threads.
_HASHERS: Final = ThreadPoolExecutor(2, "password")
_NOBODY: Final = f"{_SCHEME}$" + base64.b64encode(bytes(16)).decode() + "$" + base64.b64encode(bytes(64)).decode()


_TABLE: Final = table("password", column("experimenter_id"), column("hash"))


def hash_password(password: str) -> str:
    """Return "scrypt$salt$key" for a password; the salt is new each time."""
    salt = os.urandom(16)
    return "$".join((_SCHEME, base64.b64encode(salt).decode(), base64.b64encode(_key(password, salt)).decode()))


def matches(hashed: str, password: str) -> bool:
    """Whether a password is the one that was hashed."""
    _, salt, key = hashed.split("$")
    return hmac.compare_digest(_key(password, base64.b64decode(salt)), base64.b64decode(key))


def set_password(connection: Connection, user_id: int, password: str) -> None:
    """Replace the password of a user."""
    row = {"experimenter_id": user_id, "hash": hash_password(password)}
    connection.execute(insert(_TABLE).values(row).on_conflict_do_update(["experimenter_id"], set_=row))


def remove_password(connection: Connection, user_id: int) -> None:
    """Forget the password of a user, who cannot sign in then."""
    connection.execute(_TABLE.delete().where(_TABLE.c.experimenter_id == user_id))


def check_password(connection: Connection, user_id: int | None, password: str) -> bool:
    """Whether a user may sign in with a password.

    An unknown user (None) or one without a password takes as long to refuse as a wrong password.
    """
    found = connection.execute(select(_TABLE.c.hash).where(_TABLE.c.experimenter_id == user_id)).scalar()
    return matches(found or _NOBODY, password) and found is not None


def _key(password: str, salt: bytes) -> bytes:
    # A lone surrogate cannot be in a password that was typed, but must not break the check.
    text = password.encode("utf-8", "surrogatepass")
    return _HASHERS.submit(hashlib.scrypt, text, salt=salt, n=_COST, r=_BLOCK, p=1).result()
