"""One look at a folder, from the walk through its files to the last row."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
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
from omero_desk.server.folder.own_rows import Owner
from omero_desk.server.folder.reading import Read, read_seen
from omero_desk.server.folder.walk import Seen, Sight, look

_READERS: Final = 4
_FIRST_BATCH: Final = 8
_BATCH: Final = 50
_Item = TypeVar("_Item")

_NOTHING: Final = "No images in this folder: TIFF, OME-TIFF, PNG, JPEG and OME-Zarr would be shown"
_PAUSE_S: Final = 0.002
"""Long enough for another writer to take its turn."""

Tell = Callable[[float, str], None]
"""Takes the share that is done, 0 to 1, and of what: whenever there are new rows to see."""


@dataclass(frozen=True)
class Subject:
    """What is scanned: whose folder, and the library that it is entered into."""

    root: Path
    store: Store
    owner: Owner


class Scan:
    """Looks at a folder once. `check` is called all the time, and may raise to end it; what is entered stays."""

    def __init__(self, subject: Subject, tell: Tell, check: Callable[[], object], *, is_first: bool = False) -> None:
        self._subject = subject
        self._store = subject.store
        self._tell = tell
        self._check = check
        self._is_first = is_first
        self._sight = Sight()

    def run(self) -> Sight:
        """Bring the library into line with the folder; returns what the folder holds. OSError without the folder."""
        self._sight = look(self._subject.root, self._store.folder, self._check)
        changes = self._compare()
        self._follow(changes)
        self._read(changes.unread)
        if changes or self._is_first:
            self._tell(1.0, self._summary())
        return self._sight

    def _compare(self) -> Changes:
        with self._store.read() as connection:
            ledger = Ledger(connection)
            files, folders = ledger.files(), ledger.folders()
        return compare(self._sight, files, folders, self._same_content)

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
        """Read and enter files in turns: one thread that writes among others that read waits for each of its steps."""
        claimed: set[str] = set()
        read = partial(read_seen, self._subject.root)
        pool = ThreadPoolExecutor(_READERS, "folder reader")
        try:
            for done, some in _numbered(unread):
                self._check()
                self._enter([each for each in pool.map(read, some) if _claim(each, claimed)])
                self._tell(
                    min(done / len(unread), 0.999), f"Reading images: {done:,} of {_counted(len(unread), 'file')}"
                )
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _enter(self, batch: Sequence[Read]) -> None:
        with self._entering() as entering:
            entering.enter(batch)

    @contextmanager
    def _entering(self) -> Iterator[Entering]:
        """One small transaction, after which others have their turn."""
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
        parts = [_counted(len(files) - missing, "file") if files else _NOTHING]
        parts += [f"{len(broken):,} could not be read"] if broken else []
        parts += [f"{missing:,} missing"] if missing else []
        problems = len(self._sight.problems)
        parts += [f"{_counted(problems, 'place')} could not be looked at"] if problems else []
        return ", ".join(parts)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("s" if number != 1 else "")


def _claim(read: Read, claimed: set[str]) -> bool:
    """Whether a file is not one of a set that was read already; then its own set is."""
    if read.seen.path in claimed:
        return False
    claimed.update(read.members)
    return True


def _numbered(unread: Sequence[Seen]) -> Iterator[tuple[int, Sequence[Seen]]]:
    """Batches, and how many files are done with each: a small one first, for people to see something."""
    start = 0
    for size in chain((_FIRST_BATCH,), repeat(_BATCH)):
        if start >= len(unread):
            return
        some = unread[start : start + size]
        start += len(some)
        yield start, some


def _batches(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))
