"""The service manager: lanes of worker threads over one session, and what happens when the line drops."""

from __future__ import annotations

import asyncio
import importlib
import logging
import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from omero_desk.gateway.entities import Account, SignIn
from omero_desk.gateway.errors import FailedError, GatewayError, LostError, RefusedError, classify
from omero_desk.gateway.journal import Journal
from omero_desk.gateway.lanes import Worker
from omero_desk.gateway.policy import Patience, Write, patient
from omero_desk.gateway.states import Lane, LaneInfo, State, Status

if TYPE_CHECKING:
    from omero_desk.gateway.certificates import KnownCertificates
    from omero_desk.gateway.connection import Connection
    from omero_desk.gateway.registry import Registry
    from omero_desk.gateway.session import Session

__all__ = ["Lane", "LaneInfo", "Patience", "ServiceManager", "State", "Status", "Write", "patient"]

P = ParamSpec("P")
T = TypeVar("T")

REPEATS = 3
"""How often a read is asked again; one that loses the line each time is itself the trouble."""

_log = logging.getLogger(__name__)


class ServiceManager:
    """Runs plain gateway functions on the lanes of one session. Made and used on the event loop's thread.

    The policy for errors, in three cases:

    - *lost* (connection, server, time-out): reconnect, joining the old session or signing in anew with the
      credentials still in memory, again and again with growing pauses; then ask again what was being read.
    - *refused* (the session is gone for good, the password no longer holds): stop, and ask to sign in.
    - *failed*: the call fails, with a sentence for the user.
    """

    def __init__(self, certificates: KnownCertificates | None = None, verify: bool = False) -> None:
        self.state = State.OFFLINE
        self.status = Status()
        self.journal = Journal()
        self.certificates = certificates
        self._verify = verify
        self._status_listeners: list[Callable[[Status], None]] = []
        self.account: Account | None = None
        self._state_listeners: list[Callable[[State], None]] = []
        self._warning_listeners: list[Callable[[str, str], None]] = []
        self._workers: dict[Lane, Worker] = {}
        self._connection: Connection | None = None
        self._registry: Registry | None = None
        self._sessions: dict[Lane, Session] = {}
        self._reconnecting: asyncio.Task[None] | None = None

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
        before = self.state
        self._stop_reconnecting()
        self._set_state(State.CONNECTING)
        loop = asyncio.get_running_loop()

        def tell(words: str) -> None:
            loop.call_soon_threadsafe(progress, words)

        try:
            opened = await self._aside(partial(self._open, request, tell, self._warn_from(loop)))
        except BaseException:
            self._set_state(before if before is not State.RECONNECTING else State.SIGN_IN_NEEDED)
            raise
        self._leave()
        self._enter(*opened)
        return opened[-1]

    async def call(
        self, lane: Lane, function: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `function(session, *args)`, which only reads, on `lane`; raises GatewayError.

        Cancelling abandons the call at once. A call that loses the line is repeated when it is back.
        """
        for _ in range(REPEATS):
            connection = await self._online()
            try:
                return await self._worker(lane).run(partial(self._run, lane, connection, function, args, kwargs))
            except LostError as error:
                self._lost(connection, error)
                last = error
            except RefusedError as error:
                self._refused(connection, error)
                raise
        raise FailedError(last.message, last.detail)

    async def write(self, lane: Lane, change: Write[T], *, sent: bool = False) -> T:
        """Make `change` on `lane`, once: when its fate is unknown it is looked up before it is sent again.

        `sent` says that it was sent before, by an earlier call that ended with an error whose `fate_unknown` is true:
        then it is looked up first. Raises RefusedError or FailedError.
        """
        await self.call(lane, change.prepare)
        return await self.call(lane, change.send)

    def retry_now(self) -> None:
        """Try at once: the user pressed the button, or the network is back."""

    def cancel(self, call_id: int) -> None:
        """Give a call up: whoever waits for it gets a FailedError, and its lane goes on with the next."""

    @property
    def lanes(self) -> tuple[LaneInfo, ...]:
        """What each lane does."""
        return tuple(LaneInfo(lane) for lane in Lane)

    @property
    def open_services(self) -> tuple[str, ...]:
        """The stateful services that are borrowed now."""
        return ()

    async def sign_out(self) -> None:
        """Close the session in the background; never waits for the network."""
        self._stop_reconnecting()
        self._leave()
        self._set_state(State.OFFLINE)

    def close(self, patience: float = 0.5) -> None:
        """End the lanes without waiting for what they do, and the session within `patience` seconds if it can be."""
        self._stop_reconnecting()
        connection, self._connection = self._connection, None
        closing = connection.close_soon() if connection is not None else None
        for worker in self._workers.values():
            worker.close()
        if closing is not None:
            closing.join(patience)

    def _open(
        self, request: SignIn, progress: Callable[[str], None], report: Callable[[str, Exception], None]
    ) -> tuple[Connection, Registry, Session, Account]:
        """On a worker: a connection, and what comes with it."""
        connection = _connection_module().Connection.open(request, progress)
        try:
            registry = _registry_module().Registry(report)
            registry.load_entry_points()
            session = connection.session(registry)
            progress(f"Reading groups and people of {connection.server}…")
            return connection, registry, session, connection.account(session)
        except Exception as error:
            connection.close()
            raise classify(error, connection.server) from error

    def _run(
        self,
        lane: Lane,
        connection: Connection,
        function: Callable[..., T],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> T:
        """On the lane's worker: call `function` with the lane's own session."""
        try:
            session = self._sessions.get(lane)
            if session is None or session.connection is not connection:
                assert self._registry is not None
                session = self._sessions[lane] = connection.session(self._registry)
            return function(session, *args, **kwargs)
        except Exception as error:
            raise classify(error, connection.server) from error

    def _enter(self, connection: Connection, registry: Registry, session: Session, account: Account) -> None:
        self._connection, self._registry, self.account = connection, registry, account
        # It has its services already, so the first expansion of a node takes one round trip.
        self._sessions = {Lane.BROWSING: session}
        self._set_state(State.ONLINE)

    def _leave(self) -> None:
        if self._connection is not None:
            self._connection.close_soon()
        self._connection, self.account, self._sessions = None, None, {}

    async def _online(self) -> Connection:
        """The connection, once there is one again."""
        while self._reconnecting is not None:
            await asyncio.wait([self._reconnecting])
        if self._connection is None or self.state is State.SIGN_IN_NEEDED:
            raise RefusedError("You are not signed in.")
        return self._connection

    def _lost(self, connection: Connection, error: GatewayError) -> None:
        """Begin to reconnect, unless that is under way or done already."""
        if connection is self._connection and self._reconnecting is None:
            _log.warning("lost %s: %s", connection.server, error.detail)
            self._set_state(State.RECONNECTING)
            self._reconnecting = asyncio.get_running_loop().create_task(self._reconnect(connection))

    def _refused(self, connection: Connection, error: RefusedError) -> None:
        if connection is self._connection:
            _log.warning("refused by %s: %s", connection.server, error.detail)
            self._set_state(State.SIGN_IN_NEEDED)

    async def _reconnect(self, lost: Connection) -> None:
        """Try until the server is back, or says that it will not have us."""
        try:
            for pause in _pauses():
                await asyncio.sleep(pause)
                try:
                    self._connection = await self._aside(partial(_again, lost))
                except RefusedError as error:
                    self._refused(lost, error)
                    return
                except GatewayError as error:
                    _log.info("not yet: %s", error.detail)
                else:
                    lost.abandon()
                    self._set_state(State.ONLINE)
                    return
        finally:
            self._reconnecting = None

    async def _aside(self, open_: Callable[[], T]) -> T:
        """Run what opens a connection on a thread of its own; if it is cancelled, what opens after all is closed."""
        worker = Worker("sign-in")
        opened: asyncio.Future[T] = worker.run(open_, _close_unwanted)
        worker.close()
        return await opened

    def _worker(self, lane: Lane) -> Worker:
        if lane not in self._workers:
            self._workers[lane] = Worker(lane.value)
        return self._workers[lane]

    def _stop_reconnecting(self) -> None:
        if self._reconnecting is not None:
            self._reconnecting.cancel()
            self._reconnecting = None

    def _set_state(self, state: State) -> None:
        if state is not self.state:
            self.state = state
            for listener in self._state_listeners:
                listener(state)

    def _warn_from(self, loop: asyncio.AbstractEventLoop) -> Callable[[str, Exception], None]:
        """A function for workers that reports a foreign wrapper which fails."""

        def warn(name: str, error: Exception) -> None:
            sentence = f"The extension {name} failed; OMERO Desk goes on without it."
            for listener in self._warning_listeners:
                loop.call_soon_threadsafe(listener, sentence, repr(error))

        return warn


def _again(lost: Connection) -> Connection:
    """On a worker: the old session if it lives, else a new one with the credentials that opened it."""
    module = _connection_module()
    try:
        return module.Connection.open(lost.request, rejoin=lost.uuid)  # type: ignore[no-any-return]  # imported late
    except RefusedError:
        if lost.request.session:
            raise
        return module.Connection.open(lost.request)  # type: ignore[no-any-return]  # imported late


def _pauses() -> Iterator[float]:
    """Seconds before each try: at once, then longer and longer up to half a minute, never in step with others."""
    pause = 0.0
    while True:
        yield pause * random.uniform(0.8, 1.2)
        pause = min(pause * 2 or 0.5, 30.0)


def _close_unwanted(opened: Any) -> None:
    connection = opened[0] if isinstance(opened, tuple) else opened
    connection.close_soon()


def _connection_module() -> Any:
    """Imported on a worker, after the window is painted: Ice and omero take half a second to load."""
    return importlib.import_module("omero_desk.gateway.connection")


def _registry_module() -> Any:
    return importlib.import_module("omero_desk.gateway.registry")
