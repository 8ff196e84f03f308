"""LegalGraphTargets: what a command may be pointed at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import omero

from omero_desk.server.commands.command import Command, Step, Work
from omero_desk.server.commands.errors import CommandError
from omero_desk.server.commands.graph_commands import GraphCommand


class LegalTargets(Command):
    """OMERO's LegalGraphTargetsI."""

    def __init__(self, request: Any, make: Callable[[Any], Command]) -> None:
        super().__init__(request)
        self._asked = None if request.request is None else make(request.request)

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the one step."""
        self._model = work.model
        return [self.check]

    def check(self) -> None:
        """Raise CommandError for a request that has no targets."""
        if not isinstance(self._asked, GraphCommand):
            raise CommandError("graph-no-targets", "the request is none on a graph")

    def response(self) -> Any:
        """Return the full names of the classes."""
        assert isinstance(self._asked, GraphCommand)
        names = sorted(self._asked.targets)
        known = [self._model[name].java_name if name in self._model else f"ome.model.{name}" for name in names]
        return omero.cmd.LegalGraphTargetsResponse(targets=known)
