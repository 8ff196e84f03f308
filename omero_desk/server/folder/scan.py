"""One scan of a folder, from the walk through its files to the last row."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, repeat
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import select

from omero_desk.server.database.store import Store
from omero_desk.server.folder.comparison import Changes, compare, same_content
from omero_desk.server.folder.entering import Entering, place_of
from omero_desk.server.folder.following import note_gone, note_moved
from omero_desk.server.folder.ledger import Known, Ledger
from omero_desk.server.folder.own_rows import LibraryOwner
from omero_desk.server.folder.passed_over import sentence_of
from omero_desk.server.folder.reading import Read, ReadImageFile, read_seen
from omero_desk.server.folder.reading_ahead import read_ahead
from omero_desk.server.folder.revision import is_as_entered, is_read_anew, keep_revision
from omero_desk.server.folder.walk import Seen, Sight, look
from omero_desk.server.images.formats import readable_formats
from omero_desk.server.images.library import read_image_file

_FIRST_BATCH: Final = 8
_BATCH: Final = 50
_Item = TypeVar("_Item")

_PAUSE_S: Final = 0.002
"""Long enough for another writer to take its turn."""

Tell = Callable[[float, str], None]
"""Takes the share that is done, 0 to 1, and a text, whenever there are new rows."""


@dataclass(frozen=True)
class Subject:
    """The folder to be scanned, the library that it is entered into, and the owner of the images."""

    root: Path
    store: Store
    owner: LibraryOwner


class Scan:
    """Scans a folder once. `check` is called often and may raise to end the scan; what was entered stays."""

    def __init__(
        self,
        subject: Subject,
        tell: Tell,
        check: Callable[[], object],
        *,
        is_first: bool = False,
        read_file: ReadImageFile = read_image_file,
    ) -> None:
        self._subject = subject
        self._read_file = read_file
        self._store = subject.store
        self._tell = tell
        self._check = check
        self._is_first = is_first
        self._sight = Sight()
        self._retried: dict[str, Known] = {}

    def run(self) -> Sight:
        """Bring the library into line with the folder; returns what the folder holds. OSError without the folder."""
        self._sight = look(self._subject.root, self._store.folder, self._check)
        changes = self._compare()
        self._follow(changes)
        self._read(changes.unread)
        if self._is_first:
            with self._store.write() as connection:
                keep_revision(self._store.schema, connection)
        if changes or self._is_first:
            self._tell(1.0, self._summary())
        return self._sight

    def _compare(self) -> Changes:
        with self._store.read() as connection:
            ledger = Ledger(connection)
            files, folders = ledger.files(), ledger.folders()
        changes = compare(self._sight, files, folders, self._same_content)
        if self._is_first:
            self._retry(changes, files)
        return changes

    def _retry(self, changes: Changes, files: Mapping[str, Known]) -> None:
        """Try again what could not be read, and all files after those of readers that saw some of them otherwise."""
        with self._store.read() as connection:
            is_anew = is_read_anew(self._store.schema, connection)
        coming = {seen.path for seen in changes.unread}
        for path, seen in self._sight.files.items():
            if path in files and (is_anew or files[path].reason) and path not in coming:
                changes.unread.append(seen)
                self._retried[path] = files[path]

    def _same_content(self, one: Known, seen: Seen) -> bool:
        files, entries = (self._store.schema.table(name) for name in ("OriginalFile", "FilesetEntry"))
        path, name = place_of(one.path)
        known = (
            select(files.c.hash)
            .join(entries, entries.c.originalFile_id == files.c.id)
            .where(entries.c.fileset_id == one.fileset_id, files.c.path == path, files.c.name == name)
        )
        with self._store.read() as connection:
            sha1 = connection.scalar(known)
        self._check()
        return same_content(self._subject.root, sha1, seen)

    def _follow(self, changes: Changes) -> None:
        if changes.folders:
            with self._entering() as entering:
                for old, new in changes.folders:
                    entering.containers.move(old, new)
        for moves in _batches(changes.moved):
            with self._entering() as entering:
                note_moved(entering, moves)
        for files, missing in ((changes.gone, True), (changes.back, False)):
            for some in _batches(files):
                with self._entering() as entering:
                    note_gone(entering, some, missing=missing)

    def _read(self, unread: Sequence[Seen]) -> None:
        """Read files, and enter them in batches; the first is small, to show something soon."""
        claimed: set[str] = set()
        done = 0
        read = partial(read_seen, self._subject.root, read_file=self._read_file)
        coming = read_ahead(read, (seen for seen in unread if seen.path not in claimed), self._check)
        for batch in _in_batches(coming):
            new = [each for each in batch if _claim(each, claimed) and not self._is_as_known(each)]
            if new:
                self._enter(new)
            done += len(batch)
            self._tell_done(done, len(unread))

    def _tell_done(self, done: int, of: int) -> None:
        self._tell(min(done / of, 0.999), f"Reading images: {done:,} of {_counted(of, 'file')}")

    def _is_as_known(self, read: Read) -> bool:
        """Return whether a file that was tried again holds what was entered, or cannot be read for the known reason."""
        known = self._retried.get(read.seen.path)
        if known is None:
            return False
        if known.reason or read.file is None:
            return known.reason == read.reason
        with self._store.read() as connection:
            return is_as_entered(self._store.schema, connection, known.fileset_id, read.file)

    def _enter(self, batch: Sequence[Read]) -> None:
        with self._entering() as entering:
            entering.enter(batch)

    @contextmanager
    def _entering(self) -> Iterator[Entering]:
        """Open one small transaction; a pause after it lets others write."""
        self._check()
        with self._store.write() as connection:
            root_name = self._subject.root.name or str(self._subject.root)
            yield Entering(self._store.schema, connection, self._subject.owner, root_name, self._sight)
        time.sleep(_PAUSE_S)

    def _summary(self) -> str:
        with self._store.read() as connection:
            files = Ledger(connection).files().values()
        broken = [one for one in files if one.reason and not one.missing]
        missing = sum(one.missing for one in files)
        parts = [_counted(len(files) - missing, "file") if files else _no_images()]
        parts += [f"{len(broken):,} could not be read"] if broken else []
        parts += [f"{missing:,} missing"] if missing else []
        problems = len(self._sight.problems)
        parts += [f"{_counted(problems, 'place')} could not be looked at"] if problems else []
        told = ", ".join(parts)
        left = sentence_of(self._sight.passed_over)
        return f"{told}; {left}" if left else told


def _no_images() -> str:
    return f"No images in this folder: {readable_formats()} would be shown"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("s" if number != 1 else "")


def _claim(read: Read, claimed: set[str]) -> bool:
    """Return True for a file that no set read before includes, and note the files of its own set."""
    if read.seen.path in claimed:
        return False
    claimed.update(read.members)
    return True


def _in_batches(coming: Iterable[Read | None]) -> Iterator[Sequence[Read]]:
    """Put what comes into batches, the first a small one; None stands for a moment in which nothing comes."""
    sizes = chain((_FIRST_BATCH,), repeat(_BATCH))
    size, batch = next(sizes), list[Read]()
    for each in coming:
        if each is not None:
            batch.append(each)
        if batch and (each is None or len(batch) >= size):
            yield batch
            size, batch = next(sizes), []
    if batch:
        yield batch


def _batches(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))
