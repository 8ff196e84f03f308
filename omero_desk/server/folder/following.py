"""Enters the changes of known files: renamed, gone, or back again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from omero_desk.server.folder.entering import Entering, clipped, folder_of, place_of
from omero_desk.server.folder.ledger import Known
from omero_desk.server.folder.own_rows import OwnRows
from omero_desk.server.folder.walk import Seen


def note_gone(entering: Entering, files: Sequence[Known], *, missing: bool) -> None:
    """Enter that files are missing or back, and set or clear the notes of their images."""
    entering.ledger.put(replace(one, missing=missing) for one in files)
    entering.tell({one.fileset_id for one in files})


def note_moved(entering: Entering, moves: Sequence[tuple[Known, Seen]]) -> None:
    """Rename images and change their datasets as their files moved; names that a user has changed stay."""
    entering.ledger.forget([one.path for one, _ in moves])
    entering.ledger.put(
        replace(one, path=seen.path, modified=seen.modified, inode=seen.inode, missing=False) for one, seen in moves
    )
    for one, seen in moves:
        _move_original(entering.rows, one, seen)
        _move_images(entering, one, seen)
    entering.tell({one.fileset_id for one, _ in moves})


def _move_original(rows: OwnRows, one: Known, seen: Seen) -> None:
    files, entries = rows.schema.table("OriginalFile"), rows.schema.table("FilesetEntry")
    path, name = place_of(one.path)
    found = (
        select(files.c.id)
        .join(entries, entries.c.originalFile_id == files.c.id)
        .where(entries.c.fileset_id == one.fileset_id, files.c.path == path, files.c.name == name)
    )
    new_path, new_name = place_of(seen.path)
    for file_id in rows.connection.execute(found).scalars().all():
        rows.change("OriginalFile", file_id, path=new_path, name=new_name, mtime=seen.modified // 1_000_000)


def _move_images(entering: Entering, one: Known, seen: Seen) -> None:
    rows = entering.rows
    table = rows.schema.table("Image")
    found = select(table.c.id, table.c.name).where(table.c.fileset_id == one.fileset_id)
    images = rows.connection.execute(found).all()
    old, new = place_of(one.path)[1], place_of(seen.path)[1]
    for row in images if old != new else ():
        rest = row.name.removeprefix(old)
        if row.name.startswith(old) and (not rest or rest.startswith(" [")):
            rows.change("Image", row.id, name=clipped(new + rest))
    if folder_of(one.path) != folder_of(seen.path):
        _change_dataset(entering, [row.id for row in images], one, seen)


def _change_dataset(entering: Entering, image_ids: list[int], one: Known, seen: Seen) -> None:
    old, new = entering.containers.known(folder_of(one.path)), entering.containers.dataset(folder_of(seen.path))
    if old is not None and old != new:
        links = entering.rows.schema.table("DatasetImageLink")
        mine = select(links.c.id).where(links.c.parent_id == old, links.c.child_id.in_(image_ids))
        entering.rows.uproot("DatasetImageLink", list(entering.rows.connection.execute(mine).scalars()))
    entering.rows.link("DatasetImageLink", [(new, image_id) for image_id in image_ids])
