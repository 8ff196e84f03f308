"""DiskUsage2: the number and the bytes of the files of objects, by owner, group and the class that refers to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import omero.cmd
import sqlalchemy as sa
from omero.api import LongPair

from omero_desk.server.commands.command import Step, Work
from omero_desk.server.commands.graph_commands import GraphCommand, select_visible
from omero_desk.server.commands.requests.finding import Reach, visible_keys
from omero_desk.server.commands.rules.graph import Key, StoredGraph
from omero_desk.server.commands.targets import DISK_USAGE
from omero_desk.server.database.rows import select_rows

_REFERRERS: Final = {
    "FileAnnotation.file": "FileAnnotation",
    "FilesetEntry.originalFile": "FilesetEntry",
    "Roi.source": "Roi",
}
"""The class that a file is attributed to, by the property that refers to the file."""

_LINKS: Final = {"JobOriginalFileLink": ("child", "Job"), "PixelsOriginalFileMap": ("parent", "Pixels")}
"""The end of a link that is the file, and the class that the file is attributed to, by the class of the link."""


class DiskUsage(GraphCommand[omero.cmd.DiskUsage2]):
    """OMERO's DiskUsage2I, for original files."""

    targets = DISK_USAGE

    @property
    def announced(self) -> int:
        """The number of steps."""
        return 5

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the steps."""
        self._work = work
        self._graph = StoredGraph(work.backend.store.schema, work.connection)
        self._counts: dict[LongPair, dict[str, int]] = {}
        self._bytes: dict[LongPair, dict[str, int]] = {}
        self._total_count: dict[LongPair, int] = {}
        self._total_bytes: dict[LongPair, int] = {}
        return [self.find_targets, self.walk, self.attribute, self.sum_up, self.finish]

    def find_targets(self) -> None:
        """Find the target objects, all objects of the target classes, and the files of target users and groups."""
        self._keys: list[Key] = []
        for key in self.read_targets(self._work, self._graph):
            if key.root == "Experimenter":
                self._keys.extend(self._files(owner_id=key.id))
            elif key.root == "ExperimenterGroup":
                self._keys.extend(self._files(group_id=key.id))
            else:
                self._keys.append(key)
        for name in self.request.targetClasses or ():
            for found in self.target_classes(self._work.model, name):
                self._keys.extend(self._all(found.name))
        self._graph.load(self._keys)

    def _files(self, **where: int) -> list[Key]:
        return self._visible("OriginalFile", **where)

    def _all(self, name: str) -> list[Key]:
        return self._files() if name in ("Experimenter", "ExperimenterGroup") else self._visible(name)

    def _visible(self, name: str, **where: int) -> list[Key]:
        """Return the objects of a class that the caller may see, with given values in columns."""
        found = self._work.model[name]
        statement, column = select_visible(self._work, found)
        statement = statement.where(*(column.table.c[each] == value for each, value in where.items()))
        return [Key(found.root, row.id) for row in self._work.connection.execute(statement)]

    def walk(self) -> None:
        """Find the files of the objects and of what is in them; an image has those of its whole fileset."""
        reach = Reach(self._graph, down=True, check=self._work.check)
        met = reach.from_(self._keys, {"OriginalFile", "Image"}, [])
        images = [key for key in met if key.root == "Image"]
        filesets = {fileset for _, fileset in self._graph.ends("Image.fileset", images)}
        met |= reach.from_(filesets, {"OriginalFile"}, [])
        files = [key for key in met if key.root == "OriginalFile"]
        self._file_keys = list(visible_keys(self._work, self._graph, files))

    def attribute(self) -> None:
        """Find the classes that the files are attributed to."""
        self._types: dict[Key, set[str]] = {key: set() for key in self._file_keys}
        for edge, kind in _REFERRERS.items():
            for file, _ in self._graph.users(edge, self._file_keys):
                self._types[file].add(kind)
        for name, (end, kind) in _LINKS.items():
            for link in self._graph.links(name, self._file_keys, of_parents=end == "parent"):
                self._types[link.parent if end == "parent" else link.child].add(kind)

    def sum_up(self) -> None:
        """Add up the numbers and the sizes of files, for each pair of owner and group."""
        table = self._graph.schema.table("OriginalFile")
        statement = sa.select(table.c.id, table.c.owner_id, table.c.group_id, table.c.size)
        ids = [key.id for key in self._file_keys]
        for row in select_rows(self._work.connection, statement, table.c.id, ids):
            if row.size:
                who = LongPair(row.owner_id, row.group_id)
                self._total_count[who] = self._total_count.get(who, 0) + 1
                self._total_bytes[who] = self._total_bytes.get(who, 0) + row.size
                for kind in self._types[Key("OriginalFile", row.id)] or {"OriginalFile"}:
                    self._add(who, kind, row.size)

    def finish(self) -> None:
        """Do nothing: OMERO sums up in a step of its own."""

    def _add(self, who: LongPair, kind: str, size: int) -> None:
        for table, more in ((self._counts, 1), (self._bytes, size)):
            of_owner = table.setdefault(who, {})
            of_owner[kind] = of_owner.get(kind, 0) + more

    def response(self) -> omero.cmd.DiskUsage2Response:
        """Return the sums."""
        return omero.cmd.DiskUsage2Response(
            fileCountByReferer=self._counts,
            bytesUsedByReferer=self._bytes,
            totalFileCount=self._total_count,
            totalBytesUsed=self._total_bytes,
        )
