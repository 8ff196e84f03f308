"""The service manager: lanes of worker threads over one session, and what happens when the line drops."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from omero_desk.gateway import probe
from omero_desk.gateway.calls import Calls, back_off, final, marked
from omero_desk.gateway.entities import Account, SignIn
from omero_desk.gateway.errors import (
    BusyError,
    GivenUpError,
    LostError,
    RefusedError,
)
from omero_desk.gateway.journal import Journal, Received, arguments_of, method_of
from omero_desk.gateway.lane_runner import LaneRunner
from omero_desk.gateway.line import Line
from omero_desk.gateway.opener import Opener
from omero_desk.gateway.policy import (
    REPEATS,
    SETTLE,
    SIGN_IN_LIMIT,
    Patience,
    Write,
    patience_of,
    patient,
)
from omero_desk.gateway.states import Lane, LaneInfo, State, Status

if TYPE_CHECKING:
    from omero_desk.gateway.certificates import KnownCertificates
    from omero_desk.gateway.connection import Connection
    from omero_desk.gateway.registry import Registry
    from omero_desk.gateway.session import Session

__all__ = ["Lane", "LaneInfo", "Patience", "ServiceManager", "State", "Status", "Write", "patient"]

P = ParamSpec("P")
T = TypeVar("T")

_FREEING = 0.1
"""Seconds to wait for a thread that only frees sockets and memory."""


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
        self.journal = Journal()
        self.certificates = certificates
        self._opener = Opener(certificates, verify)
        self._line = Line(self._opener, self._is_busy)
        self._warning_listeners: list[Callable[[str, str], None]] = []
        self._calls = Calls(self.journal)
        self._workers: dict[Lane, LaneRunner] = {}
        self._registry: Registry | None = None
        self._spare: dict[Lane, Session] = {}
        self._of_thread = threading.local()

    @property
    def status(self) -> Status:
        """The state with what there is to say about it."""
        return self._line.status

    @property
    def account(self) -> Account | None:
        """Who is signed in."""
        return self._line.account

    @property
    def state(self) -> State:
        """How the line to the server is."""
        return self._line.status.state

    @property
    def lanes(self) -> tuple[LaneInfo, ...]:
        """What each lane does."""
        return tuple(self._workers[lane].info if lane in self._workers else LaneInfo(lane) for lane in Lane)

    @property
    def open_services(self) -> tuple[str, ...]:
        """The stateful services that are borrowed now."""
        connection = self._line.connection
        return tuple(connection.borrowed.values()) if connection is not None else ()

    def on_state(self, listener: Callable[[State], None]) -> None:
        """Call `listener` on the loop's thread at each change of `state`."""
        self._line.state_listeners.append(listener)

    def on_status(self, listener: Callable[[Status], None]) -> None:
        """Call `listener` on the loop's thread at each change of `status`."""
        self._line.status_listeners.append(listener)

    def on_warning(self, listener: Callable[[str, str], None]) -> None:
        """Call `listener(sentence, detail)` on the loop's thread for trouble that stops nothing."""
        self._warning_listeners.append(listener)

    async def sign_in(self, request: SignIn, progress: Callable[[str], None] = lambda _: None) -> Account:
        """Open a session, in place of the one there was. `progress` is called on the loop's thread.

        Raises GatewayError; then, and when it is cancelled, the session that there was goes on.
        """
        before = self._line.begin_sign_in()
        loop = asyncio.get_running_loop()

        def tell(words: str) -> None:
            loop.call_soon_threadsafe(progress, words)

        open_ = partial(self._opener.open, request, tell, self._warn_from(loop))
        try:
            opened = await self._opener.aside(open_, SIGN_IN_LIMIT, probe.name(request))
        except BaseException:
            self._line.sign_in_failed(before)
            raise
        self._line.leave()
        # Its services are there already, so the first expansion of a node takes one round trip.
        self._registry, self._spare = opened.registry, {Lane.BROWSING: opened.session}
        self._line.enter(opened)
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
        return await self._calls.run(number, self._write(number, lane, change, sent), is_write=True)

    def retry_now(self) -> None:
        """Try at once: the user pressed the button, or the network is back."""
        self._line.retry_now()

    def cancel(self, call_id: int) -> None:
        """Give a call up: whoever waits for it gets a FailedError, and its lane goes on with the next."""
        self._calls.cancel(call_id)
        for worker in self._workers.values():
            worker.strike(call_id)

    async def sign_out(self) -> None:
        """Close the session in the background; never waits for the network."""
        self._line.leave()
        self._line.set_status(Status())

    def close(self, patience: float = 0.4) -> None:
        """End the lanes without waiting for what they do, and the session within `patience` seconds if it can be."""
        connection, closing = self._line.connection, self._line.leave()
        ending = self._opener.give_up()
        for worker in self._workers.values():
            worker.close()
        if connection is not None and closing is not None:
            closing.join(patience)
            if closing.is_alive():  # the network hangs; Ice does not bear it that the program ends while it waits
                ending += [connection.abandon_soon(), closing]
        for thread in ending:
            thread.join(_FREEING)

    async def _read(self, number: int, lane: Lane, function: Callable[[Session], T], patience: float) -> T:
        """Go on until there is an answer, or no point in going on."""
        lost = busy = 0
        given_up = False
        while True:
            connection = await self._line.online()
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
            connection = await self._line.online()
            sent = True
            try:
                return await self._go(number, lane, connection, change.send, patience_of(change.send))
            except LostError as error:
                last = error
                if isinstance(error, GivenUpError) and self._line.is_up(connection):
                    break  # the server may still be at work on it: to send it again might double it
                await marked(self._settled())
            except RefusedError as error:
                error.fate_unknown = True
                raise
            except BusyError as error:
                await back_off(error, tries)
        if (found := await marked(look())) is not None:
            return found
        raise final(last, unknown=True) from last

    async def _settled(self) -> None:
        """Until the line is back, and what reached the server over the old one has had its time."""
        await self._line.online()
        await asyncio.sleep(SETTLE)

    async def _go(
        self, number: int, lane: Lane, connection: Connection, function: Callable[[Session], T], patience: float
    ) -> T:
        """One go at a call, on the lane's worker. When it ends the state is what the error means."""
        self.journal.tried(number)
        work = partial(self._on_lane, lane, connection, function)
        try:
            result, received = await self._worker(lane).run(number, work, patience)
        except GivenUpError as error:
            await self._line.test(connection, error)
            raise
        except LostError as error:
            self._line.lost(connection, error)
            raise
        except RefusedError as error:
            self._line.refused(connection, error)
            raise
        self.journal.change(number, rows=received.rows, bytes=received.bytes)
        return result

    def _on_lane(self, lane: Lane, connection: Connection, function: Callable[[Session], T]) -> tuple[T, Received]:
        """On the lane's worker: call `function` with the worker's own session; its result and how much it read."""
        try:
            session = self._session(lane, connection)
            session.received = received = Received()
            result = function(session)
            connection.heard()
            return result, received
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

    def _worker(self, lane: Lane) -> LaneRunner:
        if lane not in self._workers:
            self._workers[lane] = LaneRunner(lane)
        return self._workers[lane]

    def _is_busy(self) -> bool:
        return any(worker.running is not None for worker in list(self._workers.values()))

    def _warn_from(self, loop: asyncio.AbstractEventLoop) -> Callable[[str, Exception], None]:
        """A function for workers that reports a foreign wrapper which fails."""

        def warn(name: str, error: Exception) -> None:
            sentence = f"The extension {name} failed; OMERO Desk goes on without it."
            for listener in self._warning_listeners:
                loop.call_soon_threadsafe(listener, sentence, repr(error))

        return warn


def _with_arguments(function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any], session: Session) -> T:
    return function(session, *args, **kwargs)
