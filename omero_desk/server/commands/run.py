"""The run of a submitted command: its state, its progress and its end, as in omero-blitz's HandleI."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from enum import Enum
from typing import Final

import omero
from omero.cmd import ERR, GraphException, Request, Response, State, Status
from sqlalchemy import Connection

from omero_desk.server.access.caller import enter_group
from omero_desk.server.backend import Backend
from omero_desk.server.call import Call
from omero_desk.server.commands.command import AnyCommand, Step, Work, request_name
from omero_desk.server.commands.errors import CancelledError, CommandError, GraphError
from omero_desk.server.database.bootstrap import GUEST_ID
from omero_desk.server.error_translation import translate
from omero_desk.server.errors import server_error
from omero_desk.server.sessions.table import Session

log = logging.getLogger(__name__)

CANCEL_TIMEOUT_S: Final = 5.0  # omero.threads.cancel_timeout
_TOLD: Final = 10  # the most steps of a command that are reported


class RunState(Enum):
    """The state of a run. A command can be cancelled until it commits."""

    CREATED = "created"
    RUNNING = "running"
    COMMITTING = "committing"
    CANCELLED = "cancelled"
    FINISHED = "finished"


class CommandRun:
    """Runs a command once.

    `tell(response, status)` is called about ten times for steps, with no response, and at the end with the response.
    `response` is None until then.
    """

    def __init__(
        self,
        call: Call,
        command: AnyCommand,
        request: Request | None,
        tell: Callable[[Response | None, Status], None],
    ) -> None:
        self.response: Response | None = None
        self._backend: Backend = call.backend
        self._session: Session = call.session
        self._caller = call.caller
        self._context: Mapping[str, str] = dict(call.context)
        self._command = command
        self._request = request
        self._tell = tell
        self._state = RunState.CREATED
        self._is_cancelled = False
        self._changed = threading.Condition()
        self._status = Status(flags=[], parameters={}, stepStartTimes=[], stepStopTimes=[])

    def status(self) -> Status:
        """Return the present step, the number of steps and the times."""
        return self._status

    def execute(self) -> None:
        """Run the command, on a thread of the server; an error becomes the response."""
        if not self._advance(RunState.CREATED, RunState.RUNNING):
            return
        self._status.startTime = self._backend.faults.clock()
        try:
            response, state = self._work(), RunState.FINISHED
        except Exception as error:  # noqa: BLE001  whatever fails is the response
            response, state = self._failure(error), RunState.CANCELLED
        self._status.stopTime = self._backend.faults.clock()
        self._end(response, state)

    def cancel(self) -> bool:
        """Cancel the command, unless it commits, and return whether it was cancelled.

        Raises omero.LockTimeout if it has not ended after CANCEL_TIMEOUT_S.
        """
        with self._changed:
            if self._state is RunState.CREATED:
                self.response, self._state = self._failure(CancelledError()), RunState.CANCELLED
            self._is_cancelled = True
            over = self._changed.wait_for(self._is_over, CANCEL_TIMEOUT_S)
        if not over:
            self._is_cancelled = False
            refused = server_error(omero.LockTimeout, "timed out while waiting on CANCELLED state")
            refused.backOff, refused.seconds = 5000, round(CANCEL_TIMEOUT_S)
            raise refused
        return self._state is RunState.CANCELLED

    def is_over(self) -> bool:
        """Return whether there is a response."""
        with self._changed:
            return self._is_over()

    def _is_over(self) -> bool:
        return self._state in (RunState.CANCELLED, RunState.FINISHED)

    def _advance(self, before: RunState, after: RunState) -> bool:
        with self._changed:
            if self._state is not before:
                return False
            self._state = after
            return True

    def _end(self, response: Response, state: RunState) -> None:
        with self._changed:
            self.response, self._state = response, state
            self._changed.notify_all()
        self._tell(response, self._status)

    def _check(self) -> None:
        """Raise CancelledError if the command was cancelled or its session has ended."""
        if self._is_cancelled or self._session.uuid not in self._backend.sessions:
            raise CancelledError

    def _work(self) -> Response:
        if self._session.user_id == GUEST_ID and not self._command.for_guests:
            raise CommandError("guest-restriction", "Disallowed for guests")
        self._status.steps = self._command.announced
        if self._command.writes:
            with self._backend.store.read() as connection:
                self._command.look_ahead(self._work_on(connection))
        with self._transaction() as connection:
            self._take_steps(self._command.begin(self._work_on(connection)))
            self._check()
            response = self._command.response()
            self._advance(RunState.RUNNING, RunState.COMMITTING)
        self._command.after_commit()
        return response

    def _work_on(self, connection: Connection) -> Work:
        caller = self._caller
        if self._command.in_all_groups:
            caller = enter_group(connection, caller, -1)
        return Work(self._backend, self._session, caller, connection, self._check, self._context, self._enter_step)

    def _enter_step(self, number: int) -> None:
        self._status.currentStep = number

    def _transaction(self) -> AbstractContextManager[Connection]:
        return self._backend.write() if self._command.writes else self._backend.store.read()

    def _take_steps(self, steps: Sequence[Step]) -> None:
        self._status.steps = len(steps)
        every = max(1, len(steps) // _TOLD)
        for number, step in enumerate(steps):
            self._check()
            self._enter_step(number)
            step()
            if (number + 1) % every == 0:
                self._tell(None, Status(currentStep=number + 1, steps=len(steps)))

    def _failure(self, error: Exception) -> ERR:
        """Return the response for an error, and flag the status, as HandleI's Helper.fail and Helper.cancel do."""
        self._status.flags = [State.FAILURE, State.CANCELLED]
        if isinstance(error, CommandError):
            name, parameters, category = error.name, error.parameters, error.category
        else:
            told = translate(error, request_name(self._request))
            name, parameters, category = "run-fail", {"message": getattr(told, "message", "") or str(told)}, None
        category = category or ("" if self._request is None else self._request.ice_id())
        parameters.setdefault("stacktrace", parameters.get("message", ""))
        if isinstance(error, GraphError):
            return GraphException(category, name, parameters, error.message)
        return ERR(category, name, parameters)
