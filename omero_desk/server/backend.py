"""The parts of the server that all calls share: the library's store, the sessions, the servants, the configuration."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property

from sqlalchemy import Connection, select

from omero_desk.server.access.caller import Caller, load_caller
from omero_desk.server.configuration import Configuration
from omero_desk.server.database.store import Store
from omero_desk.server.faults import Faults
from omero_desk.server.files.repository import Repository
from omero_desk.server.files.thumbnail_cache import ThumbnailCache
from omero_desk.server.images.library import REPOSITORY
from omero_desk.server.images.sources import Sources
from omero_desk.server.scheduling.dispatcher import Dispatcher
from omero_desk.server.sessions.clients import Client
from omero_desk.server.sessions.failures import SignInFailures
from omero_desk.server.sessions.open_services import OpenServices
from omero_desk.server.sessions.rows import SessionRows
from omero_desk.server.sessions.table import Session, SessionExpiredError, SessionRemovedError, SessionTable
from omero_desk.server.workers.readers import FileReaders, Readers, ReadersHere

log = logging.getLogger(__name__)


class Backend:
    """The shared parts, made once when the server starts."""

    def __init__(self, store: Store, settings: Mapping[str, str], repository: Repository | None = None) -> None:
        self.store = store
        self.repository = repository or Repository(store.folder / REPOSITORY)
        self.session_rows = SessionRows(store)
        self.configuration = Configuration(settings)
        self.admits_guests = repository is None and self.configuration.get("desk.guests") == "true"
        self.failures = SignInFailures(
            self.configuration.number("omero.security.login_failure_throttle_count"),
            self.configuration.number("omero.security.login_failure_throttle_time") / 1000,
        )
        self.faults = Faults(self.configuration)
        self.open_services = OpenServices()
        self.dispatcher = Dispatcher()
        self._limit_queries()
        in_workers = self.configuration.get("desk.files.workers") != "false"
        self.readers: FileReaders = Readers() if in_workers else ReadersHere()
        self.sources = Sources(store, self.repository, self.configuration, self.faults, self.readers.open_source)
        self.thumbnails = ThumbnailCache(store.folder / "Thumbnails")
        self._callers: dict[tuple[int, int | None], Caller] = {}
        self.sessions = SessionTable(
            self.faults.clock,
            time_to_idle=self.configuration.number("omero.sessions.timeout"),
            on_removed=self._forget,
        )

    def _limit_queries(self) -> None:
        """Take over the limits of the configuration; those that are no positive numbers are wrong, as in OMERO."""
        names = ("omero.query.timeout", "omero.query.timeout.admin")
        seconds = [self.configuration.number(name if self.configuration.get(name) else names[0]) for name in names]
        for name, limit in zip(names, seconds, strict=True):
            if limit < 1:
                raise ValueError(f"{name} must be at least 1 second.")
        self.store.limit_queries(*map(float, seconds))

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give the store's writing connection; what is known of users and groups is read anew afterwards."""
        try:
            with self.store.write() as connection:
                yield connection
        finally:
            self._callers = {}

    def caller(self, user_id: int, group_id: int | None = None) -> Caller:
        """Return a user as seen in a group, -1 for all; raises as `load_caller` does."""
        known = self._callers  # of before the reading: a write meanwhile puts another one in its place
        found = known.get((user_id, group_id))
        if found is None:
            with self.store.read() as connection:
                found = load_caller(connection, user_id, group_id)
            known[user_id, group_id] = found
        return found

    @cached_property
    def event_types(self) -> frozenset[str]:
        """The kinds of event that a session may be opened for."""
        with self.store.read() as connection:
            table = self.store.schema.table("EventType")
            return frozenset(connection.execute(select(table.c.value)).scalars())

    def leave(self, client: Client) -> None:
        """Let a client go: its session ends with the last client, unless that detached from it."""
        self.dispatcher.end_client(client.session_uuid, client.uuid)
        self.open_services.remove_client(client.session_uuid, client.uuid)
        with suppress(SessionRemovedError, SessionExpiredError):
            left = self.sessions.detach(client.session_uuid)
            if client.closes_session and left < 1:
                self.sessions.kill(client.session_uuid)

    def _forget(self, session: Session) -> None:
        self.dispatcher.end_session(session.uuid)
        self.open_services.remove_session(session.uuid)
        self.session_rows.close(session)
        log.info("session %d of user %d ended", session.row_id, session.user_id)
