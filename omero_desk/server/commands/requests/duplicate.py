"""Duplicate: copy objects and what is in them; the caller owns the copies."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

import omero.cmd

from omero_desk.server.access.caller import ALL_GROUPS
from omero_desk.server.commands.command import Step, Work
from omero_desk.server.commands.errors import CommandError, GraphError, InitError
from omero_desk.server.commands.graph_commands import Wrappable, readable
from omero_desk.server.commands.requests.finding import Reach, visible_keys
from omero_desk.server.commands.rules.graph import Key, StoredGraph, Thing
from omero_desk.server.commands.rules.options import ChildOptions, classes_of, is_kind
from omero_desk.server.commands.steps.copying import Copier
from omero_desk.server.commands.targets import DUPLICATE
from omero_desk.server.database.model import ModelClass
from omero_desk.server.saving.save import NO_CONTEXT

_SHARED: Final = ("Channel.logicalChannel", "Image.experiment")
"""Properties whose object is copied only if all objects that refer to it are."""

_DISPLAY: Final = ("RenderingDef.pixels", "Thumbnail.pixels")
"""Properties whose owner is copied only if it has the same owner as the object that it refers to."""

_BEFORE: Final = 3
"""The number of steps in which OMERO prepares the copies, which are made in one here."""

_AFTER: Final = 7
"""The number of steps in which OMERO links the copies and copies their files, which is done after the commit here."""


class Duplicate(Wrappable[omero.cmd.Duplicate]):
    """OMERO's DuplicateI; the copy of a file in the repository is another row for the same file on the disk.

    Unlike other commands it sees the group that it is submitted in alone. `typesToDuplicate` only says what is copied
    of classes that the other two lists are more general about: everything that the rules reach is copied by itself.
    """

    in_all_groups = False
    targets = DUPLICATE

    @property
    def writes(self) -> bool:
        """True unless the command is a dry run."""
        return not self.request.dryRun

    @property
    def announced(self) -> int:
        """The number of steps."""
        return 3 if self.request.dryRun else 4 + _BEFORE + _AFTER

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the steps.

        Raises CommandError "bad-class" for a name of no class, InitError for child options that say nothing.
        """
        self._work = work
        self.graph = self._graph = StoredGraph(work.backend.store.schema, work.connection)
        self._read_classes(work)
        ChildOptions(work.model, self.request.childOptions)
        self._met: set[Key] = set()
        self._copies: dict[Key, Key] = {}
        self._copier = Copier(self._graph, work.events(), work.caller)
        steps: list[Step] = [self.plan, self.check_filesets, self.check_groups]
        return (
            steps if self.request.dryRun else [*steps, *[_done_at_once] * _BEFORE, self.copy, *[_done_at_once] * _AFTER]
        )

    def _read_classes(self, work: Work) -> None:
        request = self.request
        try:
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
        except InitError as error:
            raise CommandError("bad-class", error.parameters["message"]) from None

    def plan(self) -> None:
        """Find the objects to copy."""
        self.plan_from(self.read_targets(self._work, self._graph))

    def planned(self) -> Collection[Key]:
        """Return the objects to copy."""
        return self._met

    def unasked(self) -> Collection[Key]:
        """Return nothing: to read is enough for a copy."""
        return ()

    def plan_from(self, targets: Iterable[Key]) -> None:
        """Find the objects to copy with some objects."""
        targets = set(targets)
        stop = [kind for kind, is_copied in self._kinds if not is_copied]
        self._reach = Reach(self._graph, down=True, check=self._work.check, ends_at=self.stop_before)
        self._everything = {found.root for found in self._work.model.values()}
        met = self._reach.from_(targets, self._everything, stop)
        self._met = {key for key in met if self._is_copied(self._graph[key])}
        self._add_filesets(stop)
        self._met = set(visible_keys(self._work, self._graph, self._met))
        self._leave_shared(targets)

    def _is_copied(self, thing: Thing) -> bool:
        """Return whether an object is copied: the most specific of the named classes that it is of decides."""
        model = self._work.model
        named = [(kind, copied) for kind, copied in self._kinds if is_kind(model, thing.found, kind)]
        return min(named, key=lambda each: self._breadth(each[0]))[1] if named else not thing.found.is_global

    def _breadth(self, kind: ModelClass | str) -> int:
        return len(self._work.model.subclasses_of(kind.name)) if isinstance(kind, ModelClass) else len(self._work.model)

    def _of(self, root: str) -> list[Key]:
        return [key for key in self._met if key.root == root]

    def _add_filesets(self, stop: Sequence[ModelClass | str]) -> None:
        """Add the filesets all of whose images are copied, with what is in them."""
        for _, fileset in self._graph.ends("Image.fileset", self._of("Image")):
            is_whole = all(image in self._met for _, image in self._graph.ends("Fileset.images", [fileset]))
            if is_whole and self._is_copied(self._graph[fileset]):
                below = self._reach.from_([fileset], self._everything, stop)
                self._met |= {key for key in below if self._is_copied(self._graph[key])}

    def _leave_shared(self, targets: Iterable[Key]) -> None:
        """Leave out objects that _SHARED and _DISPLAY exclude, unless they are targets."""
        for edge in _SHARED:
            root = self._graph.target_root(edge)
            users = self._graph.users(edge, self._of(root))
            self._met -= {shared for shared, user in users if user not in self._met} - set(targets)
        for edge in _DISPLAY:
            ends = self._graph.ends(edge, self._of(edge.partition(".")[0]))
            others = {own for own, pixels in ends if self._graph[own].owner_id != self._graph[pixels].owner_id}
            self._met -= others - set(targets)

    def check_filesets(self) -> None:
        """Raise GraphError if only some images of a fileset would be copied."""
        for image, fileset in self._graph.ends("Image.fileset", self._of("Image")):
            if self._is_copied(self._graph[fileset]):
                for _, other in self._graph.ends("Fileset.images", [fileset]):
                    if other not in self._met:
                        whole, one, two = (self._graph[key] for key in (fileset, image, other))
                        raise GraphError(f"within {whole} may not duplicate {one} without {two} also")

    def check_groups(self) -> None:
        """Raise GraphError for objects in a group that the caller is no member of, unless an administrator.

        Raises CommandError "graph-fail" in all groups at once, in which nothing can be made (CurrentDetails).
        """
        caller = self._work.caller
        if caller.group_id == ALL_GROUPS and not self.request.dryRun and self._met:
            raise CommandError("graph-fail", NO_CONTEXT)
        for key in sorted(self._met):
            if not caller.is_admin and self._graph[key].group_id not in caller.member_of:
                raise GraphError(f"not permitted to create {self._graph[key].java_text}")

    def copy(self) -> None:
        """Copy the rows."""
        self._copies = self._copier.copy(self._met, self._ignored, self._work.check)
        for root in {key.root for key in self._copies.values()}:
            ids = [key.id for key in self._copies.values() if key.root == root]
            readable(self._work, self._graph, [self._work.model[root]], ids)

    def after_commit(self) -> None:
        """Copy the files that are stored under the ids of their rows."""
        self._copier.copy_files(self._work.backend.store.folder, self._copies)

    def response(self) -> omero.cmd.DuplicateResponse:
        """Return the ids of the copies, or of the objects that a dry run would copy."""
        keys = self._met if self.request.dryRun else self._copies.values()
        return omero.cmd.DuplicateResponse(duplicates=self._graph.ids_by_class(sorted(keys)))


def _done_at_once() -> None:
    """Do nothing, in place of a step of OMERO's that is part of another here."""
