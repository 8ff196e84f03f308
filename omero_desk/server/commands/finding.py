"""FindParents, FindChildren and DiskUsage2: what objects are in, what is in them, and how much room that takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import omero
import sqlalchemy as sa

from omero_desk.server.access.security import visible
from omero_desk.server.commands import rules
from omero_desk.server.commands.command import Step, Work
from omero_desk.server.commands.errors import CommandError
from omero_desk.server.commands.graph import Graph, Key, by_root
from omero_desk.server.commands.graph_commands import GraphCommand, ids_by_class
from omero_desk.server.commands.options import classes_of, is_any, is_kind
from omero_desk.server.commands.targets import FIND
from omero_desk.server.database.model import ModelClass
from omero_desk.server.database.rows import select_rows

_MORE: Final = rules.read(
    """
    Pixels: settings thumbnails
    LogicalChannel: channels detectorSettings lightSourceSettings
    Image: objectiveSettings
    LightSettings: lightSource
    DetectorSettings: detector
    ObjectiveSettings: objective
    Detector: instrument
    LightSource: instrument
    Objective: instrument
    """
)
_EDGES: Final = tuple(edge.name for edge in (*rules.PARTS, *rules.SHARED, *_MORE) if edge.name != "Image.fileset")


class Reach:
    """Walks down to what is contained, or up to what contains; only where the wanted classes can be met."""

    def __init__(self, graph: Graph, *, down: bool, check: Any) -> None:
        self._graph = graph
        self._book = rules.RuleBook(graph.schema.model)
        self._down = down
        self._check = check
        self._stop_before: Sequence[ModelClass | str] = ()

    def from_(self, targets: Iterable[Key], wanted: Iterable[str], stop_before: Sequence[ModelClass | str]) -> set[Key]:
        """Return all that is met, targets included; the walk goes on from roots that lead to a wanted one."""
        self._stop_before, useful = stop_before, self._leading_to(set(wanted))
        met: set[Key] = set()
        wave = set(targets)
        while wave:
            self._check()
            met |= wave
            going = [key for key in wave if key.root in useful and not self._ends_at(key)]
            wave = {key for root, ids in by_root(going).items() for key in self._next(root, ids)} - met
        return met

    def _next(self, root: str, ids: list[int]) -> Iterator[Key]:
        keys = [Key(root, each) for each in ids]
        for edge, start, _ in self._steps():
            if start == root:
                walk = self._graph.ends if self._down else self._graph.users
                yield from (end for _, end in walk(edge, self._having(edge, keys)))
        for name in self._book.link_classes:
            holds_parent = name in rules.HOLDS_PARENT
            of_parents = self._down != holds_parent
            if self._link_start(name) == root:
                for link in self._graph.links(name, keys, of_parents=of_parents):
                    yield link.key
                    if not self._ends_at(link.key):
                        yield link.child if of_parents else link.parent

    def _ends_at(self, key: Key) -> bool:
        return is_any(self._graph.schema.model, self._graph[key], self._stop_before)

    def _having(self, edge: str, keys: list[Key]) -> list[Key]:
        if not self._down:
            return keys
        source = edge.partition(".")[0]
        return [key for key in keys if self._book.is_a(self._graph[key].found.name, source)]

    def _steps(self) -> Iterator[tuple[str, str, str]]:
        for edge in _EDGES:
            ends = self._book.root(edge.partition(".")[0]), self._book.target_root(edge)
            yield (edge, *(ends if self._down else ends[::-1]))

    def _link_start(self, name: str) -> str:
        at_parent = self._down != (name in rules.HOLDS_PARENT)
        return self._book.target_root(name + (".parent" if at_parent else ".child"))

    def _link_end(self, name: str) -> str:
        at_parent = self._down != (name in rules.HOLDS_PARENT)
        return self._book.target_root(name + (".child" if at_parent else ".parent"))

    def _leading_to(self, wanted: set[str]) -> set[str]:
        """Return the roots from which there is a way to a wanted root."""
        pairs = {(start, end) for _, start, end in self._steps()}
        pairs |= {
            (self._link_start(name), end) for name in self._book.link_classes for end in (name, self._link_end(name))
        }
        useful: set[str] = set()
        while more := {start for start, end in pairs if end in wanted | useful} - useful:
            useful |= more
        return useful


class _Find(GraphCommand):
    """What both directions share."""

    targets = FIND
    down = True

    def wanted(self) -> list[str]:
        """Return the names of the classes to find."""
        raise NotImplementedError

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the one step."""
        if not self.wanted():
            raise CommandError("bad-options", f"no types of {'children' if self.down else 'parents'} specified to find")
        self._work = work
        self._graph = Graph(work.backend.store.schema, work.connection)
        return [self.find]

    def find(self) -> None:
        """Walk."""
        model = self._work.model
        kinds = classes_of(model, self.wanted())
        stop = classes_of(model, self.request.stopBefore)
        roots = {found.root for found in model.values() if any(is_kind(model, found, kind) for kind in kinds)}
        reach = Reach(self._graph, down=self.down, check=self._work.check)
        met = reach.from_(self.read_targets(self._work, self._graph), roots, stop)
        found = [key for key in met if is_any(model, self._graph[key], kinds)]
        self._found = ids_by_class(self._graph, seen(self._work, self._graph, found))


class FindChildren(_Find):
    """OMERO's FindChildrenI."""

    def wanted(self) -> list[str]:
        """Return the names of the classes to find."""
        return list(self.request.typesOfChildren or ())

    def response(self) -> Any:
        """Return what was found."""
        return omero.cmd.FoundChildren(children=self._found)


class FindParents(_Find):
    """OMERO's FindParentsI."""

    down = False

    def wanted(self) -> list[str]:
        """Return the names of the classes to find."""
        return list(self.request.typesOfParents or ())

    def response(self) -> Any:
        """Return what was found."""
        return omero.cmd.FoundParents(parents=self._found)


def seen(work: Work, graph: Graph, keys: Iterable[Key]) -> Iterator[Key]:
    """Give those of some objects that the caller may see."""
    for root, ids in by_root(keys).items():
        table = graph.schema.table(root)
        statement = sa.select(table.c.id).where(visible(table, work.caller, -1))
        yield from (Key(root, row.id) for row in select_rows(work.connection, statement, table.c.id, ids))
