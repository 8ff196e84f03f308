"""Chmod2: change the permissions of groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import omero
import sqlalchemy as sa

from omero_desk.server.access.permissions import GROUP, READ, is_granted, parse
from omero_desk.server.commands.command import Work
from omero_desk.server.commands.errors import CommandError, GraphError
from omero_desk.server.commands.graph_commands import GraphChange
from omero_desk.server.commands.rules import rules
from omero_desk.server.commands.rules.deletion import DeletionPlanner
from omero_desk.server.commands.rules.graph import Key
from omero_desk.server.commands.rules.options import ChildOptions
from omero_desk.server.commands.rules.planner import Fate, refuse_unless_permitted
from omero_desk.server.commands.steps.transfer import Transfer
from omero_desk.server.commands.targets import CHMOD
from omero_desk.server.database.model import Relation

_LOST: Final = ("RenderingDef.pixels", "Thumbnail.pixels", "Roi.image")
"""References between objects of two owners whose first object is deleted when a group becomes private."""

_KEPT: Final = (
    "Image.imagingEnvironment",
    "Image.instrument",
    "Image.stageLabel",
    "Image.experiment",
    "Channel.logicalChannel",
    "WellSample.image",
)
"""References between objects of two owners with which a group cannot become private."""


class Chmod(GraphChange[omero.cmd.Chmod2]):
    """OMERO's Chmod2I: a group that becomes private loses what its members made of each other's data."""

    targets = CHMOD
    planner: DeletionPlanner

    def make_planner(self, work: Work, options: ChildOptions) -> DeletionPlanner:
        """Return the planner of deletions; raises CommandError for a text that is no permissions."""
        try:
            self.permissions = parse(self.request.permissions)
        except ValueError as error:
            raise CommandError("bad-permissions", str(error)) from None
        return DeletionPlanner(self.graph, work.rights(), options, work.check)

    def plan(self) -> None:
        """Read the groups and plan what those lose that become private."""
        self.groups = self.read_targets(self.work, self.graph)
        if is_granted(self.permissions, GROUP, READ):
            return
        table = self.graph.schema.table("ExperimenterGroup")
        for group in self.groups:
            before = self.work.connection.scalar(sa.select(table.c.permissions).where(table.c.id == group.id))
            if before is not None and is_granted(before, GROUP, READ):
                self._plan_losses(group.id)

    def _plan_losses(self, group_id: int) -> None:
        for edge in _KEPT:
            for user, used in self._mixed(edge, group_id):
                user_text, used_text = self.graph[user], self.graph[used]
                raise GraphError(f"cannot downgrade to private as {user_text} uses differently owned {used_text}")
        for edge in _LOST:
            for user, _ in self._mixed(edge, group_id):
                self.planner.send(user, Fate.DELETED, unasked=True)
        for name in sorted(self.planner.book.annotation_links | set(rules.CONTENTS)):
            self._lose_links(name, group_id)
        self.planner.plan([])

    def _lose_links(self, name: str, group_id: int) -> None:
        """Plan to delete the links of a class between objects of two owners."""
        roots = [self.work.model[self.graph.target_root(f"{name}.{end}")] for end in ("parent", "child")]
        if not all(root.has_details for root in roots):
            return
        table = self.graph.schema.table(name)
        parent, child = (self.graph.schema.table(root.name).alias() for root in roots)
        statement = sa.select(table.c.id).where(
            table.c.group_id == group_id,
            table.c.parent_id == parent.c.id,
            table.c.child_id == child.c.id,
            parent.c.owner_id != child.c.owner_id,
        )
        keys = [Key(name, row.id) for row in self.work.connection.execute(statement)]
        self.graph.load(keys)
        for key in keys:
            self.planner.send(key, Fate.DELETED, unasked=True)

    def _mixed(self, edge: str, group_id: int) -> Iterator[tuple[Key, Key]]:
        """Yield the objects of a group that refer to one of another owner by the property `edge`, with that one."""
        source, _, name = edge.partition(".")
        found = self.work.model[source].properties[name]
        assert isinstance(found, Relation)
        users, used = self.graph.schema.table(source), self.graph.schema.table(found.target).alias()
        statement = sa.select(users.c.id, used.c.id.label("used")).where(
            users.c.group_id == group_id,
            users.c[name + "_id"] == used.c.id,
            users.c.owner_id != used.c.owner_id,
        )
        root, target = self.work.model[source].root, self.work.model[found.target].root
        pairs = [(Key(root, row.id), Key(target, row.used)) for row in self.work.connection.execute(statement)]
        self.graph.load(key for pair in pairs for key in pair)
        yield from pairs

    def check_permissions(self) -> None:
        """Raise GraphError unless the caller is an administrator or an owner of each group."""
        caller = self.work.caller
        groups = [self.graph[group] for group in self.groups]
        refuse_unless_permitted(
            groups, "not permitted to change permissions on", lambda group: caller.is_admin or caller.leads(group.id)
        )

    def carry_out(self) -> None:
        """Delete what is lost and write the groups' permissions."""
        super().carry_out()
        transfer = Transfer(self.graph, self.work.events(), self.work.check)
        transfer.write(self.groups, permissions=self.permissions)

    def response(self) -> omero.cmd.Chmod2Response:
        """Return the groups and what was lost."""
        groups = self.graph.ids_by_class(sorted(self.groups))
        return omero.cmd.Chmod2Response(includedObjects=groups, deletedObjects=self.ids(Fate.DELETED))
