"""One submitted command at work: its state, its progress, and who wants to hear of it (omero-blitz's HandleI)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from enum import Enum
from typing import Any, Final

import omero
from sqlalchemy import Connection

from omero_desk.server.access.caller import enter_group
from omero_desk.server.backend import Backend
from omero_desk.server.commands.command import Command, Step, Work
from omero_desk.server.commands.errors import CancelledError, CommandError, GraphError
from omero_desk.server.database.bootstrap import GUEST_ID
from omero_desk.server.sessions import Session
from omero_desk.server.wire.calls import Call
from omero_desk.server.wire.exceptions import server_error, translate

log = logging.getLogger(__name__)

CANCEL_TIMEOUT_S: Final = 5.0  # omero.threads.cancel_timeout
_TOLD: Final = 10  # how many of a command's steps are told


class State(Enum):
    """Where a command is. Once it commits it cannot be cancelled any more."""

    CREATED = "created"
    RUNNING = "running"
    COMMITTING = "committing"
    CANCELLED = "cancelled"
    FINISHED = "finished"


class Run:
    """Runs a command once. `tell(response, status)` hears of each step, and of the end with the response."""

    def __init__(self, call: Call, command: Command, request: Any, tell: Callable[[Any, Any], None]) -> None:
        self.response: Any = None
        self._backend: Backend = call.backend
        self._session: Session = call.session
        self._caller = call.caller
        self._context: Mapping[str, str] = dict(call.context)
        self._command = command
        self._request = request
        self._tell = tell
        self._state = State.CREATED
        self._is_cancelled = False
        self._changed = threading.Condition()
        self._status = omero.cmd.Status(flags=[], parameters={}, stepStartTimes=[], stepStopTimes=[])

    def status(self) -> Any:
        """Return how far it is."""
        return self._status

    def execute(self) -> None:
        """Do the work, on a thread of the server's own."""
        if not self._advance(State.CREATED, State.RUNNING):
            return
        self._status.startTime = self._backend.faults.clock()
        try:
            response, state = self._work(), State.FINISHED
        except Exception as error:  # noqa: BLE001  whatever fails is the response
            response, state = self._failure(error), State.CANCELLED
        self._status.stopTime = self._backend.faults.clock()
        self._end(response, state)

    def cancel(self) -> bool:
        """Return whether nothing will come of the command; raises omero.LockTimeout if it does not heed in time."""
        with self._changed:
            if self._state is State.CREATED:
                self.response, self._state = self._failure(CancelledError()), State.CANCELLED
            self._is_cancelled = True
            over = self._changed.wait_for(self._is_over, CANCEL_TIMEOUT_S)
        if not over:
            self._is_cancelled = False
            refused = server_error(omero.LockTimeout, "timed out while waiting on CANCELLED state")
            refused.backOff, refused.seconds = 5000, round(CANCEL_TIMEOUT_S)
            raise refused
        return self._state is State.CANCELLED

    def is_over(self) -> bool:
        """Whether there is a response."""
        with self._changed:
            return self._is_over()

    def _is_over(self) -> bool:
        return self._state in (State.CANCELLED, State.FINISHED)

    def _advance(self, before: State, after: State) -> bool:
        with self._changed:
            if self._state is not before:
                return False
            self._state = after
            return True

    def _end(self, response: Any, state: State) -> None:
        with self._changed:
            self.response, self._state = response, state
            self._changed.notify_all()
        self._tell(response, self._status)

    def _check(self) -> None:
        """Stop where nobody wants the command any more, before anything of it is kept."""
        if self._is_cancelled or self._session.uuid not in self._backend.sessions:
            raise CancelledError

    def _work(self) -> Any:
        if self._session.user_id == GUEST_ID and not self._command.for_guests:
            raise CommandError("guest-restriction", "Disallowed for guests")
        if self._command.writes:
            with self._backend.store.read() as connection:
                self._command.look_ahead(self._work_on(connection))
        with self._transaction() as connection:
            self._take_steps(self._command.begin(self._work_on(connection)))
            self._check()
            response = self._command.response()
            self._advance(State.RUNNING, State.COMMITTING)
        self._command.after_commit()
        return response

    def _work_on(self, connection: Connection) -> Work:
        caller = self._caller
        if self._command.in_all_groups:
            caller = enter_group(connection, caller, -1)
        return Work(self._backend, self._session, caller, connection, self._check, self._context)

    def _transaction(self) -> AbstractContextManager[Connection]:
        return self._backend.write() if self._command.writes else self._backend.store.read()

    def _take_steps(self, steps: list[Step] | tuple[Step, ...] | Any) -> None:
        self._status.steps = len(steps)
        every = max(1, len(steps) // _TOLD)
        for number, step in enumerate(steps):
            self._check()
            self._status.currentStep = number
            step()
            if (number + 1) % every == 0:
                self._tell(None, omero.cmd.Status(currentStep=number + 1, steps=len(steps)))

    def _failure(self, error: Exception) -> Any:
        """Return the omero.cmd.ERR for an error, and flag it (Helper.fail, Helper.cancel)."""
        self._status.flags = [omero.cmd.State.FAILURE, omero.cmd.State.CANCELLED]
        category = getattr(error, "category", None) or self._request.ice_id()
        kind, name, parameters = omero.cmd.ERR, "run-fail", {}
        if isinstance(error, CommandError):
            kind = omero.cmd.GraphException if isinstance(error, GraphError) else omero.cmd.ERR
            name, parameters = error.name, error.parameters
        else:
            told = translate(error, str(self._request.ice_id()).rpartition("::")[2])
            parameters = {"message": getattr(told, "message", "") or str(told)}
        parameters.setdefault("stacktrace", parameters.get("message", ""))
        made = kind(category=category, name=name, parameters=parameters)
        if isinstance(made, omero.cmd.GraphException):
            made.message = parameters["message"]
        return made
