"""The repositories that every OMERO has beside the managed one, with nothing in them here."""

from __future__ import annotations

import omero

from omero_desk.server.backend import Backend
from omero_desk.server.call import Call
from omero_desk.server.errors import security_violation, server_error
from omero_desk.server.files.paths import Components, split_legal
from omero_desk.server.files.repository import PUBLIC_UUID, SCRIPT_UUID, Repository
from omero_desk.server.servants.files.repository import RepositoryService


class EmptyRepositoryService(RepositoryService):
    """Has a description and no file, takes none, and tells nothing of what lies in its folder."""

    def __init__(self, backend: Backend, repository: Repository) -> None:
        super().__init__(backend)
        self._repository = repository

    @property
    def repository(self) -> Repository:
        """The repository."""
        return self._repository

    def file(self, call: Call, path: str, mode: str) -> omero.api.RawFileStorePrx:
        """Raise omero.SecurityViolation: there is no file, and none is made."""
        raise security_violation(f"FileNotFound: {path}")

    def _existing(self, path: str) -> Components:
        parts = split_legal(path)
        if parts:
            raise server_error(omero.ValidationException, f"{path} does not exist")
        return parts


def empty_repositories(backend: Backend) -> list[EmptyRepositoryService]:
    """Return OMERO's public repository, which is the library's folder, and that of official scripts.

    They are the beans legacyRepository and scriptRepository of blitz-repositories.xml.
    """
    folder = backend.store.folder
    return [
        EmptyRepositoryService(backend, Repository(root, is_writable=False, uuid=uuid))
        for root, uuid in ((folder, PUBLIC_UUID), (folder / "lib" / "scripts", SCRIPT_UUID))
    ]
