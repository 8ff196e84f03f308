"""The filesets that would be split if some images were moved: IContainer.getImagesBySplitFilesets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeAlias

Rows: TypeAlias = Callable[[str, Iterable[int]], list[list[int]]]
"""Asks a projection with a parameter `ids` that is a list; no ids, no rows."""

_DOWN: Final = (
    ("Project", "Dataset", "select l.child.id from ProjectDatasetLink l where l.parent.id in (:ids)"),
    ("Dataset", "Image", "select l.child.id from DatasetImageLink l where l.parent.id in (:ids)"),
    ("Screen", "Plate", "select l.child.id from ScreenPlateLink l where l.parent.id in (:ids)"),
    ("Plate", "Well", "select w.id from Well w where w.plate.id in (:ids)"),
    ("Well", "Image", "select s.image.id from WellSample s where s.well.id in (:ids)"),
    ("Fileset", "Image", "select i.id from Image i where i.fileset.id in (:ids)"),
    ("Folder", "Image", "select l.child.id from FolderImageLink l where l.parent.id in (:ids)"),
)
_SUBFOLDERS: Final = "select f.id from Folder f where f.parentFolder.id in (:ids)"
_OF_FILESETS: Final = (
    "select i.fileset.id, i.id from Image i where i.fileset.id in "
    "(select j.fileset.id from Image j where j.id in (:ids)) order by i.id"
)


def split_filesets(included: Mapping[str, Sequence[int]], rows: Rows) -> dict[int, dict[bool, list[int]]]:
    """Return filesets with some images among what is included and others not: {True: those, False: the others}.

    `included` has ids by the plain name of their class; what is below them counts as included too, and of a
    fileset that is itself included nothing is split.
    """
    images = _images_below(included, rows)
    split: dict[int, dict[bool, list[int]]] = {}
    for fileset, image in rows(_OF_FILESETS, sorted(images)):
        if fileset not in included.get("Fileset", ()):
            split.setdefault(fileset, {True: [], False: []})[image in images].append(image)
    return {fileset: parts for fileset, parts in split.items() if parts[False]}


def _images_below(included: Mapping[str, Sequence[int]], rows: Rows) -> set[int]:
    known = {kind: set(ids) for kind, ids in included.items()}
    folders = known.get("Folder", set())
    further = folders
    while further:
        further = {row[0] for row in rows(_SUBFOLDERS, sorted(further))} - folders
        folders |= further
    for parent, child, hql in _DOWN:
        known.setdefault(child, set()).update(row[0] for row in rows(hql, sorted(known.get(parent, ()))))
    return known["Image"]
