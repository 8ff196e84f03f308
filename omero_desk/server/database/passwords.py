"""Passwords: stored as salted scrypt hashes, compared in constant time, never logged."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from sqlalchemy import Connection, column, select, table
from sqlalchemy.dialects.sqlite import insert

_SCHEME: Final = "scrypt"
_COST: Final = 2**14
_BLOCK: Final = 8

# A hash takes 16 MiB, which the C library keeps for the thread that asked for them: two threads serve all sign-ins.
_HASHERS: Final = ThreadPoolExecutor(2, "password")
_NOBODY: Final = f"{_SCHEME}$" + base64.b64encode(bytes(16)).decode() + "$" + base64.b64encode(bytes(64)).decode()


_TABLE: Final = table("password", column("experimenter_id"), column("hash"))


def hash_password(password: str) -> str:
    """Return "scrypt$salt$key" for a password; the salt is new each time."""
    salt = os.urandom(16)
    return "$".join((_SCHEME, base64.b64encode(salt).decode(), base64.b64encode(_key(password, salt)).decode()))


class Verifier:
    """Checks passwords against hashes, quickly where this process has found the same one right before.

    Of each of up to `most` right passwords it keeps a digest, under a key that is made with the process and never
    written down.
    """

    def __init__(self, most: int = 1_000) -> None:
        self._key = os.urandom(32)
        self._most = most
        self._known: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def matches(self, hashed: str, password: str) -> bool:
        """Return whether a password is the one that was hashed; a wrong one takes the full time of a hash."""
        digest = hmac.digest(self._key, _encoded(hashed + password), "sha256")
        with self._lock:
            known = self._known.get(hashed)
        if known is not None and hmac.compare_digest(known, digest):
            return True
        if not matches(hashed, password):
            return False
        with self._lock:
            self._known[hashed] = digest
            if len(self._known) > self._most:
                self._known.popitem(last=False)
        return True


_VERIFIER: Final = Verifier()


def matches(hashed: str, password: str) -> bool:
    """Return whether a password is the one that was hashed."""
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
    """Return whether a password is a user's.

    For an unknown user (None) and one without a password this takes as long as for a wrong password.
    """
    found = connection.execute(select(_TABLE.c.hash).where(_TABLE.c.experimenter_id == user_id)).scalar()
    return _VERIFIER.matches(found or _NOBODY, password) and found is not None


def _key(password: str, salt: bytes) -> bytes:
    return _HASHERS.submit(hashlib.scrypt, _encoded(password), salt=salt, n=_COST, r=_BLOCK, p=1).result()


def _encoded(password: str) -> bytes:
    """Return a text in UTF-8; a lone surrogate, which cannot be typed, must not break the check."""
    return password.encode("utf-8", "surrogatepass")
