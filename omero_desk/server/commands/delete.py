"""Delete2: objects and what belongs to them alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import omero

from omero_desk.server.commands.command import Step, Work
from omero_desk.server.commands.deletion import DeletionPlanner
from omero_desk.server.commands.erasure import Eraser
from omero_desk.server.commands.graph_commands import GraphChange
from omero_desk.server.commands.options import ChildOptions, classes_of
from omero_desk.server.commands.planner import Fate
from omero_desk.server.commands.targets import DELETE
from omero_desk.server.database.memory import State, state


class Delete(GraphChange):
    """OMERO's Delete2I."""

    targets = DELETE
    planner: DeletionPlanner
    _planned_in: State | None = None

    def look_ahead(self, work: Work) -> None:
        """Plan: what belongs to very many objects is not found quickly."""
        for step in super().begin(work)[:-2]:
            work.check()
            step()
        self._planned_in = state(work.connection)

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the steps; the plan holds unless something was written since."""
        if self._planned_in is None or self._planned_in != state(work.connection):
            return super().begin(work)
        self.work = work
        self.graph.connection = work.connection
        self.eraser = Eraser(self.graph, work.events(), work.check)
        return [*[_done] * 4, self.unlink, self.carry_out]

    def make_planner(self, work: Work, options: ChildOptions) -> DeletionPlanner:
        """Return what plans by the rules of deleting."""
        planner = DeletionPlanner(self.graph, work.rights(), options, work.check)
        planner.ignored = classes_of(work.model, self.request.typesToIgnore)
        return planner

    def check_permissions(self) -> None:
        """Raise GraphError where the caller may not delete something that goes."""
        self.planner.check_permissions()

    def response(self) -> Any:
        """Return what is deleted."""
        return omero.cmd.Delete2Response(deletedObjects=self.ids(Fate.DELETED))


def _done() -> None:
    """Do what was done ahead."""
