"""Chgrp2 and Chown2: objects put into another group, or given to another user."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import omero
import sqlalchemy as sa

from omero_desk.server.access.permissions import GROUP, READ, is_granted
from omero_desk.server.access.privileges import CHGRP as CHGRP_PRIVILEGE
from omero_desk.server.access.privileges import CHOWN as CHOWN_PRIVILEGE
from omero_desk.server.commands.chgrp_rules import ChgrpPlanner
from omero_desk.server.commands.chown_rules import ChownPlanner
from omero_desk.server.commands.command import Step, Work
from omero_desk.server.commands.errors import CommandError, GraphError
from omero_desk.server.commands.graph import Key
from omero_desk.server.commands.graph_commands import GraphChange
from omero_desk.server.commands.moving import MovePlanner
from omero_desk.server.commands.options import ChildOptions
from omero_desk.server.commands.planner import Fate, refuse_unless_permitted
from omero_desk.server.commands.targets import CHGRP, CHOWN
from omero_desk.server.commands.transfer import Transfer
from omero_desk.server.database.rows import select_rows


class _Move(GraphChange):
    """What both do: what moves is written anew, after what is lost has been deleted."""

    planner: MovePlanner

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the steps."""
        steps = super().begin(work)
        self.transfer = Transfer(self.graph, work.events(), work.check)
        return steps

    def check_permissions(self) -> None:
        """Raise GraphError where the caller may not move or delete something that goes."""
        asked = [key for key in self.planner.going if key not in self.planner.unasked]
        lost = [self.graph[key] for key in asked if self.planner.going[key] is Fate.DELETED]
        flags = self.planner.flags
        refuse_unless_permitted(lost, "not permitted to delete", lambda thing: flags(thing).can_delete)
        self.check_moved([key for key in asked if self.planner.going[key] is Fate.MOVED])

    def check_moved(self, keys: Iterable[Key]) -> None:
        """Raise GraphError where the caller may not move something."""
        raise NotImplementedError


class Chgrp(_Move):
    """OMERO's Chgrp2I."""

    targets = CHGRP

    def make_planner(self, work: Work, options: ChildOptions) -> ChgrpPlanner:
        """Return what plans a move to the group; CommandError where the caller is no member of it."""
        group_id = self.request.groupId
        caller = work.caller
        table = work.backend.store.schema.table("ExperimenterGroup")
        permissions = work.connection.scalar(sa.select(table.c.permissions).where(table.c.id == group_id))
        if permissions is None or not (caller.has(CHGRP_PRIVILEGE) or group_id in caller.member_of):
            raise CommandError("not-in-group", "not a member of the chgrp destination group")
        self.permissions = permissions
        planner = ChgrpPlanner(self.graph, work.rights(), options, work.check)
        planner.to_private = not is_granted(permissions, GROUP, READ)
        return planner

    def check_moved(self, keys: Iterable[Key]) -> None:
        """Raise GraphError unless the caller owns what moves, or is an administrator."""
        caller = self.work.caller
        things = [self.graph[key] for key in keys]
        refuse_unless_permitted(
            things, "does not own", lambda thing: caller.has(CHGRP_PRIVILEGE) or thing.owner_id == caller.user_id
        )

    def unlink(self) -> None:
        """Break what would reach from one group into the other."""
        super().unlink()
        self.transfer.separate(self.keys(Fate.MOVED), self.planner.going.keys(), self.request.groupId)

    def carry_out(self) -> None:
        """Delete what is lost and write the group of what moves."""
        super().carry_out()
        self.transfer.write(self.keys(Fate.MOVED), group_id=self.request.groupId, permissions=self.permissions)

    def response(self) -> Any:
        """Return what moved and what was lost."""
        return omero.cmd.Chgrp2Response(includedObjects=self.ids(Fate.MOVED), deletedObjects=self.ids(Fate.DELETED))


class Chown(_Move):
    """OMERO's Chown2I."""

    targets = CHOWN

    def make_planner(self, work: Work, options: ChildOptions) -> ChownPlanner:
        """Return what plans a gift; GraphError for a caller who leads no group."""
        caller = work.caller
        if not caller.has(CHOWN_PRIVILEGE) and not caller.leader_of:
            raise GraphError("not an owner of any group")
        self.new_owner = work.backend.caller(self.request.userId, -1)
        return ChownPlanner(self.graph, work.rights(), options, work.check)

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the steps: the data of users are looked for first."""
        return [self.find_data, *super().begin(work)]

    def find_data(self) -> None:
        """Add all that the named users own in groups that the caller leads."""
        self.found: list[Key] = []
        users, caller = self.request.targetUsers or [], self.work.caller
        for root in sorted({self.work.model[name].root for name in self.targets if name in self.work.model}):
            table = self.graph.schema.table(root)
            if users and "owner_id" in table.c:
                statement = sa.select(table.c.id)
                if not caller.has(CHOWN_PRIVILEGE):
                    statement = statement.where(table.c.group_id.in_(sorted(caller.leader_of)))
                rows = select_rows(self.work.connection, statement, table.c.owner_id, users)
                self.found.extend(Key(root, row.id) for row in rows)
        self.graph.load(self.found)

    def plan(self) -> None:
        """Find out what goes."""
        self.plan_from([*self.read_targets(self.work, self.graph), *self.found])

    def check_moved(self, keys: Iterable[Key]) -> None:
        """Raise GraphError unless the caller leads the group of what is given, and the new owner is a member."""
        caller, new_owner = self.work.caller, self.new_owner
        if caller.has(CHOWN_PRIVILEGE):
            return
        things = [self.graph[key] for key in keys if self.graph[key].owner_id != new_owner.user_id]
        refuse_unless_permitted(things, "not permitted to delete", lambda thing: self.planner.flags(thing).can_delete)
        for thing in things:
            if not caller.leads(thing.group_id):
                reason = f"user {caller.user_id} is not an owner of group {thing.group_id}"
            elif thing.group_id not in new_owner.member_of:
                reason = f"user {new_owner.user_id} is not a member of group {thing.group_id}"
            else:
                continue
            raise GraphError(f"cannot process {thing.java_text}: {reason}")

    def carry_out(self) -> None:
        """Delete what is lost and write the owner of what is given."""
        super().carry_out()
        self._check_doubles()
        self.transfer.write(self.keys(Fate.MOVED), owner_id=self.request.userId)

    def _check_doubles(self) -> None:
        """Nobody owns two links between the same objects."""
        for link in self.planner.links.values():
            if self.planner.fate_of(link.key) is Fate.MOVED:
                table = self.graph.schema.table(link.key.root)
                same = sa.select(table.c.id).where(
                    table.c.parent_id == link.parent.id,
                    table.c.child_id == link.child.id,
                    table.c.owner_id == self.request.userId,
                    table.c.id != link.key.id,
                )
                if self.work.connection.scalar(same.limit(1)) is not None:
                    raise GraphError(f"would have user {self.request.userId} owning multiple identical links")

    def response(self) -> Any:
        """Return what was given and what was lost."""
        return omero.cmd.Chown2Response(includedObjects=self.ids(Fate.MOVED), deletedObjects=self.ids(Fate.DELETED))
