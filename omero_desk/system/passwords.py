"""Passwords in the system's keyring, and nowhere else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from omero_desk.gateway.lanes.worker import Worker
from omero_desk.models.translation import translate
from omero_desk.system.lazy_imports import LazyModule

if TYPE_CHECKING:
    import keyring
else:
    keyring = LazyModule("keyring")

log = logging.getLogger(__name__)

T = TypeVar("T")

_SERVICE: Final = "OMERO Desk"
_TRUSTED: Final = 1
"""keyring's own mark of a backend to recommend; below are those that keep passwords in plain files."""


class KeyringPasswords:
    """Asks the keyring on a thread of its own, for its prompt blocks. A failure is logged, not raised."""

    def __init__(self) -> None:
        self._worker = Worker("keyring")

    async def problem(self) -> str:
        """Return the reason why passwords cannot be kept, as a sentence; empty when they can."""
        return await self._ask(_problem, translate("Connection", "The system's keyring does not answer."))

    async def find(self, server: str, user: str) -> str:
        """Return the password, or an empty text."""
        return await self._ask(partial(_find, server, user), "")

    async def keep(self, server: str, user: str, password: str) -> None:
        """Store a password in place of the old one."""
        await self._ask(partial(_keep, server, user, password), None)

    async def forget(self, server: str, user: str) -> None:
        """Remove a password, if there is one."""
        await self._ask(partial(_forget, server, user), None)

    def close(self) -> None:
        """End the thread, without waiting for what it does."""
        self._worker.close()

    async def _ask(self, question: Callable[[], T], otherwise: T) -> T:
        try:
            return await self._worker.run(question)
        except Exception as error:  # noqa: BLE001 - backends are other people's, with errors of every kind
            log.info("keyring: %s", type(error).__name__)
            return otherwise


def _problem() -> str:
    backend = keyring.get_keyring()
    if backend.priority >= _TRUSTED:
        return ""
    return translate("Connection", "This computer has no keyring to keep a password in.")


def _find(server: str, user: str) -> str:
    if _problem():
        return ""
    return keyring.get_password(_SERVICE, _key(server, user)) or ""


def _keep(server: str, user: str, password: str) -> None:
    if not _problem():
        keyring.set_password(_SERVICE, _key(server, user), password)


def _forget(server: str, user: str) -> None:
    if _find(server, user):
        keyring.delete_password(_SERVICE, _key(server, user))


def _key(server: str, user: str) -> str:
    return f"{user}@{server}"
