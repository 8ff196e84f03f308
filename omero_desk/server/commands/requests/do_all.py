"""DoAll: several requests in one transaction, and Save, a request that is mostly among them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

import omero
import omero.api
import omero.cmd

from omero_desk.server.commands.command import AnyCommand, ServerCommand, Step, Work
from omero_desk.server.commands.errors import CommandError, InitError
from omero_desk.server.saving.save import save_graph
from omero_desk.server.sign_in import caller_of

T = TypeVar("T")


class DoAll(ServerCommand[omero.cmd.DoAll]):
    """OMERO's DoAllI: every request succeeds, or nothing is changed. `make` makes the command of a request."""

    def __init__(self, request: omero.cmd.DoAll, make: Callable[[omero.cmd.Request], AnyCommand]) -> None:
        super().__init__(request)
        self._commands = [make(each) for each in request.requests or ()]
        self._counts: list[int] = []

    @property
    def writes(self) -> bool:
        """True if one of the commands changes the library."""
        return any(command.writes for command in self._commands)

    def look_ahead(self, work: Work) -> None:
        """Let a single command look ahead; of several, one might change what another has found."""
        if len(self._commands) == 1:
            (command,) = self._commands
            _as_init(_tell_category(command, partial(command.look_ahead, self._work_of(work, 0))))

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the steps of all commands in turn."""
        steps: list[Step] = []
        for number, command in enumerate(self._commands):
            own = _as_init(_tell_category(command, partial(command.begin, self._work_of(work, number))))
            self._counts.append(len(own))
            steps.extend(_tell_category(command, step) for step in own)
        if not steps:
            raise CommandError("no-steps")
        return steps

    def response(self) -> omero.cmd.DoAllRsp:
        """Return the response and the status of each request."""
        responses = [command.response() for command in self._commands]
        statuses = [
            omero.cmd.Status(flags=[], parameters={}, currentStep=max(count - 1, 0), steps=count)
            for count in self._counts
        ]
        return omero.cmd.DoAllRsp(responses=responses, status=statuses)

    def after_commit(self) -> None:
        """Let each command do what cannot be undone."""
        for command in self._commands:
            command.after_commit()

    def _work_of(self, work: Work, number: int) -> Work:
        contexts = [*(self.request.contexts or ())]
        return _work_of(work, self._commands[number], contexts[number] if number < len(contexts) else {})


class Save(ServerCommand[omero.api.Save]):
    """omero.api.Save: save an object and what it refers to, as IUpdate does."""

    writes = True

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the one step."""
        self._work = work
        return [self.save]

    def save(self) -> None:
        """Save the object."""
        schema = self._work.backend.store.schema
        wanted = self.request.obj
        assert wanted is not None
        self._saved = save_graph(schema, self._work.connection, self._work.caller, [wanted], is_returned=True)[0]

    def response(self) -> omero.api.SaveRsp:
        """Return the saved object."""
        return omero.api.SaveRsp(self._saved)


def _work_of(work: Work, command: AnyCommand, context: Mapping[str, str]) -> Work:
    """Return the work of one of several commands, in the group of its own context or else of its kind."""
    named = {**({"omero.group": "-1"} if command.in_all_groups else {}), **context}
    group = named.get("omero.group", "")
    if group.lstrip("-").isdigit():
        caller = caller_of(work.backend, work.session, int(group), None)
        return dataclasses.replace(work, caller=caller)
    return work


def _as_init(begin: Callable[[], T]) -> T:
    """Return what the beginning of one of several commands gives; what DoAllI.init has no name for is "bad-init"."""
    try:
        return begin()
    except InitError as error:
        raise CommandError("bad-init", parameters=error.parameters) from error


def _tell_category(command: AnyCommand, step: Callable[[], T]) -> Callable[[], T]:
    """Return a step whose CommandError has the Ice id of the command's request as category."""

    def run() -> T:
        try:
            return step()
        except CommandError as error:
            if command.request is not None:
                error.category = error.category or command.request.ice_id()
            raise

    return run
