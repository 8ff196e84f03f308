"""Delete2: delete objects and what belongs to them alone."""

from __future__ import annotations

from collections.abc import Sequence

import omero

from omero_desk.server.commands.command import Step, Work
from omero_desk.server.commands.graph_commands import GraphChange
from omero_desk.server.commands.rules.deletion import DeletionPlanner
from omero_desk.server.commands.rules.options import ChildOptions, classes_of
from omero_desk.server.commands.rules.planner import Fate
from omero_desk.server.commands.steps.erasure import Eraser
from omero_desk.server.commands.targets import DELETE
from omero_desk.server.database.query_cache import State, state


class Delete(GraphChange[omero.cmd.Delete2]):
    """OMERO's Delete2I."""

    targets = DELETE
    planner: DeletionPlanner
    _planned_in: State | None = None

    def look_ahead(self, work: Work) -> None:
        """Plan and check ahead of the transaction, which takes long for very many objects."""
        for number, step in enumerate(super().begin(work)[:-2]):
            work.check()
            work.at_step(number)
            step()
        work.at_step(0)
        self._planned_in = state(work.connection)

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the steps; those of planning do nothing if the plan was made in the present state of the library."""
        if self._planned_in is None or self._planned_in != state(work.connection):
            return super().begin(work)
        self.work = work
        self.graph.connection = work.connection
        self.eraser = Eraser(self.graph, work.events(), work.check)
        return [*[_done_ahead] * 4, self.unlink, self.carry_out]

    def make_planner(self, work: Work, options: ChildOptions) -> DeletionPlanner:
        """Return the planner of deletions, without the classes to ignore."""
        planner = DeletionPlanner(self.graph, work.rights(), options, work.check)
        planner.ignored = classes_of(work.model, self.request.typesToIgnore)
        return planner

    def check_permissions(self) -> None:
        """Raise GraphError for objects that the caller is not permitted to delete."""
        self.planner.check_permissions()

    def response(self) -> omero.cmd.Delete2Response:
        """Return the ids of the deleted objects."""
        return omero.cmd.Delete2Response(deletedObjects=self.ids(Fate.DELETED))


def _done_ahead() -> None:
    """Do nothing, in place of a step that `look_ahead` has done."""
