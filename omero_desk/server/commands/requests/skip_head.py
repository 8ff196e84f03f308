"""SkipHead: a command on the objects of some classes below its targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import omero.cmd

from omero_desk.server.commands.command import AnyCommand, ServerCommand, Step, Work, request_name
from omero_desk.server.commands.errors import CommandError, InitError, java_text
from omero_desk.server.commands.graph_commands import Wrappable
from omero_desk.server.commands.rules.options import classes_of, is_any
from omero_desk.server.database.model import ModelClass


class SkipHead(ServerCommand[omero.cmd.SkipHead]):
    """OMERO's SkipHeadI.

    The request has two commands. The plan of the head stops at objects of the start classes; those are the targets of
    the tail, which is carried out. Both are made in the group that the wrapped request is made in.
    """

    def __init__(self, request: omero.cmd.SkipHead, make: Callable[[omero.cmd.Request], AnyCommand]) -> None:
        super().__init__(request)
        if isinstance(request.request, omero.cmd.GraphModify2):
            request.request.dryRun = request.request.dryRun or request.dryRun
        self._head, self._tail = (None if request.request is None else make(request.request) for _ in range(2))
        self.in_all_groups = self._tail is not None and self._tail.in_all_groups

    @property
    def writes(self) -> bool:
        """True if the tail changes the library."""
        return self._tail is not None and self._tail.writes

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the steps of the head up to its plan, and those of the tail with the found objects as targets.

        Raises InitError for no request and for one that cannot be wrapped, CommandError "graph-fail" for no start
        classes, unknown ones, and whatever keeps the wrapped request from being begun.
        """
        if self._tail is None:
            raise InitError(java_text("must pass a request argument"))
        if not isinstance(self._head, Wrappable) or not isinstance(self._tail, Wrappable):
            raise InitError(java_text(f"cannot use SkipHead on {request_name(self.request.request)}I"))
        try:
            return self._begin(work)
        except CommandError as error:
            raise CommandError("graph-fail", parameters={"message": error.parameters.get("message", "")}) from error

    def _begin(self, work: Work) -> Sequence[Step]:
        head, tail = self.head, self.tail
        self._work = work
        if not self.request.startFrom:
            reason = java_text("SkipHead requires the start classes to be named")
            raise InitError(f"graph traversal policy adjustment failed: {reason}")
        self._starts = self._start_classes(work)
        head.stop_before = lambda thing: is_any(work.model, thing, self._starts)
        options = head.request.childOptions
        head.request.childOptions = self.request.childOptions
        head_steps = list(head.begin(work))
        head.request.childOptions = options
        tail_steps = list(tail.begin(work))
        before = head_steps[: head_steps.index(head.plan)]
        first = tail_steps.index(tail.plan)
        return [*before, self.skip, *tail_steps[:first], self.start, *tail_steps[first + 1 :]]

    def _start_classes(self, work: Work) -> list[ModelClass | str]:
        try:
            return classes_of(work.model, self.request.startFrom)
        except InitError:
            raise InitError from None  # a NullPointerException of OMERO's

    def skip(self) -> None:
        """Plan from the targets to the objects of the start classes."""
        self.head.request = self.request
        self.head.plan_from(self.head.read_targets(self._work, self.head.graph))

    def start(self) -> None:
        """Plan from the objects of the start classes."""
        found = self.head.starts(self._starts)
        self.tail.graph.load(found)
        self.tail.overrides = frozenset(found) & frozenset(self.head.unasked())
        self.tail.plan_from(found)

    @property
    def head(self) -> Wrappable[omero.cmd.GraphModify2]:
        """The command whose plan leads down to the start classes."""
        assert isinstance(self._head, Wrappable)
        return self._head

    @property
    def tail(self) -> Wrappable[omero.cmd.GraphModify2]:
        """The command that starts there."""
        assert isinstance(self._tail, Wrappable)
        return self._tail

    def response(self) -> omero.cmd.Response:
        """Return the tail's response."""
        return self.tail.response()

    def after_commit(self) -> None:
        """Let the tail do what cannot be undone."""
        self.tail.after_commit()
