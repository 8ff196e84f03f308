"""The connection to the server: its state, and its replacement when it is lost."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from omero_desk.entities.connection_states import State, Status
from omero_desk.entities.errors import (
    GatewayError,
    GivenUpError,
    LostError,
    NotAMemberError,
    OtherDatabaseError,
    RefusedError,
)
from omero_desk.entities.objects import Account
from omero_desk.entities.sentences import Sentence, mark
from omero_desk.gateway.connection.heartbeat import INTERVAL, Heartbeat
from omero_desk.gateway.connection.opener import Opened, Opener
from omero_desk.gateway.connection.reconnect import Reconnector
from omero_desk.gateway.lanes.worker import Worker

if TYPE_CHECKING:
    from omero_desk.gateway.connection.connection import Connection

_log = logging.getLogger(__name__)


class ConnectionKeeper:
    """Holds the connection, watches it, and gets another one when it is lost. Used on the loop's thread.

    `busy()`, called on other threads, tells whether calls are under way.
    """

    def __init__(self, opener: Opener, busy: Callable[[], bool]) -> None:
        self.status = Status()
        self.account: Account | None = None
        self.connection: Connection | None = None
        self.state_listeners: list[Callable[[State], None]] = []
        self.status_listeners: list[Callable[[Status], None]] = []
        self._opener = opener
        self._busy = busy
        self._heartbeat: Heartbeat | None = None
        self._reconnector: Reconnector[Connection] | None = None
        self._reconnecting: asyncio.Task[None] | None = None
        self._replacing: asyncio.Future[None] | None = None

    def begin_sign_in(self) -> Status:
        """Stop whatever is tried; return the status before. Calls over a connection that is lost wait for the end."""
        before = self.status
        self._stop_reconnecting()
        if before.state in {State.RECONNECTING, State.SIGN_IN_NEEDED} and self._replacing is None:
            self._replacing = asyncio.get_running_loop().create_future()
        self.set_status(Status(State.CONNECTING, doing=Sentence(mark("Connection", "Signing in…"))))
        return before

    def sign_in_failed(self, before: Status) -> None:
        """Go back to the status before; but what was interrupted does not begin again by itself."""
        interrupted = before.state is State.RECONNECTING
        self.set_status(replace(before, state=State.SIGN_IN_NEEDED if interrupted else before.state))
        self._release()

    def enter(self, opened: Opened) -> None:
        """Use what was opened in place of the present connection."""
        self.account = opened.account
        self._go_online(opened.connection)

    def _go_online(self, connection: Connection) -> None:
        self.connection = connection
        self._heartbeat = self._watch(connection)
        self.set_status(Status(State.ONLINE))
        self._heartbeat.poke()  # for the round trip

    def _watch(self, connection: Connection) -> Heartbeat:
        loop = asyncio.get_running_loop()

        def on_beat(round_trip: float) -> None:
            loop.call_soon_threadsafe(self._beaten, connection, round_trip)

        def on_end(error: GatewayError) -> None:
            loop.call_soon_threadsafe(self.refused if isinstance(error, RefusedError) else self.lost, connection, error)

        interval = min(INTERVAL, connection.idle_limit / 3)
        return Heartbeat(connection.ping, on_beat, on_end, self._busy, interval)

    def _beaten(self, connection: Connection, round_trip: float) -> None:
        if connection is self.connection and self.status.state is State.ONLINE:
            self.set_status(replace(self.status, round_trip=round_trip))

    def leave(self) -> threading.Thread | None:
        """Forget the session, and close it on a thread, which is returned."""
        self._stop_reconnecting()
        self._stop_heartbeat()
        self._release()
        connection, self.connection = self.connection, None
        self.account = None
        return connection.close_soon() if connection is not None else None

    async def online(self) -> Connection:
        """Return the connection, once there is one again. Raises RefusedError if nobody is signed in."""
        while (change := self._reconnecting or self._replacing) is not None:
            await asyncio.wait([change])
        if self.connection is None or self.status.state is State.SIGN_IN_NEEDED:
            raise RefusedError(mark("Connection", "You are not signed in."))
        return self.connection

    def lost(self, connection: Connection, error: GatewayError) -> None:
        """Begin to reconnect, unless that is under way or done already."""
        if connection is not self.connection or self._reconnecting is not None:
            return
        if self.status.state is State.SIGN_IN_NEEDED:
            return
        _log.warning("lost %s: %s", connection.server, error.detail or error.message)
        self._stop_heartbeat()
        connection.abandon_soon()  # whatever waits for an answer there fails now, and is asked again when it is back
        self.set_status(Status(State.RECONNECTING, error.sentence, round_trip=self.status.round_trip))
        self._reconnecting = asyncio.get_running_loop().create_task(self._reconnect(connection))

    def refused(self, connection: Connection, error: GatewayError) -> None:
        """Stop, and ask to sign in."""
        if connection is self.connection and self.status.state is not State.SIGN_IN_NEEDED:
            _log.warning("refused by %s: %s", connection.server, error.detail or error.message)
            self._stop_heartbeat()
            connection.abandon_soon()
            is_other = isinstance(error, OtherDatabaseError)
            self.set_status(Status(State.SIGN_IN_NEEDED, error.sentence, is_other=is_other))

    async def _reconnect(self, lost: Connection) -> None:
        """Try until the server is back, or refuses the session."""
        account = self.account
        assert account is not None, "a connection comes with an account"
        again = partial(self._opener.again, lost, account)

        def tell(doing: Sentence, next_try: float | None, tries: int) -> None:
            self.set_status(replace(self.status, doing=doing, next_try=next_try, tries=tries))

        self._reconnector = Reconnector(
            lambda limit: self._opener.aside(again, limit, lost.server), tell, lost.server, self.status.round_trip
        )
        try:
            connection = await self._reconnector.run()
        except (RefusedError, NotAMemberError) as error:
            self.refused(lost, error)
        else:
            self.account = replace(account, session=connection.uuid)
            self._go_online(connection)
        finally:
            self._reconnecting = self._reconnector = None

    def retry_now(self) -> None:
        """Try at once, or test the connection if there is one."""
        if self._reconnector is not None:
            self._reconnector.retry_now()
        elif self._heartbeat is not None:
            self._heartbeat.poke()

    def is_up(self, connection: Connection) -> bool:
        """Return whether `connection` is the present one, and not known to be lost."""
        return connection is self.connection and self.status.state is State.ONLINE

    async def test(self, connection: Connection, error: GivenUpError) -> None:
        """Find out, after a call that hung, whether the connection is dead. Raises RefusedError if the session is."""
        worker = Worker("connection-test")
        asked = worker.run(connection.ping)
        worker.close()
        try:
            await asked
        except LostError:
            self.lost(connection, error)
        except RefusedError as refused:
            self.refused(connection, refused)
            raise
        except GatewayError as other:
            _log.info("the connection lives: %s", other.detail)

    def _release(self) -> None:
        """Let calls go on that wait for the end of a sign-in, in a turn of their own."""
        if self._replacing is not None:
            self._replacing.set_result(None)
            self._replacing = None

    def _stop_reconnecting(self) -> None:
        if self._reconnecting is not None:
            self._reconnecting.cancel()
            self._reconnecting = self._reconnector = None

    def _stop_heartbeat(self) -> None:
        if self._heartbeat is not None:
            self._heartbeat.stop()
            self._heartbeat = None

    def set_status(self, status: Status) -> None:
        """Set the status; tell the listeners if it has changed."""
        before, self.status = self.status, status
        if status == before:
            return
        if status.state is not before.state:
            for state_listener in self.state_listeners:
                state_listener(status.state)
        for listener in self.status_listeners:
            listener(status)
