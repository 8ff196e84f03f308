"""DiskUsage2: how much room the files of objects take, by owner, group and what refers to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import omero
import sqlalchemy as sa

from omero_desk.server.access.security import visible
from omero_desk.server.commands.command import Step, Work
from omero_desk.server.commands.finding import Reach, seen
from omero_desk.server.commands.graph import Graph, Key
from omero_desk.server.commands.graph_commands import GraphCommand
from omero_desk.server.commands.targets import DISK_USAGE
from omero_desk.server.database.rows import select_rows

_REFERRERS: Final = {
    "FileAnnotation.file": "FileAnnotation",
    "FilesetEntry.originalFile": "FilesetEntry",
    "Roi.source": "Roi",
}
_LINKS: Final = {"JobOriginalFileLink": ("child", "Job"), "PixelsOriginalFileMap": ("parent", "Pixels")}


class DiskUsage(GraphCommand):
    """OMERO's DiskUsage2I, for original files."""

    targets = DISK_USAGE

    def begin(self, work: Work) -> Sequence[Step]:
        """Return the steps."""
        self._work = work
        self._graph = Graph(work.backend.store.schema, work.connection)
        self._counts: dict[Any, dict[str, int]] = {}
        self._bytes: dict[Any, dict[str, int]] = {}
        self._total_count: dict[Any, int] = {}
        self._total_bytes: dict[Any, int] = {}
        return [self.find_targets, self.walk, self.attribute, self.sum_up]

    def find_targets(self) -> None:
        """Find the objects named, all of the classes named, and all that users and groups named have."""
        self._keys: list[Key] = []
        for key in self.read_targets(self._work, self._graph):
            if key.root == "Experimenter":
                self._keys.extend(self._files(owner_id=key.id))
            elif key.root == "ExperimenterGroup":
                self._keys.extend(self._files(group_id=key.id))
            else:
                self._keys.append(key)
        for name in self.request.targetClasses or ():
            self._keys.extend(self._all(self.target_class(self._work.model, name).name))
        self._graph.load(self._keys)

    def _files(self, **where: int) -> Iterable[Key]:
        table = self._graph.schema.table("OriginalFile")
        statement = sa.select(table.c.id).where(visible(table, self._work.caller, -1))
        statement = statement.where(*(table.c[name] == value for name, value in where.items()))
        return [Key("OriginalFile", row.id) for row in self._work.connection.execute(statement)]

    def _all(self, name: str) -> Iterable[Key]:
        if name in ("Experimenter", "ExperimenterGroup"):
            return self._files()
        table = self._graph.schema.table(name)
        statement = sa.select(table.c.id).where(visible(table, self._work.caller, -1))
        kind = self._graph.schema.is_class(table, name)
        if kind is not None:
            statement = statement.where(kind)
        root = self._work.model[name].root
        return [Key(root, row.id) for row in self._work.connection.execute(statement)]

    def walk(self) -> None:
        """Find the files below; an image has those of its whole fileset."""
        reach = Reach(self._graph, down=True, check=self._work.check)
        met = reach.from_(self._keys, {"OriginalFile", "Image"}, [])
        images = [key for key in met if key.root == "Image"]
        filesets = {fileset for _, fileset in self._graph.ends("Image.fileset", images)}
        met |= reach.from_(filesets, {"OriginalFile"}, [])
        files = [key for key in met if key.root == "OriginalFile"]
        self._file_keys = list(seen(self._work, self._graph, files))

    def attribute(self) -> None:
        """Find what refers to the files."""
        self._types: dict[Key, set[str]] = {key: set() for key in self._file_keys}
        for edge, kind in _REFERRERS.items():
            for file, _ in self._graph.users(edge, self._file_keys):
                self._types[file].add(kind)
        for name, (end, kind) in _LINKS.items():
            for link in self._graph.links(name, self._file_keys, of_parents=end == "parent"):
                self._types[link.parent if end == "parent" else link.child].add(kind)

    def sum_up(self) -> None:
        """Add the sizes."""
        table = self._graph.schema.table("OriginalFile")
        statement = sa.select(table.c.id, table.c.owner_id, table.c.group_id, table.c.size)
        ids = [key.id for key in self._file_keys]
        for row in select_rows(self._work.connection, statement, table.c.id, ids):
            if row.size:
                who = omero.api.LongPair(row.owner_id, row.group_id)
                self._total_count[who] = self._total_count.get(who, 0) + 1
                self._total_bytes[who] = self._total_bytes.get(who, 0) + row.size
                for kind in self._types[Key("OriginalFile", row.id)] or {"OriginalFile"}:
                    self._add(who, kind, row.size)

    def _add(self, who: Any, kind: str, size: int) -> None:
        for table, more in ((self._counts, 1), (self._bytes, size)):
            of_owner = table.setdefault(who, {})
            of_owner[kind] = of_owner.get(kind, 0) + more

    def response(self) -> Any:
        """Return the sums."""
        return omero.cmd.DiskUsage2Response(
            fileCountByReferer=self._counts,
            bytesUsedByReferer=self._bytes,
            totalFileCount=self._total_count,
            totalBytesUsed=self._total_bytes,
        )
