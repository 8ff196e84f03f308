"""Delete2: objects and what belongs to them alone."""

from __future__ import annotations

from typing import Any

import omero

from omero_desk.server.commands.command import Work
from omero_desk.server.commands.deletion import DeletionPlanner
from omero_desk.server.commands.graph_commands import GraphChange
from omero_desk.server.commands.options import ChildOptions, classes_of
from omero_desk.server.commands.planner import Fate
from omero_desk.server.commands.targets import DELETE


class Delete(GraphChange):
    """OMERO's Delete2I."""

    targets = DELETE
    planner: DeletionPlanner

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
