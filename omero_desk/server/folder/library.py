"""A person's folder opened as a library."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from omero_desk.server.backend import Backend
from omero_desk.server.database.store import Store
from omero_desk.server.files.repository import Repository
from omero_desk.server.folder.keeper import Keeper
from omero_desk.server.folder.person import Secret, ensure_person, login_name
from omero_desk.server.folder.places import library_of, readable_folder, record, usual_data
from omero_desk.server.folder.scan import Subject, Tell

PASSWORD_FILE: Final = "password"
_POLL: Final = "desk.folder.poll"
_WATCH: Final = "desk.folder.watch"


@dataclass(frozen=True)
class FolderLibrary:
    """The folder `root`, whose library is kept in `data`, for the user `name`."""

    root: Path
    data: Path
    name: str
    secret: Secret

    @classmethod
    def of(cls, folder: Path, data: Path | None, libraries: Path | None) -> FolderLibrary:
        """Find the library of a folder, or a place for it: in `data`, else among `libraries`, else where all are.

        Raises NoFolderError, and OSError where there is no place to be had.
        """
        root = readable_folder(folder)
        libraries = (libraries or usual_data("folders")).absolute()
        libraries.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = data or library_of(root, libraries)
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        return cls(root, place.resolve(), login_name(), Secret(place / PASSWORD_FILE))

    @property
    def repository(self) -> Repository:
        """The folder, in which everything is read and nothing written."""
        return Repository(self.root, is_writable=False)

    def open(self, password: str | None) -> Store:
        """Open the database; `password` replaces what opens it, which is made up for a new one. Raises StoreError."""
        record(self.root, self.data)
        return Store(self.data, self.secret.choose(password))

    @contextmanager
    def kept(self, backend: Backend, tell: Tell) -> Iterator[None]:
        """Keep the database in line with the folder for as long as the context is not left."""
        owner = ensure_person(backend.store, self.name, self.secret.read())
        subject = Subject(self.root, backend.store, owner)
        settings = backend.configuration
        is_watching = settings.get(_WATCH) != "false"
        keeper = Keeper(subject, tell, settings.number(_POLL) / 1000, backend.readers, is_watching=is_watching)
        try:
            yield
        finally:
            keeper.close()

    @property
    def told(self) -> dict[str, str]:
        """The user and the password file, for the program that started the server."""
        return {"user": self.name, "password_file": str(self.secret.file)}

    def greeting(self, private: bool) -> str:
        """Return instructions to sign in, for people; a new password is shown this once, unless it is `private`."""
        place = f"password: in {self.secret.file}"
        shown = f"password: {self.secret.read()} (not shown again; kept in {self.secret.file})"
        secret = shown if self.secret.is_new and not private else place
        return f"Serving {self.root}. Sign in as user: {self.name}, {secret}"
