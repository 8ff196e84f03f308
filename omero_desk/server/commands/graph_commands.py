"""The base of commands on graphs of objects: their targets, child options, plan and changes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import ClassVar, TypeVar

import omero.cmd
import sqlalchemy as sa

from omero_desk.server.access.security import visible
from omero_desk.server.commands.command import ServerCommand, Step, Work
from omero_desk.server.commands.errors import CommandError, GraphError
from omero_desk.server.commands.rules.graph import Key, StoredGraph, Thing
from omero_desk.server.commands.rules.options import (
    ANY_ANNOTATION_LINK,
    ChildOptions,
    class_named,
    classes_of,
    is_any,
    is_kind,
    plain_name,
)
from omero_desk.server.commands.rules.planner import Fate, Planner
from omero_desk.server.commands.steps.binaries import Binaries
from omero_desk.server.commands.steps.erasure import Eraser
from omero_desk.server.database.model import ModelClass, OmeroModel
from omero_desk.server.database.rows import select_rows

QueryT = TypeVar("QueryT", bound=omero.cmd.GraphQuery)
ModifyT = TypeVar("ModifyT", bound=omero.cmd.GraphModify2)


class GraphCommand(ServerCommand[QueryT]):
    """A command on the objects of `targetObjects`; `targets` are the names of the classes that they may be of."""

    in_all_groups = True
    targets: ClassVar[frozenset[str]]

    def read_targets(self, work: Work, graph: StoredGraph) -> list[Key]:
        """Return the target objects, loaded into the graph.

        Raises CommandError as `target_classes` does, GraphError for an object that does not exist or that the caller
        may not see.
        """
        targets = {name: self.target_classes(work.model, name) for name in self.request.targetObjects or {}}
        found: list[Key] = []
        for name, kinds in targets.items():
            found.extend(readable(work, graph, kinds, self.request.targetObjects[name]))
        return found

    def target_classes(self, model: OmeroModel, name: str) -> list[ModelClass]:
        """Return the class of a name, or all classes of annotation links for their interface (GraphHelper).

        Raises CommandError "bad-target" unless it is a legal target, and "graph-fail" without a word, for OMERO's
        NullPointerException, for a name of no class.
        """
        found, kinds = class_named(model, name), classes_of(model, self.targets)
        if found is None:
            raise CommandError("graph-fail", parameters={"message": ""})
        if found in kinds and not isinstance(found, ModelClass):
            return [each for each in model.values() if not each.abstract and is_kind(model, each, found)]
        if not isinstance(found, ModelClass) or not any(is_kind(model, found, kind) for kind in kinds):
            raise CommandError("bad-target", f"cannot target {plain_name(name)}")
        return [found]


class Wrappable(GraphCommand[ModifyT]):
    """A command that SkipHead may wrap, as OMERO's WrappableRequest: with a part that plans from some targets.

    `stop_before` tells objects from which the plan goes no further. `overrides` are objects that the caller need not
    be permitted to change.
    """

    graph: StoredGraph
    stop_before: Callable[[Thing], bool] | None = None
    overrides: frozenset[Key] = frozenset()

    @abstractmethod
    def plan(self) -> None:
        """Plan what becomes of the targets, and of what goes with them: one of the steps."""

    @abstractmethod
    def plan_from(self, targets: Iterable[Key]) -> None:
        """Plan what becomes of some objects, and of what goes with them."""

    @abstractmethod
    def planned(self) -> Collection[Key]:
        """Return the objects that the plan does to what it does to the targets (getActionForStarting)."""

    @abstractmethod
    def unasked(self) -> Collection[Key]:
        """Return the objects of the plan that the caller need not be permitted to change."""

    def starts(self, kinds: Iterable[ModelClass | str]) -> list[Key]:
        """Return those of the planned objects that are of one of some classes."""
        kinds = list(kinds)
        return [key for key in self.planned() if is_any(self.graph.schema.model, self.graph[key], kinds)]


class GraphChange(Wrappable[ModifyT]):
    """A command that plans, checks and then deletes or moves objects; a dry run ends with the checks."""

    planner: Planner

    @property
    def writes(self) -> bool:
        """True unless the command is a dry run."""
        return not self.request.dryRun

    @property
    def announced(self) -> int:
        """The number of steps."""
        return 4 if self.request.dryRun else 6

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the steps, as many as OMERO's GraphTraversal has: four of planning and checking, two of changes."""
        self.work = work
        self.graph = StoredGraph(work.backend.store.schema, work.connection)
        self.eraser = Eraser(self.graph, work.events(), work.check)
        self.binaries = Binaries(work.backend)
        self.planner = self.make_planner(work, ChildOptions(work.model, self.request.childOptions))
        steps = [self.plan, self.planner.check_violations, self.check_permissions, self.order]
        return steps if self.request.dryRun else [*steps, self.unlink, self.carry_out]

    @abstractmethod
    def make_planner(self, work: Work, options: ChildOptions) -> Planner:
        """Return the planner with the rules of the command."""

    def plan(self) -> None:
        """Plan what becomes of the targets, and of what goes with them."""
        self.plan_from(self.read_targets(self.work, self.graph))

    def plan_from(self, targets: Iterable[Key]) -> None:
        """Plan what becomes of some objects, and of what goes with them."""
        self.planner.unasked.update(self.overrides)
        self.planner.plan(targets, self.stop_before)

    def planned(self) -> Collection[Key]:
        """Return the objects whose fate is that of the targets."""
        return self.keys(self.planner.fate)

    def unasked(self) -> Collection[Key]:
        """Return the objects of the plan that the caller need not be permitted to change."""
        return self.planner.unasked

    @abstractmethod
    def check_permissions(self) -> None:
        """Raise GraphError for planned changes that the caller is not permitted to make."""

    def order(self) -> None:
        """Do nothing: OMERO orders the changes here, which constraints deferred to the commit make unnecessary."""

    def unlink(self) -> None:
        """Set references from objects that stay to deleted objects to null."""
        self.eraser.unlink(self.keys(Fate.DELETED))

    def carry_out(self) -> None:
        """Delete the objects that the plan deletes."""
        deleted = self.keys(Fate.DELETED)
        self.binaries.note(self.work.connection, deleted)
        self.eraser.erase(deleted)

    def after_commit(self) -> None:
        """Remove the files of deleted rows from the disk."""
        if self.writes:
            self.binaries.remove()

    def keys(self, fate: Fate) -> list[Key]:
        """Return the objects that the plan has one fate for."""
        return [key for key, each in self.planner.going.items() if each is fate]

    def ids(self, fate: Fate) -> dict[str, list[int]]:
        """Return the sorted ids of the objects with one fate, by full class name, as responses list them."""
        return self.graph.ids_by_class(sorted(self.keys(fate)))


def readable(work: Work, graph: StoredGraph, targets: Sequence[ModelClass], ids: Iterable[int]) -> list[Key]:
    """Return objects of a class, or of any of several, loaded into the graph (GraphTraversal.objectsToCIs).

    Raises GraphError for one that does not exist or that the caller may not see, and for an id that means objects of
    several classes, of which OMERO would take any.
    """
    wanted = set(ids)
    keys: list[Key] = []
    for target in targets:
        statement, column = select_visible(work, target)
        keys.extend(Key(target.root, row.id) for row in select_rows(work.connection, statement, column, wanted))
    if sorted(key.id for key in keys) != sorted(wanted):
        name = targets[0].java_name if len(targets) == 1 else f"ome.model.{ANY_ANNOTATION_LINK}"
        raise GraphError(f"cannot read all the specified objects of class {name}")
    graph.load(keys)
    return keys


def select_visible(work: Work, found: ModelClass) -> tuple[sa.Select[int], sa.Column[int]]:
    """Return the statement for the ids of all objects of a class that the caller sees here, and the column of ids."""
    schema = work.backend.store.schema
    table = schema.table(found.name)
    statement = sa.select(table.c.id).where(visible(table, work.caller))
    kind = schema.is_class(table, found.name)
    return (statement if kind is None else statement.where(kind)), table.c.id
