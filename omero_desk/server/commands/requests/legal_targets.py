"""LegalGraphTargets: list the classes whose objects may be targets of a request."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import omero.cmd

from omero_desk.server.commands.command import AnyCommand, ServerCommand, Step, Work
from omero_desk.server.commands.errors import CommandError
from omero_desk.server.commands.graph_commands import GraphCommand


class LegalTargets(ServerCommand[omero.cmd.LegalGraphTargets]):
    """OMERO's LegalGraphTargetsI."""

    def __init__(self, request: omero.cmd.LegalGraphTargets, make: Callable[[omero.cmd.Request], AnyCommand]) -> None:
        super().__init__(request)
        self._asked = None if request.request is None else make(request.request)

    @property
    def announced(self) -> int:
        """The number of steps."""
        return 1

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the one step."""
        self._model = work.model
        return [self.check]

    def check(self) -> None:
        """Raise CommandError for a request without target objects."""
        if not isinstance(self._asked, GraphCommand):
            raise CommandError("graph-no-targets", "the request is none on a graph")

    def response(self) -> omero.cmd.LegalGraphTargetsResponse:
        """Return the full names of the classes."""
        assert isinstance(self._asked, GraphCommand)
        names = sorted(self._asked.targets)
        known = [self._model[name].java_name if name in self._model else f"ome.model.{name}" for name in names]
        return omero.cmd.LegalGraphTargetsResponse(targets=known)
