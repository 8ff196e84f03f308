"""Duplicate: objects and what is in them once more, as the caller's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import omero

from omero_desk.server.commands.command import Step, Work
from omero_desk.server.commands.copying import Copier
from omero_desk.server.commands.errors import GraphError
from omero_desk.server.commands.finding import Reach, seen
from omero_desk.server.commands.graph import Graph, Key, Thing
from omero_desk.server.commands.graph_commands import GraphCommand, ids_by_class, readable
from omero_desk.server.commands.options import classes_of, is_kind
from omero_desk.server.commands.targets import DUPLICATE
from omero_desk.server.database.model import ModelClass

_SHARED: Final = ("Channel.logicalChannel", "Image.experiment")
"""What is copied only if all that use it are."""

_DISPLAY: Final = ("RenderingDef.pixels", "Thumbnail.pixels")
"""What is copied only if it belongs to the owner of the pixels."""


class Duplicate(GraphCommand):
    """OMERO's DuplicateI; the copy of a file of the repository is another row that names the same bytes."""

    targets = DUPLICATE

    @property
    def writes(self) -> bool:
        """Whether it is no dry run."""
        return not self.request.dryRun

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the steps; CommandError "bad-class" for a type that is none."""
        self._work = work
        self._graph = Graph(work.backend.store.schema, work.connection)
        request = self.request
        self._kinds = [
            (kind, is_copied)
            for names, is_copied in (
                (request.typesToDuplicate, True),
                (request.typesToReference, False),
                (request.typesToIgnore, False),
            )
            for kind in classes_of(work.model, names)
        ]
        self._ignored = classes_of(work.model, request.typesToIgnore)
        self._copies: dict[Key, Key] = {}
        self._copier = Copier(self._graph, work.events(), work.caller)
        steps = [self.plan, self.check_filesets, self.check_groups]
        return steps if request.dryRun else [*steps, self.copy]

    def plan(self) -> None:
        """Find what is to be copied."""
        targets = set(self.read_targets(self._work, self._graph))
        stop = [kind for kind, is_copied in self._kinds if not is_copied]
        self._reach = Reach(self._graph, down=True, check=self._work.check)
        self._everything = {found.root for found in self._work.model.values()}
        met = self._reach.from_(targets, self._everything, stop)
        self._met = {key for key in met if self._is_copied(self._graph[key])}
        self._add_filesets(stop)
        self._met = set(seen(self._work, self._graph, self._met))
        self._leave_shared(targets)

    def _is_copied(self, thing: Thing) -> bool:
        """The most specific of the named types decides."""
        model = self._work.model
        named = [(kind, copied) for kind, copied in self._kinds if is_kind(model, thing.found, kind)]
        return min(named, key=lambda each: self._breadth(each[0]))[1] if named else not thing.found.is_global

    def _breadth(self, kind: ModelClass | str) -> int:
        return len(self._work.model.subclasses_of(kind.name)) if isinstance(kind, ModelClass) else len(self._work.model)

    def _of(self, root: str) -> list[Key]:
        return [key for key in self._met if key.root == root]

    def _add_filesets(self, stop: Sequence[ModelClass | str]) -> None:
        for _, fileset in self._graph.ends("Image.fileset", self._of("Image")):
            is_whole = all(image in self._met for _, image in self._graph.ends("Fileset.images", [fileset]))
            if is_whole and self._is_copied(self._graph[fileset]):
                below = self._reach.from_([fileset], self._everything, stop)
                self._met |= {key for key in below if self._is_copied(self._graph[key])}

    def _leave_shared(self, targets: Iterable[Key]) -> None:
        for edge in _SHARED:
            root = self._graph.end_root(edge)
            users = self._graph.users(edge, self._of(root))
            self._met -= {shared for shared, user in users if user not in self._met} - set(targets)
        for edge in _DISPLAY:
            ends = self._graph.ends(edge, self._of(edge.partition(".")[0]))
            others = {own for own, pixels in ends if self._graph[own].owner_id != self._graph[pixels].owner_id}
            self._met -= others - set(targets)

    def check_filesets(self) -> None:
        """Raise GraphError where only some images of a fileset would be copied."""
        for image, fileset in self._graph.ends("Image.fileset", self._of("Image")):
            if self._is_copied(self._graph[fileset]):
                for _, other in self._graph.ends("Fileset.images", [fileset]):
                    if other not in self._met:
                        whole, one, two = (self._graph[key] for key in (fileset, image, other))
                        raise GraphError(f"within {whole} may not duplicate {one} without {two} also")

    def check_groups(self) -> None:
        """Raise GraphError for data of groups in which the caller may not make any."""
        caller = self._work.caller
        for key in sorted(self._met):
            if not caller.is_admin and self._graph[key].group_id not in caller.member_of:
                raise GraphError(f"not permitted to create {self._graph[key].java_text}")

    def copy(self) -> None:
        """Copy the rows."""
        self._copies = self._copier.copy(self._met, self._ignored, self._work.check)
        for root in {key.root for key in self._copies.values()}:
            ids = [key.id for key in self._copies.values() if key.root == root]
            readable(self._work, self._graph, self._work.model[root], ids)

    def after_commit(self) -> None:
        """Copy the bytes of files that are kept by their id."""
        self._copier.copy_files(self._work.backend.store.folder, self._copies)

    def response(self) -> Any:
        """Return the copies; of a dry run what would be copied."""
        keys = self._met if self.request.dryRun else self._copies.values()
        return omero.cmd.DuplicateResponse(duplicates=ids_by_class(self._graph, keys))
