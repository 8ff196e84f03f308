"""What the commands that treat whole graphs share: targets, child options, the plan, and its being carried out."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from sqlalchemy import select

from omero_desk.server.access.security import visible
from omero_desk.server.commands.binaries import Binaries
from omero_desk.server.commands.command import Command, Step, Work
from omero_desk.server.commands.erasure import Eraser
from omero_desk.server.commands.errors import CommandError, GraphError
from omero_desk.server.commands.graph import Graph, Key, Thing
from omero_desk.server.commands.options import ChildOptions, classes_of, is_kind
from omero_desk.server.commands.planner import Fate, Planner
from omero_desk.server.database.model import Model, ModelClass
from omero_desk.server.database.rows import select_rows


class GraphCommand(Command):
    """A command on `targetObjects`; `targets` are the classes that may be named there."""

    in_all_groups = True
    targets: ClassVar[frozenset[str]]

    def read_targets(self, work: Work, graph: Graph) -> list[Key]:
        """Return the objects that the request names.

        Raises CommandError "bad-target" for a class that it may not name, GraphError for what cannot be read.
        """
        found: list[Key] = []
        for name, ids in (self.request.targetObjects or {}).items():
            target = self.target_class(work.model, name)
            found.extend(readable(work, graph, target, ids))
        return found

    def target_class(self, model: Model, name: str) -> ModelClass:
        """Return the class of a name; raises CommandError unless it is a legal target."""
        plain = name.rpartition(".")[2]
        found = model.get(plain)
        kinds = classes_of(model, self.targets)
        if found is None or not any(is_kind(model, found, kind) for kind in kinds):
            raise CommandError("bad-target", f"cannot target {plain}")
        return found


class GraphChange(GraphCommand):
    """A command that plans, checks and then deletes or moves objects, unless it is a dry run."""

    planner: Planner
    stop_before: Callable[[Thing], bool] | None = None
    overrides: frozenset[Key] = frozenset()

    @property
    def writes(self) -> bool:
        """Whether it is no dry run."""
        return not self.request.dryRun

    def begin(self, work: Work) -> Sequence[Step]:
        """Return OMERO's steps: plan, check rules, check permissions, look for links; unlink, carry out."""
        self.work = work
        self.graph = Graph(work.backend.store.schema, work.connection)
        self.eraser = Eraser(self.graph, work.events(), work.check)
        self.binaries = Binaries(work.backend)
        self.planner = self.make_planner(work, ChildOptions(work.model, self.request.childOptions))
        steps = [self.plan, self.planner.check_violations, self.check_permissions, self.look]
        return steps if self.request.dryRun else [*steps, self.unlink, self.carry_out]

    @abstractmethod
    def make_planner(self, work: Work, options: ChildOptions) -> Planner:
        """Return what plans the command."""

    def plan(self) -> None:
        """Find out what goes."""
        self.plan_from(self.read_targets(self.work, self.graph))

    def plan_from(self, targets: Iterable[Key]) -> None:
        """Find out what goes with some objects; `overrides` are those of which is not asked whether they may."""
        self.planner.unasked.update(self.overrides)
        self.planner.plan(targets, self.stop_before)

    @abstractmethod
    def check_permissions(self) -> None:
        """Raise GraphError for what the caller may not do to what goes."""

    def look(self) -> None:
        """OMERO looks for the order of things here, which deferred constraints make unnecessary."""

    def unlink(self) -> None:
        """Put right what stays and points at what is deleted."""
        self.eraser.unlink(self.keys(Fate.DELETED))

    def carry_out(self) -> None:
        """Delete what is to be deleted."""
        deleted = self.keys(Fate.DELETED)
        self.binaries.note(self.work.connection, deleted)
        self.eraser.erase(deleted)

    def after_commit(self) -> None:
        """Remove the files of deleted rows from the disk."""
        if self.writes:
            self.binaries.remove()

    def keys(self, fate: Fate) -> list[Key]:
        """Return the objects of one fate."""
        return [key for key, each in self.planner.going.items() if each is fate]

    def ids(self, fate: Fate) -> dict[str, list[int]]:
        """Return ids by full class name, as responses list them."""
        return ids_by_class(self.graph, self.keys(fate))


def readable(work: Work, graph: Graph, target: ModelClass, ids: Iterable[int]) -> list[Key]:
    """Return objects of a class; raises GraphError if one is not there, or the caller may not see it."""
    wanted = set(ids)
    table = graph.schema.table(target.name)
    statement = select(table.c.id).where(visible(table, work.caller, -1))
    kind = graph.schema.is_class(table, target.name)
    if kind is not None:
        statement = statement.where(kind)
    keys = [Key(target.root, row.id) for row in select_rows(work.connection, statement, table.c.id, wanted)]
    if len(keys) != len(wanted):
        raise GraphError(f"cannot read all the specified objects of class {target.java_name}")
    graph.load(keys)
    return keys


def ids_by_class(graph: Graph, keys: Iterable[Key]) -> dict[str, list[int]]:
    """Return sorted ids by the full names of their classes."""
    found: dict[str, list[int]] = {}
    for key in sorted(keys):
        found.setdefault(graph[key].found.java_name, []).append(key.id)
    return found
