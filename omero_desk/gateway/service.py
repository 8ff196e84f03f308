"""The service manager: lanes of worker threads over one session, and what happens when the line drops."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from omero_desk.gateway.calls import Calls, back_off, final, marked
from omero_desk.gateway.entities import Account, SignIn
from omero_desk.gateway.errors import (
    BusyError,
    GatewayError,
    GivenUpError,
    LostError,
    NotAMemberError,
    RefusedError,
)
from omero_desk.gateway.heartbeat import INTERVAL, Heartbeat
from omero_desk.gateway.journal import Journal, arguments_of, method_of
from omero_desk.gateway.lane_runner import LaneRunner
from omero_desk.gateway.lanes import Worker
from omero_desk.gateway.opener import Opened, Opener, aside
from omero_desk.gateway.policy import (
    REPEATS,
    SETTLE,
    SIGN_IN_LIMIT,
    Patience,
    Write,
    patience_of,
    patient,
)
from omero_desk.gateway.reconnect import Reconnector
from omero_desk.gateway.states import Lane, LaneInfo, State, Status

if TYPE_CHECKING:
    from omero_desk.gateway.certificates import KnownCertificates
    from omero_desk.gateway.connection import Connection
    from omero_desk.gateway.registry import Registry
    from omero_desk.gateway.session import Session

__all__ = ["Lane", "LaneInfo", "Patience", "ServiceManager", "State", "Status", "Write", "patient"]

P = ParamSpec("P")
T = TypeVar("T")

_log = logging.getLogger(__name__)


class ServiceManager:
    """Runs plain gateway functions on the lanes of one session. Made and used on the event loop's thread.

    The policy for errors, in three cases (`errors.classify` sorts every exception into one):

    - *lost* (connection, server, time-out): reconnect, joining the old session or else signing in anew with the
      credentials still in memory, to the group that there was. Tries follow each other soon in the first minute, then
      ever more seldom, and at once on `retry_now` (`reconnect`). What only reads is then asked again and its caller
      never knows. A write is never repeated blindly: it is looked for first, and sent again only if it is not there.
    - *refused* (the session was ended on purpose, the password no longer holds, the certificate is another): stop, and
      ask to sign in. When a session counts as ended on purpose is told by `Connection.judge`.
    - *failed*: the call fails, with a sentence for the user. One that nobody knows is this. A server that is only busy
      (`BusyError`) is asked again a few times, after as long as it says.

    A call that outlasts the patience for its kind is given up: another worker takes its lane, and the line is tested.
    If the line is dead, that is the first case; if it lives, a read is asked once more, a write only looked for.
    """

    def __init__(self, certificates: KnownCertificates | None = None, verify: bool = False) -> None:
        self.status = Status()
        self.account: Account | None = None
        self.journal = Journal()
        self.certificates = certificates
        self._opener = Opener(certificates, verify)
        self._state_listeners: list[Callable[[State], None]] = []
        self._status_listeners: list[Callable[[Status], None]] = []
        self._warning_listeners: list[Callable[[str, str], None]] = []
        self._calls = Calls(self.journal)
        self._workers: dict[Lane, LaneRunner] = {}
        self._connection: Connection | None = None
        self._heartbeat: Heartbeat | None = None
        self._registry: Registry | None = None
        self._spare: dict[Lane, Session] = {}
        self._of_thread = threading.local()
        self._reconnector: Reconnector[Connection] | None = None
        self._reconnecting: asyncio.Task[None] | None = None

    @property
    def state(self) -> State:
        """How the line to the server is."""
        return self.status.state

    @property
    def lanes(self) -> tuple[LaneInfo, ...]:
        """What each lane does."""
        return tuple(self._workers[lane].info if lane in self._workers else LaneInfo(lane) for lane in Lane)

    @property
    def open_services(self) -> tuple[str, ...]:
        """The stateful services that are borrowed now."""
        return tuple(self._connection.borrowed.values()) if self._connection is not None else ()

    def on_state(self, listener: Callable[[State], None]) -> None:
        """Call `listener` on the loop's thread at each change of `state`."""
        self._state_listeners.append(listener)

    def on_status(self, listener: Callable[[Status], None]) -> None:
        """Call `listener` on the loop's thread at each change of `status`."""
        self._status_listeners.append(listener)

    def on_warning(self, listener: Callable[[str, str], None]) -> None:
        """Call `listener(sentence, detail)` on the loop's thread for trouble that stops nothing."""
        self._warning_listeners.append(listener)

    async def sign_in(self, request: SignIn, progress: Callable[[str], None] = lambda _: None) -> Account:
        """Open a session, in place of the one there was. `progress` is called on the loop's thread.

        Raises GatewayError; then, and when it is cancelled, the session that there was goes on.
        """
        before = self.status
        self._stop_reconnecting()
        self._set_status(Status(State.CONNECTING, doing="Signing in…"))
        loop = asyncio.get_running_loop()

        def tell(words: str) -> None:
            loop.call_soon_threadsafe(progress, words)

        open_ = partial(self._opener.open, request, tell, self._warn_from(loop))
        try:
            opened = await aside(open_, SIGN_IN_LIMIT, request.host)
        except BaseException:
            interrupted = before.state is State.RECONNECTING
            self._set_status(replace(before, state=State.SIGN_IN_NEEDED if interrupted else before.state))
            raise
        self._leave()
        self._enter(opened)
        return opened.account

    async def call(
        self, lane: Lane, function: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `function(session, *args)`, which only reads, on `lane`; raises GatewayError.

        Cancelling abandons the call at once. A call that loses the line is repeated when it is back.
        """
        number = self.journal.begin(lane.value, method_of(function), arguments_of(args, kwargs))
        ready = partial(_with_arguments, function, args, kwargs)
        return await self._calls.run(number, self._read(number, lane, ready, patience_of(function)))

    async def write(self, lane: Lane, change: Write[T], *, sent: bool = False) -> T:
        """Make `change` on `lane`, once: when its fate is unknown it is looked up before it is sent again.

        `sent` says that it was sent before, by an earlier call that ended with an error whose `fate_unknown` is true:
        then it is looked up first. Raises RefusedError or FailedError.
        """
        number = self.journal.begin(lane.value, change.name, "")
        return await self._calls.run(number, self._write(number, lane, change, sent))

    def retry_now(self) -> None:
        """Try at once: the user pressed the button, or the network is back."""
        if self._reconnector is not None:
            self._reconnector.retry_now()
        elif self._heartbeat is not None:
            self._heartbeat.poke()

    def cancel(self, call_id: int) -> None:
        """Give a call up: whoever waits for it gets a FailedError, and its lane goes on with the next."""
        self._calls.cancel(call_id)
        for worker in self._workers.values():
            worker.strike(call_id)

    async def sign_out(self) -> None:
        """Close the session in the background; never waits for the network."""
        self._leave()
        self._set_status(Status())

    def close(self, patience: float = 0.5) -> None:
        """End the lanes without waiting for what they do, and the session within `patience` seconds if it can be."""
        closing = self._leave()
        for worker in self._workers.values():
            worker.close()
        if closing is not None:
            closing.join(patience)

    async def _read(
        self, number: int, lane: Lane, function: Callable[[Session], T], patience: float, given_up: bool = False
    ) -> T:
        """Go on until there is an answer, or no point in going on."""
        lost = busy = 0
        while True:
            connection = await self._online()
            try:
                return await self._go(number, lane, connection, function, patience)
            except LostError as error:
                lost += 1
                if lost > REPEATS or (given_up and isinstance(error, GivenUpError)):
                    raise final(error) from error
                given_up = isinstance(error, GivenUpError)
            except BusyError as error:
                await back_off(error, busy)
                busy += 1

    async def _write(self, number: int, lane: Lane, change: Write[T], sent: bool) -> T:
        """Send once; after that look first, whatever happens."""
        look = partial(self._read, number, lane, change.find, patience_of(change.find))
        if not sent:
            await self._read(number, lane, change.prepare, patience_of(change.prepare))
        for tries in range(REPEATS):
            if sent and (found := await marked(look())) is not None:
                return found
            connection = await self._online()
            sent = True
            try:
                return await self._go(number, lane, connection, change.send, patience_of(change.send))
            except GivenUpError as error:
                if connection is self._connection:  # still at work on it, perhaps: to send again might double it
                    if (found := await marked(look())) is not None:
                        return found
                    raise final(error, unknown=True) from error
            except LostError as error:
                last = error
                await asyncio.sleep(SETTLE)
            except BusyError as error:
                await back_off(error, tries)
        raise final(last, unknown=True) from last

    async def _go(
        self, number: int, lane: Lane, connection: Connection, function: Callable[[Session], T], patience: float
    ) -> T:
        """One go at a call, on the lane's worker. When it ends the state is what the error means."""
        self.journal.tried(number)
        work = partial(self._on_lane, lane, connection, function)
        try:
            result, rows = await self._worker(lane).run(number, work, patience)
        except GivenUpError as error:
            await self._test_line(connection, error)
            raise
        except LostError as error:
            self._lost(connection, error)
            raise
        except RefusedError as error:
            self._refused(connection, error)
            raise
        self.journal.change(number, rows=rows)
        return result

    def _on_lane(self, lane: Lane, connection: Connection, function: Callable[[Session], T]) -> tuple[T, int | None]:
        """On the lane's worker: call `function` with the worker's own session; its result and the rows it read."""
        try:
            session = self._session(lane, connection)
            session.rows = None
            result = function(session)
            connection.heard()
            return result, session.rows
        except Exception as error:
            raise connection.judge(error) from error

    def _session(self, lane: Lane, connection: Connection) -> Session:
        """A worker that took the place of one that hangs has another session than that."""
        session: Session | None = getattr(self._of_thread, "session", None) or self._spare.pop(lane, None)
        if session is None or session.connection is not connection:
            assert self._registry is not None
            session = connection.session(self._registry)
        self._of_thread.session = session
        return session

    async def _test_line(self, connection: Connection, error: GivenUpError) -> None:
        worker = Worker("line-test")
        asked = worker.run(connection.ping)
        worker.close()
        try:
            await asked
        except LostError:
            self._lost(connection, error)
        except RefusedError as refused:
            self._refused(connection, refused)
            raise
        except GatewayError as other:
            _log.info("the line lives: %s", other.detail)

    def _enter(self, opened: Opened) -> None:
        self._registry, self.account = opened.registry, opened.account
        # It has its services already, so the first expansion of a node takes one round trip.
        self._spare = {Lane.BROWSING: opened.session}
        self._go_online(opened.connection)

    def _go_online(self, connection: Connection) -> None:
        self._connection = connection
        self._heartbeat = self._watch(connection)
        self._set_status(Status(State.ONLINE))
        self._heartbeat.poke()  # for the round trip

    def _watch(self, connection: Connection) -> Heartbeat:
        loop = asyncio.get_running_loop()

        def on_beat(round_trip: float) -> None:
            loop.call_soon_threadsafe(self._beaten, connection, round_trip)

        def on_end(error: GatewayError) -> None:
            loop.call_soon_threadsafe(
                self._refused if isinstance(error, RefusedError) else self._lost, connection, error
            )

        interval = min(INTERVAL, connection.idle_limit / 3)
        return Heartbeat(connection.ping, on_beat, on_end, self._is_busy, interval)

    def _is_busy(self) -> bool:
        return any(worker.running is not None for worker in list(self._workers.values()))

    def _beaten(self, connection: Connection, round_trip: float) -> None:
        if connection is self._connection and self.state is State.ONLINE:
            self._set_status(replace(self.status, round_trip=round_trip))

    def _leave(self) -> threading.Thread | None:
        """Forget the session, and close it on a thread, which is returned."""
        self._stop_reconnecting()
        self._stop_heartbeat()
        connection, self._connection = self._connection, None
        self.account, self._spare = None, {}
        return connection.close_soon() if connection is not None else None

    async def _online(self) -> Connection:
        """The connection, once there is one again."""
        while self._reconnecting is not None:
            await asyncio.wait([self._reconnecting])
        if self._connection is None or self.state is State.SIGN_IN_NEEDED:
            raise RefusedError("You are not signed in.")
        return self._connection

    def _lost(self, connection: Connection, error: GatewayError) -> None:
        """Begin to reconnect, unless that is under way or done already."""
        if connection is not self._connection or self._reconnecting is not None:
            return
        if self.state is State.SIGN_IN_NEEDED:
            return
        _log.warning("lost %s: %s", connection.server, error.detail or error.message)
        self._stop_heartbeat()
        connection.abandon_soon()  # whatever waits for an answer there fails now, and waits for the line instead
        self._set_status(Status(State.RECONNECTING, error.message, round_trip=self.status.round_trip))
        self._reconnecting = asyncio.get_running_loop().create_task(self._reconnect(connection, error.message))

    def _refused(self, connection: Connection, error: GatewayError) -> None:
        if connection is self._connection and self.state is not State.SIGN_IN_NEEDED:
            _log.warning("refused by %s: %s", connection.server, error.detail or error.message)
            self._stop_heartbeat()
            connection.abandon_soon()
            self._set_status(Status(State.SIGN_IN_NEEDED, error.message))

    async def _reconnect(self, lost: Connection, reason: str) -> None:
        """Try until the server is back, or says that it will not have us."""
        account = self.account
        again = partial(self._opener.again, lost, account.group.name if account is not None else lost.request.group)

        def tell(doing: str, next_try: float | None, tries: int) -> None:
            self._set_status(replace(self.status, doing=doing, next_try=next_try, tries=tries))

        self._reconnector = Reconnector(
            lambda limit: aside(again, limit, lost.server), tell, lost.server, self.status.round_trip
        )
        try:
            connection = await self._reconnector.run()
        except (RefusedError, NotAMemberError) as error:
            self._refused(lost, error)
        else:
            if account is not None:
                self.account = replace(account, session=connection.uuid)
            self._go_online(connection)
        finally:
            self._reconnecting = self._reconnector = None

    def _worker(self, lane: Lane) -> LaneRunner:
        if lane not in self._workers:
            self._workers[lane] = LaneRunner(lane)
        return self._workers[lane]

    def _stop_reconnecting(self) -> None:
        if self._reconnecting is not None:
            self._reconnecting.cancel()
            self._reconnecting = self._reconnector = None

    def _stop_heartbeat(self) -> None:
        if self._heartbeat is not None:
            self._heartbeat.stop()
            self._heartbeat = None

    def _set_status(self, status: Status) -> None:
        before, self.status = self.status, status
        if status == before:
            return
        if status.state is not before.state:
            for state_listener in self._state_listeners:
                state_listener(status.state)
        for listener in self._status_listeners:
            listener(status)

    def _warn_from(self, loop: asyncio.AbstractEventLoop) -> Callable[[str, Exception], None]:
        """A function for workers that reports a foreign wrapper which fails."""

        def warn(name: str, error: Exception) -> None:
            sentence = f"The extension {name} failed; OMERO Desk goes on without it."
            for listener in self._warning_listeners:
                loop.call_soon_threadsafe(listener, sentence, repr(error))

        return warn


def _with_arguments(function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any], session: Session) -> T:
    return function(session, *args, **kwargs)
