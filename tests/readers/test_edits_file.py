"""Every edit on disk and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from omero_desk.entities.edits import (
    AddComment,
    AddTag,
    AttachFile,
    DeleteAnnotation,
    Describe,
    Edit,
    EditAnnotation,
    KeptEdit,
    MoveTag,
    NameChannels,
    PutAnnotation,
    Rename,
    SetManyPairs,
    SetPairs,
    SetRating,
    TakeOff,
)
from omero_desk.entities.objects import AccountId, Kind, Ref
from omero_desk.gateway.lanes.worker import Worker
from omero_desk.readers.edits_file import EditsFile

REF = Ref(Kind.WELL, 7, 3)
REFS = (Ref(Kind.IMAGE, 1), Ref(Kind.IMAGE, 2))
PAIRS = (("stain", "DAPI"), ("stain", "<b>GFP</b>\n"), ("", ""))
HARD = "\u202e\N{MICROSCOPE} <i>\n\t" + "v" * 100_000
EDITS: tuple[Edit, ...] = (
    AddComment(REF, HARD),
    AddTag(REFS, HARD, "described"),
    AddTag(REFS, HARD, "described", 5),
    AttachFile(REFS, "/home/ada/\N{MICROSCOPE}.pdf", "notes.pdf", "application/pdf", "why"),
    DeleteAnnotation(REF, "Tag", 5, "control"),
    Describe(REF, "", HARD),
    EditAnnotation(REF, "Comment", 5, "new", "old", "new description", "old description"),
    MoveTag(REF, 5, HARD, (6,), (7, 8), "new set"),
    NameChannels(REFS, ("DAPI", ""), ("", "GFP")),
    PutAnnotation(REFS, "File", 5, "notes.pdf"),
    Rename(REF, "new", HARD),
    SetManyPairs(REFS, (5, None), (PAIRS, ()), ((), PAIRS), "a.namespace"),
    SetPairs(REF, 5, PAIRS, (), "a.namespace"),
    SetPairs(REF, None, (), PAIRS),
    SetRating(REFS, 0),
    TakeOff(REFS, "Long", 5, "3"),
)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[EditsFile]:
    disk = Worker("disk")
    yield EditsFile(tmp_path / "edits", disk)
    disk.close()
    assert disk.join(10)


def test_that_there_is_an_example_of_every_edit() -> None:
    assert {type(edit) for edit in EDITS} == set(get_args(Edit))


async def test_that_every_edit_survives_the_disk(file: EditsFile) -> None:
    account = AccountId("here", "database", 4)
    kept = [KeptEdit(edit, f"Object {n}", n % 2 == 0) for n, edit in enumerate(EDITS)]
    await file.keep(account, kept)
    assert list(await file.kept(account)) == kept
