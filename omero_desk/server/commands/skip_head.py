"""SkipHead: a command on what lies below its targets, beginning with objects of some classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import omero

from omero_desk.server.commands.command import Command, Step, Work
from omero_desk.server.commands.errors import CommandError
from omero_desk.server.commands.graph_commands import GraphChange
from omero_desk.server.commands.options import classes_of, is_any


class SkipHead(Command):
    """OMERO's SkipHeadI: the walk of the head stops at the classes; from what was found there the request starts."""

    in_all_groups = True

    def __init__(self, request: Any, make: Callable[[Any], Command]) -> None:
        super().__init__(request)
        if isinstance(request.request, omero.cmd.GraphModify2):
            request.request.dryRun = request.request.dryRun or request.dryRun
        self._head, self._tail = (None if request.request is None else make(request.request) for _ in range(2))

    @property
    def writes(self) -> bool:
        """Whether the request does."""
        return self._tail is not None and self._tail.writes

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the head's planning, and the steps of the request from where it ended."""
        if self._tail is None:
            raise CommandError("graph-fail", "must pass a request argument")
        if not isinstance(self._head, GraphChange) or not isinstance(self._tail, GraphChange):
            raise CommandError("graph-fail", f"cannot use SkipHead on {type(self.request.request).__name__}")
        if not self.request.startFrom:
            raise CommandError("graph-fail", "SkipHead requires the start classes to be named")
        head, tail = self._head, self._tail
        self._starts = classes_of(work.model, self.request.startFrom)
        head.stop_before = lambda thing: is_any(work.model, thing, self._starts)
        tail_steps = list(tail.begin(work))
        options = self.request.request.childOptions
        self.request.request.childOptions = self.request.childOptions
        head.begin(work)
        self.request.request.childOptions = options
        first = tail_steps.index(tail.plan)
        return [*tail_steps[:first], self.skip, self.start, *tail_steps[first + 1 :]]

    def skip(self) -> None:
        """Walk from the targets to the start classes."""
        self.head.request = self.request
        self.head.plan_from(self.head.read_targets(self.head.work, self.head.graph))

    def start(self) -> None:
        """Plan from what was found there."""
        planner, graph = self.head.planner, self.head.graph
        found = [
            key
            for key, fate in planner.going.items()
            if fate is planner.fate and is_any(graph.schema.model, graph[key], self._starts)
        ]
        self.tail.graph.load(found)
        self.tail.overrides = frozenset(key for key in found if key in planner.unasked)
        self.tail.plan_from(found)

    @property
    def head(self) -> GraphChange:
        """The walk down to the start classes."""
        assert isinstance(self._head, GraphChange)
        return self._head

    @property
    def tail(self) -> GraphChange:
        """The request that starts there."""
        assert isinstance(self._tail, GraphChange)
        return self._tail

    def response(self) -> Any:
        """Return the request's response."""
        return self.tail.response()

    def after_commit(self) -> None:
        """Do what the request could not take back."""
        self.tail.after_commit()
