"""FindParents and FindChildren: find what objects are in, and what is in them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import omero.cmd

from omero_desk.server.commands.command import Step, Work
from omero_desk.server.commands.errors import CommandError
from omero_desk.server.commands.graph_commands import GraphCommand, QueryT, select_visible
from omero_desk.server.commands.rules import rules
from omero_desk.server.commands.rules.graph import Key, StoredGraph, Thing, by_root, keys_by_root
from omero_desk.server.commands.rules.options import classes_of, is_any, is_kind
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
_ANNOTATED: Final = """
    Annotation Channel Dataset Detector Dichroic Fileset Filter Folder Image Instrument LightPath LightSource Objective
    OriginalFile PlaneInfo PlateAcquisition Plate Project Reagent Roi Screen Shape Well
"""
_CONTAINED: Final = """
    ChannelBinding CodomainMapContext DatasetImageLink DetectorSettings Experiment FilesetEntry FilesetJobLink FilterSet
    FilterSetEmissionFilterLink FilterSetExcitationFilterLink FolderImageLink FolderRoiLink ImagingEnvironment Job
    JobOriginalFileLink LightPathEmissionFilterLink LightPathExcitationFilterLink LightSettings LogicalChannel
    Microscope MicrobeamManipulation OTF ObjectiveSettings Pixels PixelsOriginalFileMap ProjectDatasetLink ProjectionDef
    QuantumDef RenderingDef ScreenPlateLink StageLabel StatsInfo Thumbnail TransmittanceRange WellReagentLink WellSample
"""
_EDGES: Final = tuple(edge.name for edge in (*rules.PARTS, *rules.SHARED, *_MORE) if edge.name != "Image.fileset")


class Reach:
    """Walks from objects down to what they contain, or up to what contains them.

    `check` is called for every level and may raise to stop. The walk does not go on from objects for `ends_at`.
    """

    def __init__(
        self,
        graph: StoredGraph,
        *,
        down: bool,
        check: Callable[[], None],
        ends_at: Callable[[Thing], bool] | None = None,
    ) -> None:
        self._graph = graph
        self._book = rules.RuleBook(graph.schema.model)
        self._down = down
        self._check = check
        self._stop_before: Sequence[ModelClass | str] = ()
        self._told_ends = ends_at

    def from_(self, targets: Iterable[Key], wanted: Iterable[str], stop_before: Sequence[ModelClass | str]) -> set[Key]:
        """Return all objects that are met, targets included.

        The walk goes on only from root classes that lead to `wanted` ones, and not from objects of classes in
        `stop_before`.
        """
        self._stop_before, useful = stop_before, self._leading_to(set(wanted))
        met: set[Key] = set()
        wave = set(targets)
        while wave:
            self._check()
            met |= wave
            going = [key for key in wave if key.root in useful and not self._ends_at(key)]
            wave = {key for root, keys in keys_by_root(going).items() for key in self._next(root, keys)} - met
        return met

    def _next(self, root: str, keys: list[Key]) -> Iterator[Key]:
        """Yield what objects of one root class lead to in one step; over a link, the link and its other end."""
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
        thing = self._graph[key]
        is_told = self._told_ends is not None and self._told_ends(thing)
        return is_told or is_any(self._graph.schema.model, thing, self._stop_before)

    def _having(self, edge: str, keys: list[Key]) -> list[Key]:
        """Return those of some objects to follow a property from: on the way down, those whose class has it."""
        if not self._down:
            return keys
        source = edge.partition(".")[0]
        return [key for key in keys if self._book.is_a(self._graph[key].found.name, source)]

    def _steps(self) -> Iterator[tuple[str, str, str]]:
        """Yield the properties to follow, each with the root classes that it leads from and to in this direction."""
        for edge in _EDGES:
            ends = self._book.root(edge.partition(".")[0]), self._graph.target_root(edge)
            yield (edge, *(ends if self._down else ends[::-1]))

    def _link_start(self, name: str) -> str:
        at_parent = self._down != (name in rules.HOLDS_PARENT)
        return self._graph.target_root(name + (".parent" if at_parent else ".child"))

    def _link_end(self, name: str) -> str:
        at_parent = self._down != (name in rules.HOLDS_PARENT)
        return self._graph.target_root(name + (".child" if at_parent else ".parent"))

    def _leading_to(self, wanted: set[str]) -> set[str]:
        """Return the names of the root classes from which there is a way to a wanted one."""
        pairs = {(start, end) for _, start, end in self._steps()}
        pairs |= {
            (self._link_start(name), end) for name in self._book.link_classes for end in (name, self._link_end(name))
        }
        useful: set[str] = set()
        while more := {start for start, end in pairs if end in wanted | useful} - useful:
            useful |= more
        return useful


class _Find(GraphCommand[QueryT]):
    """Finds objects of wanted classes in one direction, down to contents or up to containers."""

    targets = FIND
    down = True

    @property
    def announced(self) -> int:
        """The number of steps."""
        return 1

    @abstractmethod
    def wanted(self) -> list[str]:
        """Return the names of the classes to find."""

    @abstractmethod
    def stop_before(self) -> list[str]:
        """Return the names of the classes whose objects are not followed."""

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the one step.

        Raises CommandError "bad-options" for no classes to find and for one that StopBeforeHelper does not know,
        InitError for a name of no class.
        """
        if not self.wanted():
            raise CommandError("bad-options", f"no types of {'children' if self.down else 'parents'} specified to find")
        self._work = work
        self._graph = StoredGraph(work.backend.store.schema, work.connection)
        self._kinds = classes_of(work.model, self.wanted())
        targets = classes_of(work.model, self.request.targetObjects or ())
        self._stop = classes_of(work.model, self.stop_before())
        for kinds in (targets, self._kinds):
            _refuse_unknown(kinds)
        return [self.find]

    def find(self) -> None:
        """Find the objects of the wanted classes that the caller may see."""
        model, kinds, stop = self._work.model, self._kinds, self._stop
        roots = {found.root for found in model.values() if any(is_kind(model, found, kind) for kind in kinds)}
        reach = Reach(self._graph, down=self.down, check=self._work.check)
        met = reach.from_(self.read_targets(self._work, self._graph), roots, stop)
        found = [key for key in met if is_any(model, self._graph[key], kinds)]
        self._found = self._graph.ids_by_class(sorted(visible_keys(self._work, self._graph, found)))


def _refuse_unknown(kinds: Iterable[ModelClass | str]) -> None:
    """Raise CommandError for classes whose topmost class contains nothing and is in nothing."""
    tops = {kind.root if isinstance(kind, ModelClass) else kind for kind in kinds}
    unknown = sorted(tops - _in_hierarchy())
    if unknown:
        raise CommandError("bad-options", f"unknown in hierarchy: {','.join(unknown)}")


def _in_hierarchy() -> set[str]:
    """Return the names of the topmost classes that contain others or are in others (StopBeforeHelper.HIERARCHY)."""
    known = set(_CONTAINED.split())
    for name in _ANNOTATED.split():
        known |= {name, f"{name}AnnotationLink"}
    return known


class FindChildren(_Find[omero.cmd.FindChildren]):
    """OMERO's FindChildrenI."""

    def wanted(self) -> list[str]:
        """Return the names of the classes to find."""
        return list(self.request.typesOfChildren or ())

    def stop_before(self) -> list[str]:
        """Return the names of the classes whose objects are not followed."""
        return list(self.request.stopBefore or ())

    def response(self) -> omero.cmd.FoundChildren:
        """Return the ids of what was found."""
        return omero.cmd.FoundChildren(children=self._found)


class FindParents(_Find[omero.cmd.FindParents]):
    """OMERO's FindParentsI."""

    down = False

    def wanted(self) -> list[str]:
        """Return the names of the classes to find."""
        return list(self.request.typesOfParents or ())

    def stop_before(self) -> list[str]:
        """Return the names of the classes whose objects are not followed."""
        return list(self.request.stopBefore or ())

    def response(self) -> omero.cmd.FoundParents:
        """Return the ids of what was found."""
        return omero.cmd.FoundParents(parents=self._found)


def visible_keys(work: Work, graph: StoredGraph, keys: Iterable[Key]) -> Iterator[Key]:
    """Yield those of some objects that the caller may see."""
    for root, ids in by_root(keys).items():
        statement, column = select_visible(work, graph.schema.model[root])
        yield from (Key(root, row.id) for row in select_rows(work.connection, statement, column, ids))
