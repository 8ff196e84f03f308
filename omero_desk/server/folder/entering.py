"""Enters the images that were read from files, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import Final

from sqlalchemy import Connection, select

from omero_desk.server.database.schema import Schema
from omero_desk.server.files.repository import MANAGED_UUID
from omero_desk.server.filesets.image_rows import ImageRows, NewImage, image_name
from omero_desk.server.folder.containers import Containers
from omero_desk.server.folder.ledger import Known, Ledger
from omero_desk.server.folder.notes import put_notes
from omero_desk.server.folder.own_rows import LibraryOwner, OwnRows
from omero_desk.server.folder.plates import add_plate
from omero_desk.server.folder.reading import Read
from omero_desk.server.folder.walk import Seen, Sight
from omero_desk.server.images.formats import library_for, media_type
from omero_desk.server.images.ome_xml import WellPosition

_NAME_LENGTH: Final = 255


class Entering:
    """Enters files and their changes. `sight` is the present content of the folder."""

    def __init__(
        self, schema: Schema, connection: Connection, owner: LibraryOwner, root_name: str, sight: Sight
    ) -> None:
        self.rows = OwnRows(schema, connection, owner)
        self.ledger = Ledger(connection)
        self.containers = Containers(self.rows, self.ledger, root_name, sight.folders)
        self._images = ImageRows(schema, connection)
        self._sight = sight

    def enter(self, reads: Sequence[Read]) -> None:
        """Enter files; known ones keep their images with annotations, ROIs and settings."""
        known = self.ledger.at([member for read in reads for member in read.members])
        present = self.rows.existing("Fileset", {one.fileset_id for one in known.values()})
        fresh: list[Read] = []
        for read in reads:
            filesets = [known[member].fileset_id for member in read.members if member in known]
            mine = list(dict.fromkeys(each for each in filesets if each in present))
            if mine:
                self._enter_again(read, mine[0], mine[1:])
            else:
                fresh.append(read)
        if fresh:
            self._enter_fresh(fresh)

    def tell(self, filesets: Iterable[int]) -> None:
        """Set the notes of the images in filesets to what is wrong with their files now."""
        files = self.ledger.in_filesets(filesets)
        table, pixels = self.rows.schema.table("Image"), self.rows.schema.table("Pixels")
        wrong = {one.fileset_id: "" for one in files}
        for one in files:
            wrong[one.fileset_id] = wrong[one.fileset_id] or _trouble(one)
        images = (
            select(table.c.id, table.c.fileset_id, pixels.c.id.label("pixels_id"))
            .join(pixels, pixels.c.image_id == table.c.id, isouter=True)
            .where(table.c.fileset_id.in_(list(wrong)))
        )
        notes: dict[int, str] = {}
        for row in self.rows.connection.execute(images):
            left_out = "" if row.pixels_id is not None else "The file does not hold this image any more."
            notes[row.id] = wrong[row.fileset_id] or left_out
        put_notes(self.rows, notes)

    def _enter_fresh(self, reads: Sequence[Read]) -> None:
        filesets = self.rows.add("Fileset", [{"templatePrefix": place_of(read.seen.path)[0]} for read in reads])
        numbered = list(zip(reads, filesets, strict=True))
        self._add_entries([(fileset, 0, member, read) for read, fileset in numbered for member in read.members])
        new = [each for read, fileset in numbered for each in self._new_images(read, fileset)]
        ids = self._images.add_images([image for _, image in new])
        self._put_away([(read, image, image_id) for (read, image), image_id in zip(new, ids, strict=True)])
        broken = [(read, fileset) for read, fileset in numbered if read.file is None]
        self._enter_broken(broken)
        self._note(numbered)
        self.tell([fileset for _, fileset in broken])

    def _enter_broken(self, broken: Sequence[tuple[Read, int]]) -> None:
        """Enter an image without pixels for each file that could not be read."""
        rows = [
            {"name": clipped(place_of(read.seen.path)[1]), "series": 0, "fileset_id": fileset, "archived": False}
            for read, fileset in broken
        ]
        ids = self.rows.add("Image", rows)
        self._put_in_datasets([(read, image_id) for (read, _), image_id in zip(broken, ids, strict=True)])

    def _enter_again(self, read: Read, fileset: int, others: Sequence[int]) -> None:
        """Enter a file again into its fileset, with the files of others that turn out to belong to it."""
        self._give_up(others)
        entered = self._entered_names(fileset)
        fresh = [member for member in read.members if member not in entered]
        self._add_entries([(fileset, len(entered), member, read) for member in fresh])
        for member in entered.keys() & set(read.members):
            self.rows.change("OriginalFile", entered[member], **self._state(member, read))
        table = self.rows.schema.table("Image")
        there = select(table.c.series, table.c.id, table.c.name).where(table.c.fileset_id == fileset)
        images = {row.series: (row.id, row.name) for row in self.rows.connection.execute(there)}
        self._drop_pixels([image_id for image_id, _ in images.values()])
        self._fill(read, fileset, images)
        self._note([(read, fileset)])
        self.tell([fileset])

    def _fill(self, read: Read, fileset: int, images: Mapping[int, tuple[int, str]]) -> None:
        new = self._new_images(read, fileset)
        kept = [(image, *images[image.image.series]) for _, image in new if image.image.series in images]
        self._images.add_pixels([image for image, _, _ in kept], [image_id for _, image_id, _ in kept])
        for image, image_id, name in kept:
            plain = clipped(place_of(read.seen.path)[1])
            changed = {"name": image.name} if name == plain else {}
            self.rows.change("Image", image_id, acquisitionDate=image.image.metadata.acquired, **changed)
        more = [(owner, image) for owner, image in new if image.image.series not in images]
        ids = self._images.add_images([image for _, image in more])
        entered = [(owner, image, image_id) for (owner, image), image_id in zip(more, ids, strict=True)]
        self._put_away(entered + [(read, image, image_id) for image, image_id, _ in kept if image.image.metadata.well])

    def _new_images(self, read: Read, fileset: int) -> list[tuple[Read, NewImage]]:
        found = read.file.images if read.file is not None else ()
        file_name = place_of(read.seen.path)[1]
        names = (clipped(image_name(file_name, image, len(found))) for image in found)
        return [
            (read, NewImage(image, fileset, name, self.rows.details)) for image, name in zip(found, names, strict=True)
        ]

    def _put_away(self, images: Sequence[tuple[Read, NewImage, int]]) -> None:
        """Put images that are fields of a plate into it, and the others into the datasets of their folders."""
        fields: dict[int, list[tuple[WellPosition, int]]] = {}
        for _, image, image_id in images:
            if image.image.metadata.well is not None:
                fields.setdefault(image.fileset_id, []).append((image.image.metadata.well, image_id))
        for each in fields.values():
            add_plate(self.rows, each)
        self._put_in_datasets(
            [(read, image_id) for read, image, image_id in images if image.image.metadata.well is None]
        )

    def _put_in_datasets(self, images: Iterable[tuple[Read, int]]) -> None:
        """Put images into the datasets of their files' folders."""
        pairs = [(self.containers.dataset(folder_of(read.seen.path)), image_id) for read, image_id in images]
        self.rows.link("DatasetImageLink", pairs)

    def _add_entries(self, entries: Sequence[tuple[int, int, str, Read]]) -> None:
        """Enter original files: (fileset, how many it has, path, what was read)."""
        originals = self.rows.add("OriginalFile", [self._original(member, read) for _, _, member, read in entries])
        counts: dict[int, int] = {}
        rows = []
        for (fileset, before, member, _), original in zip(entries, originals, strict=True):
            position = counts[fileset] = counts.get(fileset, before - 1) + 1
            name = place_of(member)[1]
            row = {"fileset_id": fileset, "originalFile_id": original, "fileset_index": position}
            rows.append({**row, "clientPath": "import/" + name})
        self.rows.add("FilesetEntry", rows)

    def _original(self, member: str, read: Read) -> dict[str, object]:
        folder, name = place_of(member)
        return {
            "path": folder,
            "name": name,
            "repo": MANAGED_UUID,
            "mimetype": media_type(name),
            **self._state(member, read),
        }

    def _state(self, member: str, read: Read) -> dict[str, object]:
        seen = self._sight.files.get(member, read.seen)
        sha1 = read.file.sha1 if read.file is not None and member == read.seen.path else None
        hasher = self._hasher_id if sha1 else None
        return {"size": seen.size, "mtime": seen.modified // 1_000_000, "hash": sha1 or None, "hasher_id": hasher}

    @cached_property
    def _hasher_id(self) -> int | None:
        table = self.rows.schema.table("ChecksumAlgorithm")
        return self.rows.connection.scalar(select(table.c.id).where(table.c.value == "SHA1-160"))

    def _entered_names(self, fileset: int) -> dict[str, int]:
        """Return the ids of the original files of a fileset by their paths."""
        files, entries = self.rows.schema.table("OriginalFile"), self.rows.schema.table("FilesetEntry")
        found = (
            select(files.c.path, files.c.name, files.c.id)
            .join(entries, entries.c.originalFile_id == files.c.id)
            .where(entries.c.fileset_id == fileset)
        )
        return {(row.path + row.name).lstrip("/"): row.id for row in self.rows.connection.execute(found)}

    def _drop_pixels(self, image_ids: Sequence[int]) -> None:
        """Delete the pixels of images; the new ones get other ids, so that no cache returns the old ones."""
        pixels, channels = self.rows.schema.table("Pixels"), self.rows.schema.table("Channel")
        ids = list(self.rows.connection.execute(select(pixels.c.id).where(pixels.c.image_id.in_(image_ids))).scalars())
        parts = select(channels.c.logicalChannel_id, channels.c.statsInfo_id).where(channels.c.pixels_id.in_(ids))
        found = self.rows.connection.execute(parts).all()
        self.rows.uproot("Pixels", ids)
        self.rows.uproot("LogicalChannel", [row.logicalChannel_id for row in found])
        self.rows.uproot("StatsInfo", [row.statsInfo_id for row in found if row.statsInfo_id is not None])

    def _give_up(self, filesets: Sequence[int]) -> None:
        table, entries = self.rows.schema.table("Image"), self.rows.schema.table("FilesetEntry")
        images = select(table.c.id).where(table.c.fileset_id.in_(filesets))
        files = select(entries.c.originalFile_id).where(entries.c.fileset_id.in_(filesets))
        image_ids, file_ids = (list(self.rows.connection.execute(each).scalars()) for each in (images, files))
        self._drop_pixels(image_ids)
        put_notes(self.rows, dict.fromkeys(image_ids, ""))
        self.rows.uproot("Image", image_ids)
        self.rows.uproot("Fileset", list(filesets))
        self.rows.uproot("OriginalFile", file_ids)

    def _note(self, reads: Iterable[tuple[Read, int]]) -> None:
        self.ledger.put(
            Known(
                *(seen.path, seen.size, seen.modified, seen.inode, fileset, read.reason),
                measured=read.is_measured or member != read.seen.path,
            )
            for read, fileset in reads
            for member, seen in ((member, self._seen(member, read)) for member in read.members)
        )

    def _seen(self, member: str, read: Read) -> Seen:
        return self._sight.files.get(member) or replace(read.seen, path=member)


def clipped(name: str) -> str:
    """Return a name as long as OMERO takes it."""
    return name if len(name) <= _NAME_LENGTH else "…" + name[1 - _NAME_LENGTH :]


def place_of(path: str) -> tuple[str, str]:
    """Return a file's folder as original files have it, "a/b/", and its name."""
    place = PurePosixPath(path)
    return (f"{place.parent}/" if place.parent.name else "/"), place.name


def folder_of(path: str) -> str:
    """Return the folder of a file, "" for the root."""
    return path.rpartition("/")[0]


def _trouble(one: Known) -> str:
    if not one.missing:
        return one.reason
    library = library_for(PurePosixPath(one.path).suffix.lower())
    if library:
        return f"The file {one.path} cannot be read without {library}, which is not installed."
    return f"The file {one.path} is missing from the folder."
