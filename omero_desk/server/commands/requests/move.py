"""Chgrp2 and Chown2: move objects to another group, and give them to another owner."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from functools import cached_property

import omero
import omero.cmd
import sqlalchemy as sa

from omero_desk.server.access.caller import ALL_GROUPS
from omero_desk.server.access.permissions import GROUP, READ, is_granted
from omero_desk.server.access.privileges import CHGRP as CHGRP_PRIVILEGE
from omero_desk.server.access.privileges import CHOWN as CHOWN_PRIVILEGE
from omero_desk.server.commands.command import Step, Work
from omero_desk.server.commands.errors import CommandError, GraphError, InitError, java_text
from omero_desk.server.commands.graph_commands import GraphChange, ModifyT
from omero_desk.server.commands.rules import rules
from omero_desk.server.commands.rules.chgrp_rules import ChgrpPlanner
from omero_desk.server.commands.rules.chown_rules import ChownPlanner
from omero_desk.server.commands.rules.graph import Key, Link, Thing
from omero_desk.server.commands.rules.moving import MovePlanner
from omero_desk.server.commands.rules.options import ChildOptions
from omero_desk.server.commands.rules.planner import Fate, refuse_unless_permitted
from omero_desk.server.commands.steps.transfer import Transfer
from omero_desk.server.commands.targets import CHGRP, CHOWN
from omero_desk.server.database.rows import select_rows


class _Move(GraphChange[ModifyT]):
    """Deletes the objects that cannot go along, and then writes the rows of those that move."""

    planner: MovePlanner

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the steps."""
        steps = super().begin(work)
        self.transfer = Transfer(self.graph, work.events(), work.check)
        return steps

    def check_permissions(self) -> None:
        """Raise GraphError for objects that the caller is not permitted to move or delete."""
        asked = [key for key in self.planner.going if key not in self.planner.unasked]
        lost = [self.graph[key] for key in asked if self.planner.going[key] is Fate.DELETED]
        flags = self.planner.flags
        refuse_unless_permitted(lost, "not permitted to delete", lambda thing: flags(thing).can_delete)
        self.check_moved([key for key in asked if self.planner.going[key] is Fate.MOVED])

    @abstractmethod
    def check_moved(self, keys: Iterable[Key]) -> None:
        """Raise GraphError for objects that the caller is not permitted to move."""


class Chgrp(_Move[omero.cmd.Chgrp2]):
    """OMERO's Chgrp2I."""

    targets = CHGRP

    def make_planner(self, work: Work, options: ChildOptions) -> ChgrpPlanner:
        """Return the planner of a move to the group; raises CommandError for a caller who is no member of it."""
        group_id = self.request.groupId
        caller = work.caller
        table = work.backend.store.schema.table("ExperimenterGroup")
        permissions = work.connection.scalar(sa.select(table.c.permissions).where(table.c.id == group_id))
        if not (caller.has(CHGRP_PRIVILEGE) or group_id in caller.member_of):
            raise CommandError("not-in-group", "not a member of the chgrp destination group")
        if permissions is None:
            raise InitError  # a NullPointerException of OMERO's
        self.permissions = permissions
        planner = ChgrpPlanner(self.graph, work.rights(), options, work.check)
        planner.to_private = not is_granted(permissions, GROUP, READ)
        return planner

    def check_moved(self, keys: Iterable[Key]) -> None:
        """Raise GraphError for objects of other owners, unless the caller is an administrator with the privilege."""
        caller = self.work.caller
        things = [self.graph[key] for key in keys]
        refuse_unless_permitted(
            things, "does not own", lambda thing: caller.has(CHGRP_PRIVILEGE) or thing.owner_id == caller.user_id
        )

    def unlink(self) -> None:
        """Set references between objects that move and objects that stay to null."""
        super().unlink()
        self.transfer.separate(self.keys(Fate.MOVED), self.planner.going.keys(), self.request.groupId)

    def carry_out(self) -> None:
        """Delete what is lost and write the group of what moves."""
        super().carry_out()
        self.transfer.write(self.keys(Fate.MOVED), group_id=self.request.groupId, permissions=self.permissions)

    def response(self) -> omero.cmd.Chgrp2Response:
        """Return what moved and what was lost."""
        return omero.cmd.Chgrp2Response(includedObjects=self.ids(Fate.MOVED), deletedObjects=self.ids(Fate.DELETED))


class Chown(_Move[omero.cmd.Chown2]):
    """OMERO's Chown2I."""

    targets = CHOWN

    @property
    def announced(self) -> int:
        """The number of steps."""
        return super().announced + 1

    def make_planner(self, work: Work, options: ChildOptions) -> ChownPlanner:
        """Return the planner of a gift.

        Raises InitError for a caller who owns no group, or none that one of the users whose data is given is in.
        """
        caller = work.caller
        if not caller.has(CHOWN_PRIVILEGE):
            if not caller.leader_of:
                raise InitError(java_text("not an owner of any group"))
            for user_id in self.request.targetUsers or ():
                if not caller.leader_of & _groups_of(work, user_id):
                    text = f"not an owner of any group of ome.model.meta.Experimenter[{user_id}]"
                    raise InitError(java_text(text))
        self.groups_of_owner = _groups_of(work, self.request.userId)
        return ChownPlanner(self.graph, work.rights(), options, work.check)

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the steps, of which the first looks for the data of users that are to be given."""
        return [self.find_data, *super().begin(work)]

    def find_data(self) -> None:
        """Find all that the named users own, in groups that the caller owns unless an administrator."""
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
        """Plan what becomes of the targets, of the data of users, and of what goes with them."""
        self.plan_from([*self.read_targets(self.work, self.graph), *self.found])

    def check_moved(self, keys: Iterable[Key]) -> None:
        """Raise GraphError unless the caller owns the group of each object, and the new owner is a member of it.

        That the new owner would own two links between the same objects is refused here to all but full administrators,
        whose command fails when it is carried out, as in OMERO.
        """
        caller = self.work.caller
        things = [self.graph[key] for key in keys if self.graph[key].owner_id != self.request.userId]
        if not caller.has(CHOWN_PRIVILEGE):
            flags = self.planner.flags
            refuse_unless_permitted(things, "not permitted to delete", lambda thing: flags(thing).can_delete)
            for thing in things:
                self._check_group(thing)
        if not caller.is_full_admin:
            doubled = self._doubled()
            if doubled is not None:
                reason = f"would have user {self.request.userId} owning multiple identical links"
                raise GraphError(f"cannot process {self.graph[doubled].java_text}: {reason}")

    def _check_group(self, thing: Thing) -> None:
        caller, user_id = self.work.caller, self.request.userId
        if not caller.leads(thing.group_id):
            reason = f"user {caller.user_id} is not an owner of group {thing.group_id}"
        elif thing.group_id not in self.groups_of_owner:
            reason = f"user {user_id} is not a member of group {thing.group_id}"
        else:
            return
        raise GraphError(f"cannot process {thing.java_text}: {reason}")

    def carry_out(self) -> None:
        """Delete what is lost and write the owner of what is given.

        Raises CommandError "graph-fail", as OMERO does for its database, for an owner who does not exist, and for links
        that would be the same.
        """
        super().carry_out()
        if not self.groups_of_owner or self._doubled() is not None:
            raise CommandError("graph-fail", "could not execute update query")
        self.transfer.write(self.keys(Fate.MOVED), owner_id=self.request.userId)

    def _doubled(self) -> Key | None:
        """Return a link that the new owner would own two of: another that is there, or that is given too."""
        given: set[tuple[str, int, int]] = set()
        for link in self.planner.links.values():
            is_given = self.planner.fate_of(link.key) is Fate.MOVED
            if is_given and link.key.root in self._unique and self.graph[link.key].owner_id != self.request.userId:
                ends = (link.key.root, link.parent.id, link.child.id)
                if ends in given or self._has_same(link):
                    return link.key
                given.add(ends)
        return None

    @cached_property
    def _unique(self) -> frozenset[str]:
        """The classes of links of which a user owns one between the same objects."""
        return self.planner.book.annotation_links | frozenset(rules.CONTENTS)

    def _has_same(self, link: Link) -> bool:
        table = self.graph.schema.table(link.key.root)
        same = sa.select(table.c.id).where(
            table.c.parent_id == link.parent.id,
            table.c.child_id == link.child.id,
            table.c.owner_id == self.request.userId,
            table.c.id != link.key.id,
        )
        return self.work.connection.scalar(same.limit(1)) is not None

    def response(self) -> omero.cmd.Chown2Response:
        """Return what was given and what was lost."""
        return omero.cmd.Chown2Response(includedObjects=self.ids(Fate.MOVED), deletedObjects=self.ids(Fate.DELETED))


def _groups_of(work: Work, user_id: int) -> frozenset[int]:
    """Return the groups that a user is a member of; none for a user who does not exist."""
    try:
        return frozenset(work.backend.caller(user_id, ALL_GROUPS).member_of)
    except omero.SecurityViolation:
        return frozenset()
