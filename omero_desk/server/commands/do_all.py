"""DoAll: several requests as one, and Save, which is one of those that it takes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import omero

from omero_desk.server.commands.command import Command, Step, Work
from omero_desk.server.commands.errors import CommandError
from omero_desk.server.saving.save import save_graph
from omero_desk.server.sign_in import caller_of


class DoAll(Command):
    """OMERO's DoAllI: every request succeeds, or none does. `make` makes the commands."""

    def __init__(self, request: Any, make: Callable[[Any], Command]) -> None:
        super().__init__(request)
        self._commands = [make(each) for each in request.requests or ()]
        self._counts: list[int] = []

    @property
    def writes(self) -> bool:
        """Whether one of the requests does."""
        return any(command.writes for command in self._commands)

    def look_ahead(self, work: Work) -> None:
        """Let a single request look ahead: of several, one may alter what another finds."""
        if len(self._commands) == 1:
            (command,) = self._commands
            _tell_category(command, partial(command.look_ahead, self._work_of(work, 0)))()

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the steps of all requests in turn."""
        steps: list[Step] = []
        for number, command in enumerate(self._commands):
            own = _tell_category(command, partial(command.begin, self._work_of(work, number)))()
            self._counts.append(len(own))
            steps.extend(_tell_category(command, step) for step in own)
        if not steps:
            raise CommandError("no-steps")
        return steps

    def response(self) -> Any:
        """Return the responses and what became of each request."""
        responses = [command.response() for command in self._commands]
        statuses = [
            omero.cmd.Status(flags=[], parameters={}, currentStep=max(count - 1, 0), steps=count)
            for count in self._counts
        ]
        return omero.cmd.DoAllRsp(responses=responses, status=statuses)

    def after_commit(self) -> None:
        """Do what each of them could not take back."""
        for command in self._commands:
            command.after_commit()

    def _work_of(self, work: Work, number: int) -> Work:
        contexts = [*(self.request.contexts or ())]
        return _work_of(work, self._commands[number], contexts[number] if number < len(contexts) else {})


class Save(Command):
    """omero.api.Save: a graph of objects, saved as IUpdate does it."""

    writes = True

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the one step."""
        self._work = work
        return [self.save]

    def save(self) -> None:
        """Save the object."""
        schema = self._work.backend.store.schema
        self._saved = save_graph(schema, self._work.connection, self._work.caller, [self.request.obj])[0]

    def response(self) -> Any:
        """Return the object as it is now."""
        return omero.api.SaveRsp(self._saved)


def _work_of(work: Work, command: Command, context: Mapping[str, str]) -> Work:
    """Return what a request of several works with: the group is its kind's, or the one of its context."""
    named = {**({"omero.group": "-1"} if command.in_all_groups else {}), **context}
    group = named.get("omero.group", "")
    if group.lstrip("-").isdigit():
        caller = caller_of(work.backend, work.session, int(group), None)
        return dataclasses.replace(work, caller=caller)
    return work


def _tell_category(command: Command, step: Callable[[], Any]) -> Callable[[], Any]:
    """Let an error say which request it is of."""

    def run() -> Any:
        try:
            return step()
        except CommandError as error:
            if command.request is not None:
                error.category = error.category or command.request.ice_id()
            raise

    return run
