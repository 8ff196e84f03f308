"""The service manager: lanes of worker threads over one session, and what happens when the connection drops."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from omero_desk.entities.calls import Received
from omero_desk.entities.connection_states import Lane, LaneInfo, State, Status
from omero_desk.entities.errors import BusyError, GivenUpError, LostError, RefusedError
from omero_desk.entities.objects import Account, SignIn
from omero_desk.entities.sentences import Sentence, mark
from omero_desk.gateway.connection import probe
from omero_desk.gateway.connection.keeper import ConnectionKeeper
from omero_desk.gateway.connection.opener import Opener
from omero_desk.gateway.lanes.lane_runner import LaneRunner
from omero_desk.gateway.lanes.policy import REPEATS, SETTLE, SIGN_IN_LIMIT, Patience, patience_of, patient
from omero_desk.gateway.service.account_calls import check_account
from omero_desk.gateway.service.calls import Calls, back_off, retries_exhausted, with_unknown_fate
from omero_desk.gateway.service.journal import Journal, arguments_of, method_of
from omero_desk.gateway.service.write import Write
from omero_desk.gateway.tree import accounts

if TYPE_CHECKING:
    from omero_desk.gateway.connection.certificates import KnownCertificates
    from omero_desk.gateway.connection.connection import Connection
    from omero_desk.gateway.connection.session import LaneSession
    from omero_desk.gateway.wrappers.registry import Registry

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

    A call that outlasts the patience for its kind (a write that tells of its progress: without any) is given up:
    another worker takes its lane, and the connection is tested. If it is dead, that is the first case; if it lives, a
    read is asked once more, a write only looked for.

    A call belongs to the account that was signed in when it was made: it is never sent, nor sent again, as another.
    """

    def __init__(self, certificates: KnownCertificates | None = None, verify: bool = False) -> None:
        self.journal = Journal()
        self.certificates = certificates
        self._opener = Opener(accounts.account, certificates, verify)
        self._keeper = ConnectionKeeper(self._opener, self._is_busy)
        self._warning_listeners: list[Callable[[Sentence, str], None]] = []
        self._calls = Calls(self.journal)
        self._workers: dict[Lane, LaneRunner] = {}
        self._registry: Registry | None = None
        self._spare: dict[Lane, LaneSession] = {}
        self._of_thread = threading.local()

    @property
    def status(self) -> Status:
        """The state of the connection with its reason, and what is being tried."""
        return self._keeper.status

    @property
    def account(self) -> Account | None:
        """The account that is signed in, None without one."""
        return self._keeper.account

    @property
    def state(self) -> State:
        """The state of the connection to the server."""
        return self._keeper.status.state

    @property
    def lanes(self) -> tuple[LaneInfo, ...]:
        """The call that each lane works on, and the number of calls that wait behind it."""
        return tuple(self._workers[lane].info if lane in self._workers else LaneInfo(lane) for lane in Lane)

    @property
    def open_services(self) -> tuple[str, ...]:
        """The stateful services that are borrowed now."""
        connection = self._keeper.connection
        return tuple(connection.borrowed.values()) if connection is not None else ()

    def on_state(self, listener: Callable[[State], None]) -> None:
        """Call `listener` on the loop's thread at each change of `state`."""
        self._keeper.state_listeners.append(listener)

    def on_status(self, listener: Callable[[Status], None]) -> None:
        """Call `listener` on the loop's thread at each change of `status`."""
        self._keeper.status_listeners.append(listener)

    def on_warning(self, listener: Callable[[Sentence, str], None]) -> None:
        """Call `listener(sentence, detail)` on the loop's thread for trouble that stops nothing."""
        self._warning_listeners.append(listener)

    async def sign_in(self, request: SignIn, progress: Callable[[Sentence], None] = lambda _: None) -> Account:
        """Open a session, in place of the one there was. `progress` is called on the loop's thread.

        Raises GatewayError; then, and when it is cancelled, the session that there was goes on.
        """
        before = self._keeper.begin_sign_in()
        loop = asyncio.get_running_loop()

        def tell(words: Sentence) -> None:
            loop.call_soon_threadsafe(progress, words)

        open_ = partial(self._opener.open, request, tell, self._warn_from(loop))
        try:
            opened = await self._opener.aside(open_, SIGN_IN_LIMIT, probe.name(request))
        except BaseException:
            self._keeper.sign_in_failed(before)
            raise
        self._keeper.leave()
        # Its services are there already, so the first expansion of a node takes one round trip.
        self._registry, self._spare = opened.registry, {Lane.BROWSING: opened.session}
        self._keeper.enter(opened)
        for remark in opened.connection.remarks:
            self._warn(remark)
        return opened.account

    async def call(
        self, lane: Lane, function: Callable[Concatenate[LaneSession, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `function(session, *args)`, which only reads, on `lane`; raises GatewayError.

        Cancelling abandons the call at once. A call that loses the connection is repeated when it is back.
        """
        number = self.journal.begin(lane.value, method_of(function), arguments_of(args, kwargs))

        def ready(session: LaneSession) -> T:
            return function(session, *args, **kwargs)

        return await self._calls.run(number, self._read(self.account, number, lane, ready, patience_of(function)))

    async def write(self, lane: Lane, change: Write[T], *, sent: bool = False) -> T:
        """Make `change` on `lane`, once: when its fate is unknown it is looked up before it is sent again.

        `sent` says that it was sent before, by an earlier call that ended with an error whose `fate_unknown` is true:
        then it is looked up first. Raises RefusedError or FailedError.
        """
        number = self.journal.begin(lane.value, change.name, "")
        return await self._calls.run(number, self._write(self.account, number, lane, change, sent), is_write=True)

    def retry_now(self) -> None:
        """Try at once: the user pressed the button, or the network is back."""
        self._keeper.retry_now()

    def cancel(self, call_id: int) -> None:
        """Give a call up: whoever waits for it gets a FailedError, and its lane goes on with the next."""
        self._calls.cancel(call_id)
        for worker in self._workers.values():
            worker.strike(call_id)

    async def sign_out(self) -> None:
        """Close the session in the background; never waits for the network."""
        self._keeper.leave()
        self._keeper.set_status(Status())

    def close(self, patience: float = 0.4) -> None:
        """End the lanes without waiting for what they do, and the session within `patience` seconds if it can be."""
        connection, closing = self._keeper.connection, self._keeper.leave()
        ending = self._opener.give_up()
        for worker in self._workers.values():
            worker.close()
        if connection is not None and closing is not None:
            closing.join(patience)
            if closing.is_alive():  # the network hangs; Ice does not bear it that the program ends while it waits
                ending += [connection.abandon_soon(), closing]
        for thread in ending:
            thread.join(_FREEING)

    async def _read(
        self, account: Account | None, number: int, lane: Lane, function: Callable[[LaneSession], T], patience: float
    ) -> T:
        """Ask as `account` until there is an answer, or the retry policy ends."""
        lost = busy = 0
        given_up = False
        while True:
            connection = await self._online(account)
            try:
                return await self._go(number, lane, connection, function, patience)
            except LostError as error:
                lost += 1
                if lost > REPEATS or (given_up and isinstance(error, GivenUpError)):
                    raise retries_exhausted(error) from error
                given_up = isinstance(error, GivenUpError)
            except BusyError as error:
                await back_off(error, busy)
                busy += 1

    async def _write(self, account: Account | None, number: int, lane: Lane, change: Write[T], sent: bool) -> T:
        """Send once, as `account`; look for the change before it is sent again."""
        look = partial(self._read, account, number, lane, change.find, patience_of(change.find))
        if not sent:
            await self._read(account, number, lane, change.prepare, patience_of(change.prepare))
        for tries in range(REPEATS):
            if sent and (found := await with_unknown_fate(look())) is not None:
                return found
            connection = await self._online(account)
            sent = True
            try:
                patience, progress = patience_of(change.send), partial(getattr, change, "progress", None)
                return await self._go(number, lane, connection, change.send, patience, progress)
            except LostError as error:
                last = error
                if isinstance(error, GivenUpError) and self._keeper.is_up(connection):
                    break  # the server may still be at work on it: to send it again might double it
                await with_unknown_fate(self._settled())
            except RefusedError as error:
                error.fate_unknown = True
                raise
            except BusyError as error:
                await back_off(error, tries)
        if (found := await with_unknown_fate(look())) is not None:
            return found
        raise retries_exhausted(last, unknown=True) from last

    async def _online(self, account: Account | None) -> Connection:
        """Return the connection of `account` once there is one again. Raises RefusedError if there will be none."""
        connection = await self._keeper.online()
        check_account(account, self.account)
        return connection

    async def _settled(self) -> None:
        """Wait until the connection is back, and the server has had time for what came over the old one."""
        await self._keeper.online()
        await asyncio.sleep(SETTLE)

    async def _go(
        self,
        number: int,
        lane: Lane,
        connection: Connection,
        function: Callable[[LaneSession], T],
        patience: float,
        progress: Callable[[], object] = lambda: None,
    ) -> T:
        """Try a call once on the lane's worker; an error changes the state of the connection before it is raised."""
        self.journal.tried(number)
        work = partial(self._on_lane, lane, connection, function)
        try:
            result, received = await self._worker(lane).run(number, work, patience, progress)
        except GivenUpError as error:
            if self._registry is not None:
                self._registry.give_up(patience)
            await self._keeper.test(connection, error)
            raise
        except LostError as error:
            self._keeper.lost(connection, error)
            raise
        except RefusedError as error:
            self._keeper.refused(connection, error)
            raise
        self.journal.received(number, received)
        return result

    def _on_lane(self, lane: Lane, connection: Connection, function: Callable[[LaneSession], T]) -> tuple[T, Received]:
        """Call `function` with the session of the lane's worker, on that; return its result and how much it read."""
        try:
            session = self._session(lane, connection)
            session.received = received = Received()
            result = function(session)
            connection.heard()
            return result, received
        except Exception as error:
            raise connection.judge(error) from error

    def _session(self, lane: Lane, connection: Connection) -> LaneSession:
        """Return the worker's own session; one that replaced a worker that hangs has another."""
        session: LaneSession | None = getattr(self._of_thread, "session", None) or self._spare.pop(lane, None)
        if session is None or session.connection is not connection:
            assert self._registry is not None
            session = self._opener.session(connection, self._registry)
        self._of_thread.session = session
        return session

    def _worker(self, lane: Lane) -> LaneRunner:
        if lane not in self._workers:
            self._workers[lane] = LaneRunner(lane, self._put_away)
        return self._workers[lane]

    def _put_away(self) -> None:
        """Close what the session of a worker has kept open that another one has replaced, on its thread."""
        session: LaneSession | None = getattr(self._of_thread, "session", None)
        if session is not None:
            session.put_away()

    def _is_busy(self) -> bool:
        return any(worker.running is not None for worker in list(self._workers.values()))

    def _warn_from(self, loop: asyncio.AbstractEventLoop) -> Callable[[str, BaseException], None]:
        """Return a function with which workers report a foreign wrapper that fails."""

        def warn(name: str, error: BaseException) -> None:
            text = mark("Connection", "The extension {name} failed; OMERO Desk goes on without it.")
            loop.call_soon_threadsafe(self._warn, Sentence.of(text, name=name), repr(error))

        return warn

    def _warn(self, sentence: Sentence, detail: str = "") -> None:
        for listener in self._warning_listeners:
            listener(sentence, detail)
